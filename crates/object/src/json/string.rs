//! Strings: finding their end eight bytes at a time, and undoing escapes.

use std::borrow::Cow;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// A word whose byte at each position with zero in `word` has its high bit set; bytes behind the first such one
/// may be wrong.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

/// The index, at or after `at`, of the first quote, backslash or control byte; the length of `bytes` if none.
#[inline]
pub(super) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found =
            zero_bytes(word ^ (ONES * b'"' as u64)) | zero_bytes(word ^ (ONES * b'\\' as u64)) | control;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// The text of a string's inside (what stands between its quotes) with escapes undone, as Go has it: half a
/// surrogate pair becomes U+FFFD. Nothing if an escape is malformed.
pub(crate) fn unescape(inside: &str) -> Option<Cow<'_, str>> {
    let Some(first) = inside.find('\\') else { return Some(Cow::Borrowed(inside)) };
    let mut out = String::with_capacity(inside.len());
    out.push_str(&inside[..first]);
    let mut rest = &inside[first..];
    while let Some(escaped) = rest.strip_prefix('\\') {
        let (c, after) = escape(escaped)?;
        out.push(c);
        let plain = after.find('\\').unwrap_or(after.len());
        out.push_str(&after[..plain]);
        rest = &after[plain..];
    }
    Some(Cow::Owned(out))
}

/// The character that an escape means, and what follows it. `text` starts behind the backslash.
fn escape(text: &str) -> Option<(char, &str)> {
    let kind = *text.as_bytes().first()?;
    let c = match kind {
        b'"' | b'\\' | b'/' => char::from(kind),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((c, &text[1..]))
}

/// The character of a `uXXXX`, with its second half if that follows.
fn unicode(text: &str) -> Option<(char, &str)> {
    let unit = hex(text)?;
    let rest = &text[5..];
    if let Some(c) = char::from_u32(unit) {
        return Some((c, rest));
    }
    let pair = rest.strip_prefix('\\').filter(|second| second.starts_with('u')).and_then(hex);
    match pair {
        Some(low @ 0xdc00..=0xdfff) if unit < 0xdc00 => {
            let c = char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?;
            Some((c, &rest[6..]))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, rest)),
    }
}

/// The four hexadecimal digits behind the `u` that `text` starts with.
fn hex(text: &str) -> Option<u32> {
    let digits = text.as_bytes().get(1..5)?;
    digits.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
}

/// `bytes` as text, every byte that is not part of valid UTF-8 replaced by U+FFFD (Go replaces each one, unlike
/// `String::from_utf8_lossy`).
pub(crate) fn replace_invalid(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_end_finds_the_first_special_byte() {
        for special in [b'"', b'\\', 0, 0x1f] {
            for length in 0..40 {
                let mut bytes = vec![b'a'; length];
                bytes.extend("é界\u{80}".as_bytes());
                let end = bytes.len();
                assert_eq!(plain_end(&bytes, 0), end);
                bytes.extend([special, b'x', b'"', b'x', b'x', b'x', b'x', b'x']);
                assert_eq!(plain_end(&bytes, 0), end, "{length} {special}");
            }
        }
    }

    #[test]
    fn escapes_are_undone_as_go_does() {
        for (inside, text) in [
            (r#"plain"#, Some("plain")),
            (r#"\"\\\/\b\f\n\r\t"#, Some("\"\\/\u{8}\u{c}\n\r\t")),
            (r"a\u0041b", Some("aAb")),
            (r"\ud83d\ude00", Some("😀")),
            (r"\ud83d", Some("\u{fffd}")),
            (r"\ud83dx", Some("\u{fffd}x")),
            (r"\ud83d\n", Some("\u{fffd}\n")),
            (r"\ud83dA", Some("\u{fffd}A")),
            (r"\ud83d\ud83d\ude00", Some("\u{fffd}😀")),
            (r"\ude00\ud83d", Some("\u{fffd}\u{fffd}")),
            (r"\x", None),
            (r"\u12", None),
            (r"\u12g4", None),
            (r"\u12é", None),
        ] {
            assert_eq!(unescape(inside).as_deref(), text, "{inside}");
        }
    }

    #[test]
    fn every_invalid_byte_is_replaced() {
        assert_eq!(replace_invalid(b"a\xe7\x95b\xff"), "a\u{fffd}\u{fffd}b\u{fffd}");
    }
}
