//! The values of string and bytes literals.

/// The value of the literal `text`, quotes and an `r` before them included. In bytes, numeric escapes are bytes;
/// in strings, code points.
pub(super) fn unescape(text: &str, bytes: bool) -> Result<Vec<u8>, &'static str> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (raw, text) = match text.strip_prefix(['r', 'R']) {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let inner = ["\"\"\"", "'''", "\"", "'"]
        .iter()
        .find_map(|quote| {
            let long_enough = text.len() >= 2 * quote.len();
            long_enough.then(|| text.strip_prefix(quote)?.strip_suffix(quote)).flatten()
        })
        .ok_or("unable to unescape string")?;
    if raw || !inner.contains('\\') {
        return Ok(inner.as_bytes().to_vec());
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        out.extend_from_slice(before.as_bytes());
        rest = escape(after, bytes, &mut out)?;
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

/// Appends the value of the escape after a backslash; returns what follows it.
fn escape<'t>(text: &'t str, bytes: bool, out: &mut Vec<u8>) -> Result<&'t str, &'static str> {
    const BAD: &str = "unable to unescape string";
    let first = text.chars().next().ok_or("unable to unescape string, found '\\' as last character")?;
    let simple = match first {
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0c,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0b,
        '\\' | '\'' | '"' | '`' | '?' => first as u8,
        'x' | 'X' => return number(&text[1..], 2, 16, bytes, out, BAD),
        'u' if !bytes => return number(&text[1..], 4, 16, bytes, out, BAD),
        'U' if !bytes => return number(&text[1..], 8, 16, bytes, out, BAD),
        '0'..='3' => return number(text, 3, 8, bytes, out, "unable to unescape octal sequence in string"),
        _ => return Err(BAD),
    };
    out.push(simple);
    Ok(&text[1..])
}

fn number<'t>(
    text: &'t str,
    digits: usize,
    radix: u32,
    bytes: bool,
    out: &mut Vec<u8>,
    bad: &'static str,
) -> Result<&'t str, &'static str> {
    let part = text.get(..digits).filter(|part| part.chars().all(|c| c.is_digit(radix))).ok_or(bad)?;
    let value = u32::from_str_radix(part, radix).map_err(|_| bad)?;
    if bytes {
        out.push(value as u8);
    } else {
        let c = char::from_u32(value).ok_or("invalid unicode code point")?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(&text[digits..])
}
