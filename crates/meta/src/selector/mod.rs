//! Label and field selectors: read from query strings and objects, printed back, matched.
//!
//! Source: "Labels and Selectors" and "Field Selectors" of the Kubernetes documentation. The messages are the
//! ones clients know, and so name the tokens of the original's grammar.

mod field;
mod label;
mod lexer;
mod parser;
mod requirement;
#[cfg(test)]
mod tests;
mod validate;

use std::fmt;

pub use field::{FieldRequirement, FieldSelector};
pub use label::{LabelSelector, MatchExpression};
pub use requirement::{Operator, Requirement};
pub use validate::check_label_selector;

/// Why a selector can't be read, in the words clients know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError(String);

impl SelectorError {
    fn new(message: impl Into<String>) -> Self {
        SelectorError(message.into())
    }
}

impl fmt::Display for SelectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SelectorError {}

/// Prints the items with commas between them.
fn write_list(f: &mut fmt::Formatter<'_>, items: impl IntoIterator<Item = impl fmt::Display>) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}
