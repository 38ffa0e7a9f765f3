//! Go's syntax check, for the text of its errors. Slow and simple; well-formed bodies do not come here.

use super::MAX_DEPTH;
use crate::ParseError;

/// Whether `bytes` are one JSON document.
///
/// # Errors
/// The first byte that is not, with the message of Go's `encoding/json`.
pub(crate) fn check(bytes: &[u8]) -> Result<(), ParseError> {
    let mut checker = Checker { bytes, at: 0, open: Vec::new() };
    checker.document()
}

struct Checker<'b> {
    bytes: &'b [u8],
    at: usize,
    /// The closing bytes of what is open.
    open: Vec<u8>,
}

impl Checker<'_> {
    fn document(&mut self) -> Result<(), ParseError> {
        let mut empty_allowed = false;
        loop {
            let closed = empty_allowed && self.space() == self.open.last().copied();
            if !closed {
                if self.open.last() == Some(&b'}') {
                    self.key()?;
                }
                if self.value()? {
                    empty_allowed = true;
                    continue;
                }
            }
            if self.finish()? {
                return Ok(());
            }
            empty_allowed = false;
        }
    }

    /// Goes past closing brackets to the next comma; true at the end of the document.
    fn finish(&mut self) -> Result<bool, ParseError> {
        loop {
            let Some(&closing) = self.open.last() else {
                return if self.space().is_none() { Ok(true) } else { self.fail("after top-level value") };
            };
            match self.space() {
                Some(b',') => {
                    self.at += 1;
                    return Ok(false);
                }
                Some(byte) if byte == closing => {
                    self.at += 1;
                    self.open.pop();
                }
                _ if closing == b']' => return self.fail("after array element"),
                _ => return self.fail("after object key:value pair"),
            }
        }
    }

    fn key(&mut self) -> Result<(), ParseError> {
        if self.space() != Some(b'"') {
            return self.fail("looking for beginning of object key string");
        }
        self.string()?;
        if self.space() != Some(b':') {
            return self.fail("after object key");
        }
        self.at += 1;
        Ok(())
    }

    /// Reads a scalar, or opens a list or object (true).
    fn value(&mut self) -> Result<bool, ParseError> {
        match self.space() {
            Some(b'{') => return self.opened(b'}'),
            Some(b'[') => return self.opened(b']'),
            Some(b'"') => self.string()?,
            Some(b't') => self.word("true")?,
            Some(b'f') => self.word("false")?,
            Some(b'n') => self.word("null")?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return self.fail("looking for beginning of value"),
        }
        Ok(false)
    }

    fn opened(&mut self, closing: u8) -> Result<bool, ParseError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(ParseError::new("exceeded max depth", self.at));
        }
        self.at += 1;
        self.open.push(closing);
        Ok(true)
    }

    fn string(&mut self) -> Result<(), ParseError> {
        self.at += 1;
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) | None => return self.fail("in string literal"),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), ParseError> {
        self.at += 1;
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.byte().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return self.fail("in \\u hexadecimal character escape");
                    }
                    self.at += 1;
                }
            }
            _ => return self.fail("in string escape code"),
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), ParseError> {
        for expected in word.bytes() {
            if self.byte() != Some(expected) {
                let expected = char::from(expected);
                return self.fail(&format!("in literal {word} (expecting '{expected}')"));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), ParseError> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        if self.byte() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn digits(&mut self, context: &str) -> Result<(), ParseError> {
        if !self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fail(context);
        }
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space and returns what follows.
    fn space(&mut self) -> Option<u8> {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
        self.byte()
    }

    fn fail<T>(&self, context: &str) -> Result<T, ParseError> {
        let message = match self.byte() {
            None => "unexpected end of JSON input".to_owned(),
            Some(byte) => format!("invalid character {} {context}", quoted(byte)),
        };
        Err(ParseError::new(message, self.at))
    }
}

/// A byte as Go's messages quote it: taken for the character of that number, in single quotes.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        byte => {
            let text = status::go_quote(char::from(byte).encode_utf8(&mut [0; 2]));
            format!("'{}'", text.trim_matches('"'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documents and the message Go has for them.
    const ERRORS: &[(&[u8], &str)] = &[
        (b"", "unexpected end of JSON input"),
        (b" \n", "unexpected end of JSON input"),
        (b"{", "unexpected end of JSON input"),
        (b"{\"a\"", "unexpected end of JSON input"),
        (b"[1,", "unexpected end of JSON input"),
        (b"\"a", "unexpected end of JSON input"),
        (b"\"\\", "unexpected end of JSON input"),
        (b"\"\\u12", "unexpected end of JSON input"),
        (b"-", "unexpected end of JSON input"),
        (b"tru", "unexpected end of JSON input"),
        (b"x", "invalid character 'x' looking for beginning of value"),
        (b"]", "invalid character ']' looking for beginning of value"),
        (b"'a'", r"invalid character '\'' looking for beginning of value"),
        (b"\xef\xbb\xbf{}", "invalid character '\u{ef}' looking for beginning of value"),
        (b"\x00", r"invalid character '\x00' looking for beginning of value"),
        (b"\\", r"invalid character '\\' looking for beginning of value"),
        (b"{,}", "invalid character ',' looking for beginning of object key string"),
        (b"{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
        (b"{1:2}", "invalid character '1' looking for beginning of object key string"),
        (b"{\"a\"}", "invalid character '}' after object key"),
        (b"{\"a\":}", "invalid character '}' looking for beginning of value"),
        (b"{\"a\":1\"b\":2}", "invalid character '\"' after object key:value pair"),
        (b"{\"a\":01}", "invalid character '1' after object key:value pair"),
        (b"{\"a\":1]", "invalid character ']' after object key:value pair"),
        (b"[1,]", "invalid character ']' looking for beginning of value"),
        (b"[1 2]", "invalid character '2' after array element"),
        (b"[1}", "invalid character '}' after array element"),
        (b"{} x", "invalid character 'x' after top-level value"),
        (b"01", "invalid character '1' after top-level value"),
        (b"nope", "invalid character 'o' in literal null (expecting 'u')"),
        (b"trUe", "invalid character 'U' in literal true (expecting 'u')"),
        (b"[falsy]", "invalid character 'y' in literal false (expecting 'e')"),
        (b"\"a\nb\"", r"invalid character '\n' in string literal"),
        (b"\"\\x\"", "invalid character 'x' in string escape code"),
        (b"\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape"),
        (b"[- 1]", "invalid character ' ' in numeric literal"),
        (b"[1.}", "invalid character '}' after decimal point in numeric literal"),
        (b"[1e}", "invalid character '}' in exponent of numeric literal"),
        (b"[1e+}", "invalid character '}' in exponent of numeric literal"),
    ];

    #[test]
    fn errors_have_go_s_words() {
        for (bytes, message) in ERRORS {
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(check(bytes).map_err(|error| error.message), Err((*message).to_owned()), "{shown}");
            assert_eq!(super::super::parse(bytes).map_err(|error| error.message), Err((*message).to_owned()));
        }
    }

    #[test]
    fn depth_is_limited() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |depth: usize| {
                let inner = if open == "[" { "" } else { "1" };
                format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
            };
            assert_eq!(check(nested(MAX_DEPTH).as_bytes()), Ok(()));
            let error = check(nested(MAX_DEPTH + 1).as_bytes()).unwrap_err();
            assert_eq!(error.message, "exceeded max depth");
        }
    }

    #[test]
    fn well_formed_documents_pass() {
        for text in
            ["{}", " [ ] ", "[[],{}]", r#"{"a":{"b":[1,{"c":null}]},"d":"\u0041\n"}"#, "-0.5E-3", "\"\x7f\""]
        {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }
}
