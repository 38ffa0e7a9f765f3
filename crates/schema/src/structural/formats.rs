//! The formats of texts, as the original's libraries understand them.

use meta::names;

use super::uri;

/// A format's name (without dashes) and check.
type Format = (&'static str, fn(&str) -> bool);

const FORMATS: &[Format] = &[
    ("bsonobjectid", |text| text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())),
    ("byte", is_base64),
    ("cidr", |text| names::parse_cidr(text).is_some()),
    ("creditcard", is_credit_card),
    ("date", is_date),
    ("datetime", is_date_time),
    ("duration", is_duration),
    ("email", is_email),
    ("hexcolor", is_hex_color),
    ("hostname", is_hostname),
    ("ipv4", |text| text.contains('.') && names::parse_ip(text).is_some()),
    ("ipv6", |text| text.contains(':') && names::parse_ip(text).is_some()),
    ("isbn", |text| is_isbn10(text) || is_isbn13(text)),
    ("isbn10", is_isbn10),
    ("isbn13", is_isbn13),
    ("k8slongname", |text| names::dns1123_subdomain(text).is_empty()),
    ("k8sshortname", |text| names::dns1123_label(text).is_empty()),
    ("mac", is_mac),
    ("password", |_| true),
    ("rgbcolor", is_rgb_color),
    ("ssn", is_social_security_number),
    ("uri", uri::is_request_uri),
    ("uuid", |text| is_uuid(text, None)),
    ("uuid3", |text| is_uuid(text, Some(b'3'))),
    ("uuid4", |text| is_uuid(text, Some(b'4'))),
    ("uuid5", |text| is_uuid(text, Some(b'5'))),
];

fn find(name: &str) -> Option<&'static Format> {
    let name = name.replace('-', "");
    FORMATS.iter().find(|format| format.0 == name)
}

/// Whether texts are checked against a format of this name.
pub fn is_known(name: &str) -> bool {
    find(name).is_some()
}

/// Whether `text` has the format; nothing for formats that are not checked.
pub(super) fn check(name: &str, text: &str) -> Option<bool> {
    if name.is_empty() {
        return None;
    }
    find(name).map(|format| (format.1)(text))
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    !text.is_empty()
        && text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn digits(text: &str, count: usize) -> Option<u32> {
    let all = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

fn is_date(text: &str) -> bool {
    // A date is what makes a time of day a time.
    digits(text.get(..4).unwrap_or(""), 4).is_some()
        && text.len() == 10
        && meta::Time::parse(&format!("{text}T00:00:00Z")).is_ok()
}

fn is_date_time(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some((date, time)) = lower.split_once('t') else { return false };
    let mut parts = time.splitn(3, ':');
    let (Some(hour), Some(minute), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let Some((second, zone)) = rest.split_at_checked(2) else { return false };
    let within = |text: &str, max: u32| digits(text, 2).is_some_and(|number| number <= max);
    is_date(date) && within(hour, 23) && within(minute, 59) && within(second, 59) && is_zone(zone)
}

/// What follows the seconds: a fraction, and the offset from UTC.
fn is_zone(text: &str) -> bool {
    let zone = match text.strip_prefix('.') {
        Some(fraction) => {
            let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if rest.len() == fraction.len() {
                return false;
            }
            rest
        }
        None => text,
    };
    let offset = |text: &str| {
        let parts = text.split_once(':');
        parts.is_some_and(|(hours, minutes)| digits(hours, 2).is_some() && digits(minutes, 2).is_some())
    };
    zone == "z" || zone.strip_prefix(['+', '-']).is_some_and(offset)
}

/// The units of durations in words; a longer word that begins with the last of its row is one too.
const UNITS: &[&[&str]] = &[
    &["ns", "nano"],
    &["us", "µs", "micro"],
    &["ms", "milli"],
    &["s", "sec"],
    &["m", "min"],
    &["h", "hr", "hour"],
    &["d", "day"],
    &["w", "wk", "week"],
];

/// Go's durations, or numbers with units anywhere in the text (`2 days`).
fn is_duration(text: &str) -> bool {
    if meta::Duration::parse(text).is_ok() {
        return true;
    }
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = rest[start..].trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_alphabetic() || c == 'µ')).unwrap_or(rest.len());
        let unit = rest[..end].to_lowercase();
        if UNITS.iter().any(|names| {
            names.contains(&unit.as_str()) || names.last().is_some_and(|last| unit.starts_with(last))
        }) {
            return true;
        }
        rest = &rest[end..];
    }
    false
}

/// An address as mail headers have it: `a@b`, or `A <a@b>`.
fn is_email(text: &str) -> bool {
    let address = match text.strip_suffix('>') {
        Some(text) => text.split_once('<').map_or("", |(_, address)| address),
        None => text,
    };
    let atom = |c: char| c.is_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let dotted = |text: &str| {
        !text.is_empty() && text.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
    };
    address.rsplit_once('@').is_some_and(|(local, domain)| {
        let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
        (dotted(local) || quoted) && dotted(domain)
    })
}

fn is_hex_color(text: &str) -> bool {
    let text = text.strip_prefix('#').unwrap_or(text);
    matches!(text.len(), 3 | 6) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_rgb_color(text: &str) -> bool {
    let Some(inside) = text.strip_prefix("rgb(").and_then(|text| text.strip_suffix(')')) else {
        return false;
    };
    let parts: Vec<&str> = inside.split(',').map(str::trim).collect();
    let component = |part: &&str| {
        let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        plain && (*part == "0" || !part.starts_with('0')) && part.parse::<u8>().is_ok()
    };
    parts.len() == 3 && parts.iter().all(component)
}

/// One label without dots, or several of which the last is of at least two letters.
fn is_hostname(text: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() && !c.is_numeric();
    let inner = |c: char| letter(c) || c.is_ascii_digit();
    let labels: Vec<&str> = text.split('.').collect();
    let good = match labels.as_slice() {
        [label] => {
            let rest = label.strip_prefix(inner).map(|rest| rest.strip_prefix('-').unwrap_or(rest));
            rest.is_some_and(|rest| rest.chars().all(inner) && rest.chars().count() <= 62)
        }
        [labels @ .., last] => {
            (2..=63).contains(&last.chars().count())
                && last.chars().all(letter)
                && labels.iter().all(|label| {
                    label.starts_with(inner)
                        && label.ends_with(inner)
                        && label.chars().all(|c| inner(c) || c == '-')
                })
        }
        [] => false,
    };
    good && text.len() <= 255 && labels.iter().all(|label| label.len() <= 63)
}

fn is_isbn10(text: &str) -> bool {
    let text: Vec<u8> = without_separators(text);
    let digit = |(index, byte): (usize, &u8)| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'X' if index == 9 => Some(10),
        _ => None,
    };
    let digits: Option<Vec<u32>> = text.iter().enumerate().map(digit).collect();
    digits.is_some_and(|digits| {
        digits.len() == 10
            && digits.iter().zip(1..).map(|(digit, place)| digit * place).sum::<u32>() % 11 == 0
    })
}

fn is_isbn13(text: &str) -> bool {
    let text: Vec<u8> = without_separators(text);
    let weighted =
        text.iter().zip([1, 3].into_iter().cycle()).map(|(byte, weight)| u32::from(byte - b'0') * weight);
    text.len() == 13 && text.iter().all(u8::is_ascii_digit) && weighted.sum::<u32>() % 10 == 0
}

fn without_separators(text: &str) -> Vec<u8> {
    text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-').collect()
}

fn is_mac(text: &str) -> bool {
    let separated = |separator: char, size: usize, counts: &[usize]| {
        let parts: Vec<&str> = text.split(separator).collect();
        let hexadecimal =
            |part: &&str| part.len() == size && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        counts.contains(&parts.len()) && parts.iter().all(hexadecimal)
    };
    separated(':', 2, &[6, 8, 20]) || separated('-', 2, &[6, 8, 20]) || separated('.', 4, &[3, 4, 10])
}

fn is_social_security_number(text: &str) -> bool {
    let all = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b' '));
    let separator = |c: char| c == '-' || c == ' ';
    let take = |text: &str, count: usize| -> Option<String> {
        digits(text.get(..count)?, count)?;
        Some(text[count..].to_owned())
    };
    let parts = || {
        let rest = take(text, 3)?;
        let rest = take(rest.strip_prefix(separator).unwrap_or(&rest), 2)?;
        take(rest.strip_prefix(separator).unwrap_or(&rest), 4)
    };
    all && parts().is_some_and(|rest| rest.is_empty())
}

/// Known issuers' numbers with a right check digit (ISO/IEC 7812).
fn is_credit_card(text: &str) -> bool {
    let number: Vec<u32> =
        text.bytes().filter(u8::is_ascii_digit).map(|byte| u32::from(byte - b'0')).collect();
    let prefix = |count: usize| number.iter().take(count).fold(0, |sum, digit| sum * 10 + digit);
    let issued = match number.len() {
        13 => prefix(1) == 4,
        14 => matches!(prefix(3), 300..=305 | 360..=369 | 380..=389),
        15 => matches!(prefix(2), 34 | 37) || matches!(prefix(4), 2131 | 1800),
        16 => {
            prefix(1) == 4
                || matches!(prefix(2), 51..=55 | 35 | 62 | 65 | 67)
                || prefix(4) == 6011
                || (2221..=2720).contains(&prefix(4))
        }
        _ => false,
    };
    let doubled = |(index, digit): (usize, &u32)| match (index % 2, digit * 2) {
        (0, _) => *digit,
        (_, double) if double > 9 => double - 9,
        (_, double) => double,
    };
    issued && number.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// A UUID, dashes optional; of a version (RFC 9562), which from 4 on also has a variant.
fn is_uuid(text: &str, version: Option<u8>) -> bool {
    let mut hexadecimal = Vec::with_capacity(32);
    for byte in text.bytes() {
        match byte {
            b'-' if matches!(hexadecimal.len(), 8 | 12 | 16 | 20) => {}
            byte if byte.is_ascii_hexdigit() => hexadecimal.push(byte.to_ascii_lowercase()),
            _ => return false,
        }
    }
    let variant = || matches!(hexadecimal[16], b'8' | b'9' | b'a' | b'b');
    hexadecimal.len() == 32
        && !text.contains("--")
        && version.is_none_or(|version| hexadecimal[12] == version && (version == b'3' || variant()))
}
