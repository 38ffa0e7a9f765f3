//! The tokens of label selectors.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    End,
    ClosedParenthesis,
    Comma,
    DoesNotExist,
    DoubleEquals,
    Equals,
    GreaterThan,
    Identifier,
    In,
    LessThan,
    NotEquals,
    NotIn,
    OpenParenthesis,
}

/// A token and its text; that of the end is empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
}

/// Symbols, longer ones first.
const SYMBOLS: &[(&str, Kind)] = &[
    ("==", Kind::DoubleEquals),
    ("!=", Kind::NotEquals),
    ("=", Kind::Equals),
    ("!", Kind::DoesNotExist),
    ("(", Kind::OpenParenthesis),
    (")", Kind::ClosedParenthesis),
    (",", Kind::Comma),
    (">", Kind::GreaterThan),
    ("<", Kind::LessThan),
];

fn ends_word(byte: u8) -> bool {
    matches!(byte, b'=' | b'!' | b'(' | b')' | b',' | b'>' | b'<' | b' ' | b'\t' | b'\r' | b'\n' | 0)
}

/// All tokens of the text; the last is [`Kind::End`]. A NUL ends a word, and the text where a token would begin.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let (token, length) = next(rest);
        tokens.push(token);
        if token.kind == Kind::End {
            return tokens;
        }
        rest = &rest[length..];
    }
}

/// The first token, and how many bytes it takes.
fn next(text: &str) -> (Token<'_>, usize) {
    if text.is_empty() || text.starts_with('\0') {
        return (Token { kind: Kind::End, text: "" }, 0);
    }
    if let Some((symbol, kind)) = SYMBOLS.iter().find(|(symbol, _)| text.starts_with(symbol)) {
        return (Token { kind: *kind, text: symbol }, symbol.len());
    }
    let end = text.bytes().position(ends_word).unwrap_or(text.len());
    let word = &text[..end];
    let kind = match word {
        "in" => Kind::In,
        "notin" => Kind::NotIn,
        _ => Kind::Identifier,
    };
    let after = usize::from(text[end..].starts_with('\0'));
    (Token { kind, text: word }, end + after)
}
