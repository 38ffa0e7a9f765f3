//! PEM blocks (RFC 7468, as Go's encoding/pem reads them).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// A block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// What it holds, such as `CERTIFICATE`.
    pub(crate) kind: String,
    /// Whether it has headers.
    pub(crate) has_headers: bool,
    /// What it holds, decoded.
    pub(crate) bytes: Vec<u8>,
}

/// The first well-formed block, and the text after it. What stands before a block is passed over.
pub(crate) fn decode(text: &str) -> Option<(Block, &str)> {
    let mut rest = text;
    loop {
        let at = begin(rest)?;
        rest = &rest[at + BEGIN.len()..];
        let Some((first_line, body)) = rest.split_once('\n') else { continue };
        let Some(kind) = first_line.trim_end().strip_suffix(DASHES) else { continue };
        let end = format!("{END}{kind}{DASHES}");
        let Some(stop) = body.find(&end) else { continue };
        let (has_headers, encoded) = without_headers(&body[..stop]);
        let encoded: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        if let Ok(bytes) = STANDARD.decode(encoded) {
            return Some((Block { kind: kind.to_owned(), has_headers, bytes }, &body[stop + end.len()..]));
        }
    }
}

/// Where a block begins: at the beginning of a line.
fn begin(text: &str) -> Option<usize> {
    text.match_indices(BEGIN)
        .map(|(at, _)| at)
        .find(|at| *at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n'))
}

/// Whether a body begins with headers, and what follows them.
fn without_headers(body: &str) -> (bool, &str) {
    let mut rest = body;
    let mut found = false;
    while let Some((line, after)) = rest.split_once('\n') {
        if !line.contains(':') {
            break;
        }
        found = true;
        rest = after;
    }
    (found, rest)
}

/// Whether `bytes` are one DER SEQUENCE and nothing else, as certificates and requests are.
pub(crate) fn is_sequence(bytes: &[u8]) -> bool {
    let [0x30, first, rest @ ..] = bytes else { return false };
    match first {
        _ if *first < 0x80 => rest.len() == usize::from(*first),
        0x81..=0x84 => {
            let (length, content) = rest.split_at_checked(usize::from(first & 0x7f)).unwrap_or((&[], &[]));
            let declared = length.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
            !length.is_empty() && content.len() == declared
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found() {
        let block = "-----BEGIN X-----\naGk=\n-----END X-----\n";
        let cases = [
            (block.to_owned(), Some((false, "hi"))),
            (format!("junk\n{block}"), Some((false, "hi"))),
            (format!("junk{block}"), None),
            (block.replace("aGk=", "A: b\n\naGk="), Some((true, "hi"))),
            (block.replace("aGk=", "?"), None),
            (block.replace("END X", "END Y"), None),
            (String::new(), None),
        ];
        for (text, expected) in cases {
            let found = decode(&text)
                .map(|(block, _)| (block.has_headers, String::from_utf8_lossy(&block.bytes).into_owned()));
            let expected = expected.map(|(headers, text)| (headers, text.to_owned()));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn sequences_have_the_length_they_say() {
        for (bytes, good) in [
            (&[0x30, 1, 5][..], true),
            (&[0x30, 0x81, 1, 5], true),
            (&[0x30, 2, 5], false),
            (&[0x31, 1, 5], false),
            (&[0x30, 0x84, 1], false),
            (&[], false),
        ] {
            assert_eq!(is_sequence(bytes), good, "{bytes:?}");
        }
    }
}
