//! From source to expressions.
//!
//! [`grammar`] is the grammar as data, [`recognizer`] walks it over the tokens of [`lexer`] into a syntax tree,
//! [`build`] turns the tree into expressions, and [`macros`] expands what looks like calls but is syntax.

mod build;
mod grammar;
mod lexer;
mod macros;
mod predict;
mod recognizer;
mod unescape;

pub(crate) use macros::ACCUMULATOR;

use crate::ast::Ast;
use crate::source::{Issues, NOWHERE};

/// Sources with more code points than this are not parsed.
const MAX_SIZE: usize = 100_000;

/// Parses `source`; what is wrong is added to `issues`, and nothing is returned when anything is.
pub(crate) fn parse(source: &str, issues: &mut Issues) -> Option<Ast> {
    let size = if source.len() > MAX_SIZE { source.chars().count() } else { source.len() };
    if size > MAX_SIZE {
        issues.report(
            NOWHERE,
            format!("expression code point size exceeds limit: size: {size}, limit {MAX_SIZE}"),
        );
        return None;
    }
    let tree = recognizer::recognize(source, issues)?;
    let ast = build::build(source, &tree, issues);
    if issues.is_empty() { ast } else { None }
}

#[cfg(test)]
mod tests;
