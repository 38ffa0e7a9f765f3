//! Regular expressions as RE2 reads them, on top of the `regex` crate.
//!
//! Both match in linear time and agree on almost all syntax; this front rewrites what they read differently
//! (ASCII classes, `\Q..\E`, octal escapes, a literal `{`, nested brackets) and refuses what RE2 refuses.

use std::fmt::Write;

use ::regex::{Regex, RegexBuilder};

use crate::error::{CelError, Outcome};
use crate::value::Value;

/// Compiled patterns larger than this many bytes are refused.
const SIZE_LIMIT: usize = 4 << 20;
/// The most repetitions that a pattern can ask for.
const MAX_REPEAT: u32 = 1000;

/// Compiles a pattern.
pub(crate) fn compile(pattern: &str) -> Result<Regex, CelError> {
    let translated = Front { rest: pattern, out: String::with_capacity(pattern.len() + 16) }
        .translate()
        .map_err(|problem| CelError::new(format!("error parsing regexp: {problem}: `{pattern}`")))?;
    RegexBuilder::new(&translated)
        .size_limit(SIZE_LIMIT)
        .build()
        .map_err(|_| CelError::new(format!("error parsing regexp: invalid pattern: `{pattern}`")))
}

/// Compiles a pattern for use outside of expressions: whether a text matches it anywhere.
///
/// # Errors
/// What Go says of a pattern that it does not understand.
pub fn pattern(pattern: &str) -> Result<impl Fn(&str) -> bool + Send + Sync + use<>, String> {
    let compiled = compile(pattern).map_err(|error| error.message)?;
    Ok(move |text: &str| compiled.is_match(text))
}

/// `text.matches(pattern)` with a pattern that is not constant.
pub(crate) fn matches<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::String(text), Value::String(pattern)] => {
            Ok(Value::Bool(compile(pattern.as_str())?.is_match(text.as_str())))
        }
        _ => Err(CelError::no_such_overload()),
    }
}

struct Front<'p> {
    rest: &'p str,
    out: String,
}

type Done = Result<(), &'static str>;

impl<'p> Front<'p> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn literal(&mut self, c: char) {
        if c.is_ascii()
            && !c.is_ascii_alphanumeric()
            && c != '_'
            && !c.is_ascii_whitespace()
            && !c.is_ascii_control()
        {
            self.out.push('\\');
            self.out.push(c);
        } else if c.is_ascii_control() || c == ' ' {
            let _ = write!(self.out, "\\x{:02x}", c as u32);
        } else {
            self.out.push(c);
        }
    }

    fn translate(mut self) -> Result<String, &'static str> {
        // Whether the last thing was a repetition, which cannot be repeated again.
        let mut repeated = false;
        while let Some(c) = self.take() {
            let was_repeated = std::mem::take(&mut repeated);
            match c {
                '\\' if self.eat("Q") => self.quoted(),
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => self.group()?,
                '*' | '+' | '?' => {
                    self.repeat(was_repeated, c.encode_utf8(&mut [0; 4]))?;
                    repeated = true;
                }
                '{' => match self.counted()? {
                    Some(count) => {
                        self.repeat(was_repeated, &count)?;
                        repeated = true;
                    }
                    None => self.out.push_str("\\{"),
                },
                '}' | ']' => self.literal(c),
                '|' | ')' | '^' | '$' | '.' => self.out.push(c),
                c => self.literal(c),
            }
        }
        Ok(self.out)
    }

    fn repeat(&mut self, again: bool, operator: &str) -> Done {
        if again {
            return Err("invalid nested repetition operator");
        }
        self.out.push_str(operator);
        if self.eat("?") {
            self.out.push('?');
        }
        Ok(())
    }

    /// The rest of `{n}`, `{n,}` or `{n,m}`; nothing if the brace is a literal one.
    fn counted(&mut self) -> Result<Option<String>, &'static str> {
        let Some((inside, after)) = self.rest.split_once('}') else { return Ok(None) };
        let (low, high) = inside.split_once(',').map_or((inside, None), |(low, high)| (low, Some(high)));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(low) || high.is_some_and(|high| !high.is_empty() && !digits(high)) {
            return Ok(None);
        }
        let number = |text: &str| {
            text.parse::<u32>().ok().filter(|count| *count <= MAX_REPEAT).ok_or("invalid repeat count")
        };
        let from = number(low)?;
        if let Some(high) = high.filter(|high| !high.is_empty())
            && number(high)? < from
        {
            return Err("invalid repeat count");
        }
        self.rest = after;
        Ok(Some(format!("{{{inside}}}")))
    }

    fn group(&mut self) -> Done {
        self.out.push('(');
        if !self.eat("?") {
            return Ok(());
        }
        self.out.push('?');
        if self.rest.starts_with("P<")
            || (self.rest.starts_with('<') && !self.rest[1..].starts_with(['=', '!']))
        {
            let end = self.rest.find('>').ok_or("invalid named capture")?;
            self.out.push_str(&self.rest[..=end]);
            self.rest = &self.rest[end + 1..];
            return Ok(());
        }
        let end = self.rest.find([':', ')']).ok_or("missing argument to repetition operator")?;
        let flags = &self.rest[..end];
        if !flags.chars().all(|c| "imsU-".contains(c)) {
            return Err("invalid or unsupported Perl syntax");
        }
        self.out.push_str(&self.rest[..=end]);
        self.rest = &self.rest[end + 1..];
        Ok(())
    }

    fn quoted(&mut self) {
        let (text, rest) = match self.rest.split_once("\\E") {
            Some(found) => found,
            None => (self.rest, ""),
        };
        text.chars().for_each(|c| self.literal(c));
        self.rest = rest;
    }

    /// What follows a backslash, in a class or outside.
    fn escape(&mut self, in_class: bool) -> Done {
        let c = self.take().ok_or("trailing backslash at end of expression")?;
        let perl = match c {
            'd' => Some("0-9"),
            'w' => Some("0-9A-Za-z_"),
            's' => Some("\\t\\n\\x0c\\r\\x20"),
            'D' | 'W' | 'S' => {
                let inner = match c {
                    'D' => "0-9",
                    'W' => "0-9A-Za-z_",
                    _ => "\\t\\n\\x0c\\r\\x20",
                };
                let _ = write!(self.out, "[^{inner}]");
                return Ok(());
            }
            _ => None,
        };
        if let Some(inner) = perl {
            let (open, close) = if in_class { ("", "") } else { ("[", "]") };
            let _ = write!(self.out, "{open}{inner}{close}");
            return Ok(());
        }
        match c {
            'b' if !in_class => self.out.push_str("(?-u:\\b)"),
            'B' if !in_class => self.out.push_str("\\B"),
            'A' | 'z' if !in_class => {
                self.out.push('\\');
                self.out.push(c);
            }
            'a' | 'f' | 'n' | 'r' | 't' | 'v' => {
                self.out.push('\\');
                self.out.push(c);
            }
            'p' | 'P' => self.unicode_class(c)?,
            'x' => self.hexadecimal()?,
            '0'..='7' => self.octal(c)?,
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => self.literal(c),
            _ => return Err("invalid escape sequence"),
        }
        Ok(())
    }

    fn unicode_class(&mut self, p: char) -> Done {
        self.out.push('\\');
        self.out.push(p);
        let end = if self.rest.starts_with('{') {
            self.rest.find('}').ok_or("invalid character class range")? + 1
        } else {
            self.rest.chars().next().ok_or("invalid character class range")?.len_utf8()
        };
        self.out.push_str(&self.rest[..end]);
        self.rest = &self.rest[end..];
        Ok(())
    }

    fn hexadecimal(&mut self) -> Done {
        const BAD: &str = "invalid escape sequence";
        let digits = if self.eat("{") {
            let (inside, rest) = self.rest.split_once('}').ok_or(BAD)?;
            self.rest = rest;
            inside
        } else {
            let digits = self.rest.get(..2).ok_or(BAD)?;
            self.rest = &self.rest[2..];
            digits
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BAD);
        }
        let _ = write!(self.out, "\\x{{{digits}}}");
        Ok(())
    }

    fn octal(&mut self, first: char) -> Done {
        let mut digits = String::from(first);
        while digits.len() < 3 && self.rest.starts_with(|c| matches!(c, '0'..='7')) {
            digits.extend(self.take());
        }
        // A lone digit but 0 would be a backreference.
        if first != '0' && digits.len() == 1 {
            return Err("invalid escape sequence");
        }
        let value = u32::from_str_radix(&digits, 8).map_err(|_| "invalid escape sequence")?;
        let _ = write!(self.out, "\\x{{{value:x}}}");
        Ok(())
    }

    fn class(&mut self) -> Done {
        const UNCLOSED: &str = "missing closing ]";
        self.out.push('[');
        if self.eat("^") {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let c = self.take().ok_or(UNCLOSED)?;
            match c {
                ']' if !first => {
                    self.out.push(']');
                    return Ok(());
                }
                '[' if self.rest.starts_with(':') && self.rest.contains(":]") => {
                    let end = self.rest.find(":]").ok_or(UNCLOSED)? + 2;
                    self.out.push('[');
                    self.out.push_str(&self.rest[..end]);
                    self.rest = &self.rest[end..];
                }
                '\\' if self.eat("Q") => self.quoted(),
                '\\' => self.escape(true)?,
                // A dash between two characters makes a range; elsewhere it is itself.
                '-' if !first && !self.rest.starts_with(']') => self.out.push('-'),
                c => self.literal(c),
            }
            first = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_re2() {
        for (pattern, text, matches) in [
            (r"^\d+$", "12", true),
            (r"^\d+$", "१२", false),
            (r"^\w$", "é", false),
            (r"^[\w-]+$", "a-b", true),
            (r"^\Qa.b\E$", "a.b", true),
            (r"^\Qa.b\E$", "axb", false),
            (r"^a{$", "a{", true),
            (r"^[[a]$", "[", true),
            (r"^[]a]$", "]", true),
            (r"^[a&&b]+$", "&", true),
            (r"^\101$", "A", true),
            (r"^[[:alpha:]]+$", "abc", true),
            (r"(?i)ABC", "xabc", true),
            (r"^a{2,3}$", "aa", true),
            (r"^\S+$", "a b", false),
            (r"^.$", "\n", false),
            (r"\bfoo\b", "a foo b", true),
            (r"a #b", "a #b", true),
        ] {
            let regex = compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert_eq!(regex.is_match(text), matches, "{pattern} {text}");
        }
        for bad in
            ["(", "[", "a**", "a{1001}", r"\1", r"\8", "(?=a)", "(?x)a", r"\", "a{2,1}", "*", r"\Z", r"\C"]
        {
            assert!(compile(bad).is_err(), "{bad}");
        }
    }
}
