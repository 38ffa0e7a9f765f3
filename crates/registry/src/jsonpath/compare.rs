//! How filters compare values: like with like only, as Go's templates do.

use std::cmp::Ordering;

use object::Value;

use super::Operator;

impl Operator {
    /// Whether `left` and `right` compare so; nothing if they can't be compared.
    pub(super) fn holds(self, left: &Value, right: &Value) -> Option<bool> {
        let order = match (left, right) {
            (Value::Int(left), Value::Int(right)) => left.partial_cmp(right),
            (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
            (Value::String(left), Value::String(right)) => left.partial_cmp(right),
            (Value::Bool(left), Value::Bool(right)) if self.is_equality() => left.partial_cmp(right),
            _ => None,
        }?;
        Some(match self {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
        })
    }

    fn is_equality(self) -> bool {
        matches!(self, Operator::Equal | Operator::NotEqual)
    }
}
