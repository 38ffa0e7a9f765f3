//! Jumping over a value.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Where the value ends that starts at `start` (no white space before it); the length of `bytes` if it does not end.
pub fn skip(bytes: &[u8], start: usize) -> usize {
    match bytes.get(start) {
        Some(b'"') => string_end(bytes, start + 1),
        Some(b'{' | b'[') => container_end(bytes, start + 1),
        Some(_) => {
            let rest = &bytes[start..];
            let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':' | b' ' | b'\n' | b'\t' | b'\r');
            start + rest.iter().position(ends).unwrap_or(rest.len())
        }
        None => bytes.len(),
    }
}

/// Where the string ends whose inside starts at `at`, its closing quote included.
#[inline]
pub(crate) fn string_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = quote_or_backslash(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            Some(_) => at = (at + 2).min(bytes.len()),
            None => return at,
        }
    }
}

/// The index of the first quote or backslash at or after `at`.
#[inline]
fn quote_or_backslash(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * b'"' as u64);
        let slash = word ^ (ONES * b'\\' as u64);
        let found = ((quote.wrapping_sub(ONES) & !quote) | (slash.wrapping_sub(ONES) & !slash)) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
}

/// Where the list or object ends whose inside starts at `at`. Only brackets and strings are looked at.
fn container_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 1_usize;
    loop {
        at = structural(bytes, at);
        match bytes.get(at) {
            Some(b'"') => at = string_end(bytes, at + 1),
            Some(b'{' | b'[') => {
                depth += 1;
                at += 1;
            }
            Some(b'}' | b']') => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            Some(_) => at += 1,
            None => return at,
        }
    }
}

/// The index of the first byte, at or after `at` and outside of strings, that is a quote or a bracket.
///
/// With the bits of 0x26 set, each of the four brackets is 0x7f, and nothing else that may stand there is.
#[inline]
fn structural(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * b'"' as u64);
        let bracket = (word | (ONES * 0x26)) ^ (ONES * 0x7f);
        let found = ((quote.wrapping_sub(ONES) & !quote) | (bracket.wrapping_sub(ONES) & !bracket)) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_found() {
        for value in [
            "1",
            "-1.5e+3",
            "true",
            "null",
            r#""""#,
            r#""a\"]}\\""#,
            "[]",
            "{}",
            r#"{"a":[1,{"b":"]}\\\""},[[]]],"long long long long key":"long long long long value"}"#,
        ] {
            for after in ["", ",", "}", "]", " ", "\n"] {
                let text = format!("{value}{after}");
                assert_eq!(skip(text.as_bytes(), 0), value.len(), "{text}");
            }
        }
    }

    #[test]
    fn what_does_not_end_ends_with_the_bytes() {
        for text in ["", "\"a", "\"\\", "[", "{\"a", "[\"\\", "[[]"] {
            assert_eq!(skip(text.as_bytes(), 0), text.len(), "{text}");
        }
    }
}
