//! Tokens of CEL.
//!
//! The lexer takes the longest match at each place. What cannot begin or complete a token is reported and
//! skipped, up to and including the character where the last candidate failed, as generated lexers do.

use super::grammar::Token as Kind;
use crate::source::{Issues, Offset};

/// A token: its kind, where its text is, and its place in code points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    /// Byte range of the text.
    pub start: u32,
    pub end: u32,
    /// Code points before it.
    pub offset: Offset,
}

/// The tokens of a source.
pub(crate) struct Tokens {
    /// The tokens, the end of input last.
    pub list: Vec<Token>,
    /// Byte ranges that are neither tokens nor white space.
    pub errors: Vec<std::ops::Range<u32>>,
}

impl Tokens {
    /// The text from one token through another, without what is no token.
    pub fn text(&self, source: &str, first: usize, last: usize) -> String {
        let end = self.list[last.min(self.list.len() - 1)].end;
        let first = self.list[first].start;
        let mut at = first;
        let mut out = String::new();
        for error in self.errors.iter().filter(|error| error.start >= first && error.end <= end) {
            out.push_str(&source[at as usize..error.start as usize]);
            at = error.end;
        }
        out.push_str(&source[at as usize..end as usize]);
        out
    }
}

/// The tokens of `source`; fails after `limit` errors.
pub(crate) fn tokens(source: &str, issues: &mut Issues, limit: usize) -> Result<Tokens, ()> {
    let mut lexer = Lexer { source, bytes: source.as_bytes() };
    let mut out = Vec::with_capacity(source.len() / 3 + 1);
    let mut errors = Vec::new();
    let (mut at, mut offset) = (0, 0);
    while at < source.len() {
        let (kind, end) = match lexer.next(at) {
            Ok(found) => found,
            Err(failed) => {
                let end = source[failed..].chars().next().map_or(failed, |c| failed + c.len_utf8());
                let text = super::recognizer::escape_whitespace(&source[at..end]);
                if issues.list().len() >= limit {
                    issues.report(offset, format!("Syntax error: More than {limit} syntax errors"));
                    return Err(());
                }
                issues.report(offset, format!("Syntax error: token recognition error at: '{text}'"));
                errors.push(at as u32..end as u32);
                (None, end)
            }
        };
        if let Some(kind) = kind {
            out.push(Token { kind, start: at as u32, end: end as u32, offset });
        }
        offset += source[at..end].chars().count() as Offset;
        at = end;
    }
    let end = source.len() as u32;
    out.push(Token { kind: Kind::End, start: end, end, offset });
    Ok(Tokens { list: out, errors })
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
}

/// A token's kind (none for hidden text) and end, or where the last candidate failed.
type Next = Result<(Option<Kind>, usize), usize>;

/// Operators, longest first among those that share a beginning.
const OPERATORS: &[(&str, Kind)] = &[
    ("==", Kind::Equals),
    ("!=", Kind::NotEquals),
    ("<=", Kind::LessEquals),
    (">=", Kind::GreaterEquals),
    ("<", Kind::Less),
    (">", Kind::Greater),
    ("&&", Kind::LogicalAnd),
    ("||", Kind::LogicalOr),
    ("[", Kind::LeftBracket),
    ("]", Kind::RightBracket),
    ("{", Kind::LeftBrace),
    ("}", Kind::RightBrace),
    ("(", Kind::LeftParen),
    (")", Kind::RightParen),
    (".", Kind::Dot),
    (",", Kind::Comma),
    ("-", Kind::Minus),
    ("!", Kind::Exclam),
    ("?", Kind::QuestionMark),
    (":", Kind::Colon),
    ("+", Kind::Plus),
    ("*", Kind::Star),
    ("/", Kind::Slash),
    ("%", Kind::Percent),
];

impl Lexer<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn run(&self, at: usize, accept: impl Fn(u8) -> bool) -> usize {
        at + self.bytes[at.min(self.bytes.len())..].iter().take_while(|b| accept(**b)).count()
    }

    fn next(&mut self, at: usize) -> Next {
        let first = self.byte(at);
        match first {
            b'\t' | b' ' | b'\r' | b'\n' | 0x0c => {
                Ok((None, self.run(at, |b| matches!(b, b'\t' | b' ' | b'\r' | b'\n' | 0x0c))))
            }
            b'/' if self.byte(at + 1) == b'/' => Ok((None, self.run(at, |b| b != b'\n'))),
            b'"' | b'\'' => self.string(at, false).map(|end| (Some(Kind::String), end)),
            b'`' => self.escaped_identifier(at),
            b'0'..=b'9' => Ok(self.number(at)),
            b'.' if self.byte(at + 1).is_ascii_digit() => Ok((Some(Kind::Float), self.fraction(at))),
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => Ok(self.word(at)),
            _ => {
                let rest = &self.source[at..];
                if let Some((text, kind)) = OPERATORS.iter().find(|(text, _)| rest.starts_with(text)) {
                    return Ok((Some(*kind), at + text.len()));
                }
                // A lone `&`, `|` or `=` fails on the character after it.
                Err(if matches!(first, b'&' | b'|' | b'=') { at + 1 } else { at })
            }
        }
    }

    /// A keyword, an identifier, or a string or bytes literal with a prefix.
    fn word(&self, at: usize) -> (Option<Kind>, usize) {
        if let Some((kind, end)) = self.prefixed(at) {
            return (Some(kind), end);
        }
        let end = self.run(at, |b| b.is_ascii_alphanumeric() || b == b'_');
        let kind = match &self.source[at..end] {
            "in" => Kind::In,
            "true" => Kind::True,
            "false" => Kind::False,
            "null" => Kind::Null,
            _ => Kind::Identifier,
        };
        (Some(kind), end)
    }

    fn prefixed(&self, at: usize) -> Option<(Kind, usize)> {
        let quote = |at: usize| matches!(self.byte(at), b'"' | b'\'');
        let (kind, raw, start) = match (self.byte(at), self.byte(at + 1)) {
            (b'r' | b'R', _) if quote(at + 1) => (Kind::String, true, at + 1),
            (b'b' | b'B', b'r' | b'R') if quote(at + 2) => (Kind::Bytes, true, at + 2),
            (b'b' | b'B', _) if quote(at + 1) => (Kind::Bytes, false, at + 1),
            _ => return None,
        };
        self.string(start, raw).ok().map(|end| (kind, end))
    }

    /// The end of the string whose opening quote is at `at`, or where it fails.
    fn string(&self, at: usize, raw: bool) -> Result<usize, usize> {
        let quote = self.byte(at);
        if self.byte(at + 1) == quote {
            // Either an empty string or the opening of a multi-line one.
            let triple = (self.byte(at + 2) == quote).then(|| self.multi_line(at + 3, quote, raw)).flatten();
            return Ok(triple.unwrap_or(at + 2));
        }
        let mut here = at + 1;
        loop {
            match self.bytes.get(here) {
                Some(b) if *b == quote => return Ok(here + 1),
                None | Some(b'\n' | b'\r') => return Err(here),
                Some(b'\\') if !raw => here = self.escape(here)?,
                Some(_) => here = self.after_char(here),
            }
        }
    }

    fn multi_line(&self, at: usize, quote: u8, raw: bool) -> Option<usize> {
        let mut here = at;
        loop {
            match self.bytes.get(here)? {
                b if *b == quote && self.byte(here + 1) == quote && self.byte(here + 2) == quote => {
                    return Some(here + 3);
                }
                b'\\' if !raw => here = self.escape(here).ok()?,
                _ => here = self.after_char(here),
            }
        }
    }

    fn after_char(&self, at: usize) -> usize {
        self.source[at..].chars().next().map_or(at, |c| at + c.len_utf8())
    }

    /// The end of the escape sequence whose backslash is at `at`, or where it fails.
    fn escape(&self, at: usize) -> Result<usize, usize> {
        let digits = |from: usize, count: usize, accept: fn(&u8) -> bool| match (from..from + count)
            .find(|index| !self.bytes.get(*index).is_some_and(accept))
        {
            Some(failed) => Err(failed),
            None => Ok(from + count),
        };
        let octal: fn(&u8) -> bool = |b| matches!(b, b'0'..=b'7');
        match self.byte(at + 1) {
            b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'"' | b'\'' | b'\\' | b'?' | b'`' => Ok(at + 2),
            b'x' | b'X' => digits(at + 2, 2, u8::is_ascii_hexdigit),
            b'u' => digits(at + 2, 4, u8::is_ascii_hexdigit),
            b'U' => digits(at + 2, 8, u8::is_ascii_hexdigit),
            b'0'..=b'3' => digits(at + 2, 2, octal),
            _ => Err(at + 1),
        }
    }

    fn escaped_identifier(&self, at: usize) -> Next {
        let end = self.run(at + 1, |b| b.is_ascii_alphanumeric() || b"_.-/ ".contains(&b));
        if end > at + 1 && self.byte(end) == b'`' {
            Ok((Some(Kind::EscapedIdentifier), end + 1))
        } else {
            Err(end)
        }
    }

    fn number(&self, at: usize) -> (Option<Kind>, usize) {
        let unsigned = |end: usize| matches!(self.byte(end), b'u' | b'U');
        if self.byte(at) == b'0' && self.byte(at + 1) == b'x' && self.byte(at + 2).is_ascii_hexdigit() {
            let end = self.run(at + 2, |b| b.is_ascii_hexdigit());
            return if unsigned(end) { (Some(Kind::Uint), end + 1) } else { (Some(Kind::Int), end) };
        }
        let end = self.run(at, |b| b.is_ascii_digit());
        if unsigned(end) {
            return (Some(Kind::Uint), end + 1);
        }
        let float = self.fraction(end);
        if float > end { (Some(Kind::Float), float) } else { (Some(Kind::Int), end) }
    }

    /// The end of `.DIGITS` and an exponent, each if it is there.
    fn fraction(&self, at: usize) -> usize {
        let mut end = at;
        if self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit() {
            end = self.run(end + 1, |b| b.is_ascii_digit());
        }
        if matches!(self.byte(end), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            let digits = self.run(end + 1 + sign, |b| b.is_ascii_digit());
            if digits > end + 1 + sign {
                end = digits;
            }
        }
        end
    }
}
