//! Pretty printing.

use crate::scan::string_end;

/// Well-formed JSON with each member and element on a line of its own, two spaces per level; empty lists and
/// objects stay on one line (Go's `json.Indent`, what `?pretty` asks for). Works on the bytes, decodes nothing.
pub fn indent(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    let mut depth = 0_usize;
    let mut at = 0;
    let mut opened = false;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
            continue;
        }
        let closing = matches!(byte, b'}' | b']');
        if opened && !closing {
            depth += 1;
            new_line(&mut out, depth);
        }
        match byte {
            b'{' | b'[' | b':' => out.push(byte),
            b',' => {
                out.push(byte);
                new_line(&mut out, depth);
            }
            b'}' | b']' => {
                if !opened {
                    depth = depth.saturating_sub(1);
                    new_line(&mut out, depth);
                }
                out.push(byte);
            }
            b'"' => {
                let end = string_end(bytes, at);
                out.extend_from_slice(&bytes[at - 1..end]);
                at = end;
            }
            _ => out.push(byte),
        }
        if byte == b':' {
            out.push(b' ');
        }
        opened = matches!(byte, b'{' | b'[');
    }
    out
}

fn new_line(out: &mut Vec<u8>, depth: usize) {
    out.push(b'\n');
    out.resize(out.len() + depth * 2, b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indents_as_go_does() {
        for (compact, pretty) in [
            ("{}", "{}"),
            ("[]", "[]"),
            ("[{},[]]", "[\n  {},\n  []\n]"),
            (
                r#"{"a":{"b":[1,"{,\"}"]},"c":null}"#,
                "{\n  \"a\": {\n    \"b\": [\n      1,\n      \"{,\\\"}\"\n    ]\n  },\n  \"c\": null\n}",
            ),
            (" { \"a\" : [ ] } ", "{\n  \"a\": []\n}"),
        ] {
            assert_eq!(String::from_utf8_lossy(&indent(compact.as_bytes())), pretty);
        }
    }
}
