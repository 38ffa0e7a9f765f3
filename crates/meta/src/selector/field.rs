//! Field selectors: equalities of fields, all of which must hold.

use std::fmt;
use std::str::FromStr;

use super::{SelectorError, write_list};
use crate::Text;

/// What one field has to be, or not to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldRequirement {
    /// The field's path, such as `metadata.name`.
    pub field: Text,
    /// Whether the field must be equal to the value, rather than different.
    pub equal: bool,
    /// The value, unescaped.
    pub value: Text,
}

impl FieldRequirement {
    /// Whether the field with this value is what is required; an absent field is empty.
    pub fn matches(&self, value: Option<&str>) -> bool {
        (value.unwrap_or("") == self.value) == self.equal
    }

    fn parse(term: &str, whole: &str) -> Result<Self, SelectorError> {
        let found = term.bytes().enumerate().find_map(|(index, _)| {
            let rest = &term.as_bytes()[index..];
            let operator = ["!=", "==", "="].into_iter().find(|known| rest.starts_with(known.as_bytes()))?;
            Some((index, operator))
        });
        let Some((index, operator)) = found else {
            return Err(SelectorError::new(format!(
                "invalid selector: '{whole}'; can't understand '{term}'"
            )));
        };
        let value = unescape(&term[index + operator.len()..])?;
        Ok(FieldRequirement { field: Text::new(&term[..index]), equal: operator != "!=", value })
    }
}

impl fmt::Display for FieldRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.field, if self.equal { "=" } else { "!=" })?;
        for c in self.value.chars() {
            if matches!(c, '\\' | ',' | '=') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

/// Takes back the escapes of a value: `\\`, `\,` and `\=`.
fn unescape(text: &str) -> Result<Text, SelectorError> {
    let invalid = |sequence: &str| {
        SelectorError::new(format!("invalid field selector: invalid escape sequence: {sequence}"))
    };
    let mut value = Text::default();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some(escaped @ ('\\' | ',' | '=')) => value.push(escaped),
                Some(other) => return Err(invalid(&format!("\\{other}"))),
                None => return Err(invalid("\\")),
            },
            ',' | '=' => {
                let code = c as u32;
                let message = format!("invalid field selector: unescaped character in value: {code}");
                return Err(SelectorError::new(message));
            }
            c => value.push(c),
        }
    }
    Ok(value)
}

/// The terms between commas that are not escaped.
fn terms(text: &str) -> Vec<&str> {
    let mut escaped = false;
    let separates = move |c: char| {
        let separates = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        separates
    };
    text.split(separates).collect()
}

/// Requirements on fields, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldSelector {
    requirements: Vec<FieldRequirement>,
}

impl FieldSelector {
    /// Matches everything.
    pub const EVERYTHING: FieldSelector = FieldSelector { requirements: Vec::new() };

    /// Of ready-made requirements.
    pub fn new(requirements: Vec<FieldRequirement>) -> Self {
        FieldSelector { requirements }
    }

    /// That one field has this value.
    pub fn equal(field: &str, value: &str) -> Self {
        let requirement = FieldRequirement { field: Text::new(field), equal: true, value: Text::new(value) };
        FieldSelector::new(vec![requirement])
    }

    /// Reads `a=b,c==d,e!=f`. Which fields there are is for the kind to say.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut terms = terms(text);
        terms.sort_unstable();
        let given = terms.into_iter().filter(|term| !term.is_empty());
        given.map(|term| FieldRequirement::parse(term, text)).collect::<Result<_, _>>().map(Self::new)
    }

    /// Whether everything matches.
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// The requirements, in the order of their texts.
    pub fn requirements(&self) -> &[FieldRequirement] {
        &self.requirements
    }

    /// Whether the fields match whose values `lookup` finds.
    pub fn matches<'l>(&self, lookup: impl Fn(&str) -> Option<&'l str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(lookup(&requirement.field)))
    }

    /// The one value the field must have, if a requirement says so.
    pub fn exact_value(&self, field: &str) -> Option<&str> {
        let requirement =
            self.requirements.iter().find(|requirement| requirement.equal && requirement.field == field)?;
        Some(&requirement.value)
    }
}

impl FromStr for FieldSelector {
    type Err = SelectorError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The canonical form, which reads back as an equal selector.
impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.requirements)
    }
}
