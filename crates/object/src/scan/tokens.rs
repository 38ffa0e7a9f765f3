//! The tokens of a document, one after the other.

use super::skip;

/// A token of a document, with where it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// `{` or `[`; the flag tells which: true for an object.
    Open(bool, usize),
    /// `}` or `]`.
    Close(usize),
    /// A member's key, from its opening quote to behind its closing one.
    Key(usize, usize),
    /// A string, number, boolean or null, from its first byte to behind its last.
    Scalar(usize, usize),
}

/// The tokens of well-formed JSON in document order. Commas, colons and white space are not among them.
#[derive(Clone, Debug)]
pub struct Tokens<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Tokens<'b> {
    /// The tokens of `bytes`.
    pub fn new(bytes: &'b [u8]) -> Tokens<'b> {
        Tokens { bytes, at: 0 }
    }

    fn space(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while let Some(b',' | b':') = self.space() {
            self.at += 1;
        }
        let start = self.at;
        match *self.bytes.get(start)? {
            bracket @ (b'{' | b'[') => {
                self.at += 1;
                Some(Token::Open(bracket == b'{', start))
            }
            b'}' | b']' => {
                self.at += 1;
                Some(Token::Close(start))
            }
            _ => {
                self.at = skip(self.bytes, start).max(start + 1);
                let end = self.at;
                Some(if self.space() == Some(b':') {
                    Token::Key(start, end)
                } else {
                    Token::Scalar(start, end)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_in_order() {
        let bytes = br#" {"a" : [1, "b"],"c":{} } "#;
        let tokens: Vec<Token> = Tokens::new(bytes).collect();
        let expected = [
            Token::Open(true, 1),
            Token::Key(2, 5),
            Token::Open(false, 8),
            Token::Scalar(9, 10),
            Token::Scalar(12, 15),
            Token::Close(15),
            Token::Key(17, 20),
            Token::Open(true, 21),
            Token::Close(22),
            Token::Close(24),
        ];
        assert_eq!(tokens, expected);
    }
}
