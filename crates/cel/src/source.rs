//! Source text, places in it, and the issues that compiling finds there.

use std::fmt::Write;

/// A place in a source: the number of code points before it.
pub(crate) type Offset = u32;

/// The place of an issue that is nowhere in particular.
pub(crate) const NOWHERE: Offset = u32::MAX;

/// Snippets longer than this many bytes are left out of messages.
const LONGEST_SNIPPET: usize = 16384;

/// At most this many issues are listed.
const MOST_ISSUES: usize = 100;

/// One thing that is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Where: code points from the start of the source; `u32::MAX` when it is nowhere in particular.
    pub offset: u32,
    /// What is wrong.
    pub message: String,
}

/// What compiling an expression found wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issues {
    source: String,
    list: Vec<Issue>,
}

impl Issues {
    /// No issues with `source` yet.
    pub(crate) fn new(source: &str) -> Issues {
        Issues { source: source.to_owned(), list: Vec::new() }
    }

    pub(crate) fn report(&mut self, offset: Offset, message: impl Into<String>) {
        self.list.push(Issue { offset, message: message.into() });
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The issues in the order in which they were found.
    pub fn list(&self) -> &[Issue] {
        &self.list
    }

    fn display(&self, issue: &Issue, out: &mut String) {
        if self.source.is_empty() {
            let _ = write!(out, "ERROR: <input>:1:0: {}", issue.message);
            return;
        }
        let Some((line, column, text)) = locate(&self.source, issue.offset) else {
            let _ = write!(out, "ERROR: <input>:-1:0: {}", issue.message);
            return;
        };
        let _ = write!(out, "ERROR: <input>:{line}:{}: {}", column + 1, issue.message);
        if text.len() > LONGEST_SNIPPET {
            return;
        }
        out.push_str("\n | ");
        out.extend(text.chars().map(|c| if c == '\t' { ' ' } else { c }));
        out.push_str("\n | ");
        let mut chars = text.chars();
        for c in chars.by_ref().take(column) {
            out.push(if c.len_utf8() > 1 { '\u{ff0e}' } else { '.' });
        }
        out.push(if chars.next().is_some_and(|c| c.len_utf8() > 1) { '\u{ff3e}' } else { '^' });
    }
}

impl std::fmt::Display for Issues {
    /// The issues in source order, each with its line and a caret, as the reference implementation prints them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut sorted: Vec<&Issue> = self.list.iter().collect();
        sorted.sort_by_key(|issue| issue.offset.wrapping_add(1));
        let mut out = String::new();
        for (index, issue) in sorted.iter().take(MOST_ISSUES).enumerate() {
            if index > 0 {
                out.push('\n');
            }
            self.display(issue, &mut out);
        }
        if sorted.len() > MOST_ISSUES {
            let _ = write!(out, "\n{} more errors were truncated", sorted.len() - MOST_ISSUES);
        }
        f.write_str(&out)
    }
}

impl std::error::Error for Issues {}

/// The 1-based line, the 0-based column and the line's text of a place; nothing for [`NOWHERE`].
fn locate(source: &str, offset: Offset) -> Option<(usize, usize, &str)> {
    if offset == NOWHERE {
        return None;
    }
    let (mut line, mut column, mut start) = (1, 0, 0);
    for (index, c) in source.char_indices().take(offset as usize) {
        if c == '\n' {
            line += 1;
            column = 0;
            start = index + 1;
        } else {
            column += 1;
        }
    }
    let rest = &source[start..];
    Some((line, column, rest.split('\n').next().unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_the_place() {
        let mut issues = Issues::new("a +\n é\tb");
        issues.report(7, "second");
        issues.report(2, "first");
        issues.report(NOWHERE, "none");
        assert_eq!(
            issues.to_string(),
            "ERROR: <input>:-1:0: none\nERROR: <input>:1:3: first\n | a +\n | ..^\nERROR: <input>:2:4: second\n |  é b\n | .\u{ff0e}.^"
        );
    }
}
