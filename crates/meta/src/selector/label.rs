//! Label selectors: all requirements must hold.

use std::fmt;
use std::str::FromStr;

use super::{Operator, Requirement, SelectorError, parser, write_list};

/// Requirements on labels, all of which must hold; or nothing at all matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LabelSelector {
    /// Sorted by key.
    requirements: Vec<Requirement>,
    /// Matches nothing: an absent `LabelSelector` of an object.
    nothing: bool,
}

/// One `matchExpressions` element of an object's `LabelSelector`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchExpression<'a> {
    /// The label's key.
    pub key: &'a str,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: &'a str,
    /// The values.
    pub values: Vec<&'a str>,
}

impl LabelSelector {
    /// Matches everything.
    pub const EVERYTHING: LabelSelector = LabelSelector { requirements: Vec::new(), nothing: false };
    /// Matches nothing.
    pub const NOTHING: LabelSelector = LabelSelector { requirements: Vec::new(), nothing: true };

    /// Of ready-made requirements.
    pub fn new(mut requirements: Vec<Requirement>) -> Self {
        requirements.sort_by(|left, right| left.key().cmp(right.key()));
        LabelSelector { requirements, nothing: false }
    }

    /// Reads the form of query strings: `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1`.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        parser::parse(text).map(Self::new)
    }

    /// Of the parts of an object's `LabelSelector`; without any it matches everything.
    pub fn from_parts<'a>(
        match_labels: impl IntoIterator<Item = (&'a str, &'a str)>,
        match_expressions: impl IntoIterator<Item = MatchExpression<'a>>,
    ) -> Result<Self, SelectorError> {
        let labels =
            match_labels.into_iter().map(|(key, value)| Requirement::new(key, Operator::Equals, [value]));
        let expressions = match_expressions.into_iter().map(|expression| expression.requirement());
        labels.chain(expressions).collect::<Result<Vec<_>, _>>().map(Self::new)
    }

    /// Whether everything matches.
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty() && !self.nothing
    }

    /// Whether nothing matches (other selectors may match nothing too, by contradiction).
    pub fn is_nothing(&self) -> bool {
        self.nothing
    }

    /// The requirements, sorted by key.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Whether the labels match that `lookup` finds by their keys.
    pub fn matches<'l>(&self, lookup: impl Fn(&str) -> Option<&'l str>) -> bool {
        !self.nothing
            && self.requirements.iter().all(|requirement| requirement.matches(lookup(requirement.key())))
    }

    /// Whether these labels, sorted by key, match.
    pub fn matches_sorted(&self, labels: &[(impl AsRef<str>, impl AsRef<str>)]) -> bool {
        self.matches(|key| {
            let found = labels.binary_search_by(|(label, _)| label.as_ref().cmp(key)).ok()?;
            labels.get(found).map(|(_, value)| value.as_ref())
        })
    }

    /// The one value the label must have, if the first requirement on it says so.
    pub fn exact_value(&self, key: &str) -> Option<&str> {
        let requirement = self.requirements.iter().find(|requirement| requirement.key() == key)?;
        match (requirement.operator(), requirement.values()) {
            (Operator::Equals | Operator::DoubleEquals | Operator::In, [value]) => Some(value),
            _ => None,
        }
    }
}

impl MatchExpression<'_> {
    fn requirement(&self) -> Result<Requirement, SelectorError> {
        let operator = match self.operator {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            other => {
                let quoted = status::go_quote(other);
                return Err(SelectorError::new(format!("{quoted} is not a valid label selector operator")));
            }
        };
        Requirement::new(self.key, operator, self.values.iter().copied())
    }
}

impl FromStr for LabelSelector {
    type Err = SelectorError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The canonical form, which reads back as an equal selector; empty for everything and for nothing.
impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.requirements)
    }
}
