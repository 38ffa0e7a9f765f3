//! How a string is written: what libyaml's emitter finds out about it before it chooses a style.

use super::resolve::{Scalar, plain};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// The style of `text`, which is a key if `key`.
pub(super) fn style(text: &str, key: bool) -> Style {
    let facts = Facts::of(text);
    let double_unless_single = if facts.single_allowed { Style::Single } else { Style::Double };
    if text.contains('\n') {
        let literal = facts.block_allowed && !key;
        return if literal { Style::Literal } else { Style::Double };
    }
    if plain(text) != Scalar::Text || base60(text) || (key && facts.multiline) {
        return Style::Double;
    }
    if facts.plain_allowed { Style::Plain } else { double_unless_single }
}

/// Whether other YAML readers may take the text for a number to the base of 60: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
fn base60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut parts = whole.split(':');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let sixty = |text: &str| match text.as_bytes() {
        [ones] => ones.is_ascii_digit(),
        [tens, ones] => (b'0'..=b'5').contains(tens) && ones.is_ascii_digit(),
        _ => false,
    };
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && !rest.is_empty()
        && rest.into_iter().all(sixty)
}

struct Facts {
    multiline: bool,
    plain_allowed: bool,
    single_allowed: bool,
    block_allowed: bool,
}

impl Facts {
    fn of(text: &str) -> Facts {
        if text.is_empty() {
            return Facts {
                multiline: false,
                plain_allowed: true,
                single_allowed: true,
                block_allowed: false,
            };
        }
        let chars: Vec<char> = text.chars().collect();
        let (first, last) = (chars[0], chars[chars.len() - 1]);
        let follows = |pair: fn(char) -> bool, then: fn(char) -> bool| {
            chars.windows(2).any(|chars| pair(chars[0]) && then(chars[1]))
        };
        let space = |c| c == ' ';
        let special = chars.iter().any(|c| !printable(*c));
        let space_break = follows(space, is_break);
        let break_space = follows(is_break, space);
        let outer = [first, last].into_iter().any(|c| space(c) || is_break(c));
        let line_breaks = chars.iter().any(|c| is_break(*c));
        let unquotable = special || space_break;
        Facts {
            multiline: line_breaks,
            plain_allowed: !(unquotable || break_space || outer || line_breaks || indicators(text, &chars)),
            single_allowed: !(unquotable || break_space),
            block_allowed: !(unquotable || last == ' '),
        }
    }
}

/// Whether something in the text would mean structure if it were written plain.
fn indicators(text: &str, chars: &[char]) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let blank_at = |index: usize| chars.get(index).is_none_or(|c| matches!(c, ' ' | '\t'));
    let at_start = match chars[0] {
        '?' | ':' | '-' => blank_at(1),
        c => "#,[]{}&*!|>'\"%@`".contains(c),
    };
    at_start
        || chars.iter().enumerate().skip(1).any(|(index, c)| match c {
            ':' => blank_at(index + 1),
            '#' => matches!(chars[index - 1], ' ' | '\t') || is_break(chars[index - 1]),
            _ => false,
        })
}

pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What go-yaml writes as it is; nothing beyond the basic plane.
pub(super) fn printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}
