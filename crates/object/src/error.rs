//! Why bytes could not be made a tree.

use std::fmt;

/// What is wrong with a body, in the words of the decoder that Kubernetes uses for its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The message, such as `unexpected end of JSON input`.
    pub message: String,
    /// Where in the bytes it was noticed.
    pub offset: usize,
}

impl ParseError {
    pub(crate) fn new(message: impl Into<String>, offset: usize) -> ParseError {
        ParseError { message: message.into(), offset }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}
