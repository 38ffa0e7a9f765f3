//! One requirement of a label selector.

use std::fmt;

use status::{BadValue, FieldError, FieldErrors, Path, go_quote};

use super::{SelectorError, write_list};
use crate::{Text, names};

/// How a requirement relates a label to its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`.
    Equals,
    /// `==`, the same.
    DoubleEquals,
    /// `!=`; an absent label matches.
    NotEquals,
    /// `in (...)`.
    In,
    /// `notin (...)`; an absent label matches.
    NotIn,
    /// The key alone.
    Exists,
    /// `!` and the key.
    DoesNotExist,
    /// `>`, of whole numbers.
    GreaterThan,
    /// `<`, of whole numbers.
    LessThan,
}

/// What the label `key` has to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    key: Text,
    operator: Operator,
    values: Vec<Text>,
}

impl Requirement {
    /// Checks key and values against the rules of labels, and their number against the operator.
    pub fn new<'v>(
        key: &str,
        operator: Operator,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Result<Self, SelectorError> {
        let values: Vec<Text> = values.into_iter().map(Text::new).collect();
        let requirement = Requirement { key: Text::new(key), operator, values };
        let errors = requirement.errors();
        if errors.is_empty() { Ok(requirement) } else { Err(aggregate(&errors)) }
    }

    fn errors(&self) -> FieldErrors {
        let mut errors = FieldErrors::new();
        errors.extend(key_error(&Path::new("key"), &self.key));
        let values = Path::new("values");
        if let Some(message) = self.count_message() {
            errors.push(FieldError::invalid(&values, self.values_json(), message));
        }
        if matches!(self.operator, Operator::GreaterThan | Operator::LessThan) {
            for (index, value) in self.values.iter().enumerate().filter(|(_, v)| v.parse::<i64>().is_err()) {
                let message = "for 'Gt', 'Lt' operators, the value must be an integer";
                errors.push(FieldError::invalid(&values.index(index), value.as_str(), message));
            }
        }
        for (index, value) in self.values.iter().enumerate() {
            let messages = names::label_value(value);
            if !messages.is_empty() {
                let detail = messages.join("; ");
                errors.push(FieldError::invalid(&values.index(index).key(&self.key), value.as_str(), detail));
            }
        }
        errors
    }

    /// What is wrong with the number of values.
    fn count_message(&self) -> Option<&'static str> {
        let count = self.values.len();
        let (good, message) = match self.operator {
            Operator::In | Operator::NotIn => {
                (count > 0, "for 'in', 'notin' operators, values set can't be empty")
            }
            Operator::Equals | Operator::DoubleEquals | Operator::NotEquals => {
                (count == 1, "exact-match compatibility requires one single value")
            }
            Operator::Exists | Operator::DoesNotExist => {
                (count == 0, "values set must be empty for exists and does not exist")
            }
            Operator::GreaterThan | Operator::LessThan => {
                (count == 1, "for 'Gt', 'Lt' operators, exactly one value is required")
            }
        };
        (!good).then_some(message)
    }

    fn values_json(&self) -> BadValue {
        if self.values.is_empty() {
            return BadValue::Null;
        }
        let quoted: Vec<String> = self.values.iter().map(|value| go_quote(value)).collect();
        BadValue::Bare(format!("[{}]", quoted.join(",")))
    }

    /// The label's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The values as they were given.
    pub fn values(&self) -> &[Text] {
        &self.values
    }

    /// Whether the label with this value, or its absence, is what is required.
    pub fn matches(&self, value: Option<&str>) -> bool {
        match (self.operator, value) {
            (Operator::Exists, value) => value.is_some(),
            (Operator::DoesNotExist, value) => value.is_none(),
            (Operator::NotIn | Operator::NotEquals, None) => true,
            (_, None) => false,
            (Operator::In | Operator::Equals | Operator::DoubleEquals, Some(value)) => self.has(value),
            (Operator::NotIn | Operator::NotEquals, Some(value)) => !self.has(value),
            (Operator::GreaterThan, Some(value)) => self.compare(value, |label, bound| label > bound),
            (Operator::LessThan, Some(value)) => self.compare(value, |label, bound| label < bound),
        }
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|known| known == value)
    }

    fn compare(&self, value: &str, holds: impl Fn(i64, i64) -> bool) -> bool {
        let bound = self.values.first().and_then(|bound| bound.parse().ok());
        value.parse().ok().zip(bound).is_some_and(|(label, bound)| holds(label, bound))
    }
}

/// The error of a key that is none.
pub(super) fn key_error(path: &Path<'_>, key: &str) -> Option<FieldError> {
    let messages = names::qualified_name(key);
    (!messages.is_empty()).then(|| FieldError::invalid(path, key, messages.join("; ")))
}

/// Errors as one text: each message once, in brackets if there are several.
fn aggregate(errors: &[FieldError]) -> SelectorError {
    let mut messages: Vec<String> = Vec::new();
    for message in errors.iter().map(FieldError::message) {
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    SelectorError(match messages.as_slice() {
        [single] => single.clone(),
        several => format!("[{}]", several.join(", ")),
    })
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after, close) = match self.operator {
            Operator::Equals => ("", "=", ""),
            Operator::DoubleEquals => ("", "==", ""),
            Operator::NotEquals => ("", "!=", ""),
            Operator::In => ("", " in (", ")"),
            Operator::NotIn => ("", " notin (", ")"),
            Operator::Exists => ("", "", ""),
            Operator::DoesNotExist => ("!", "", ""),
            Operator::GreaterThan => ("", ">", ""),
            Operator::LessThan => ("", "<", ""),
        };
        write!(f, "{before}{}{after}", self.key)?;
        let mut sorted: Vec<&Text> = self.values.iter().collect();
        sorted.sort();
        write_list(f, sorted)?;
        f.write_str(close)
    }
}
