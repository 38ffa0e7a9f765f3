//! Path elements: one step of the path of an owned field.

use std::cmp::Ordering;
use std::fmt;

use object::{Text, Value};
use status::go_quote;

/// One step of a path: a field, an element of an associative list or set, or an index.
///
/// Ordered as the original orders them: fields, keys, values, indices; numbers by value.
#[derive(Clone, Debug)]
pub enum Element {
    /// A field of a struct or a key of a map.
    Field(Text),
    /// The element of an associative list with these key fields, sorted by name.
    Key(Box<[(Text, Value)]>),
    /// The element of a set.
    Value(Box<Value>),
    /// The element at an index.
    Index(i64),
}

impl Element {
    /// The step to field `name`.
    pub fn field(name: impl Into<Text>) -> Element {
        Element::Field(name.into())
    }

    /// The step to the list element with these key fields, in any order.
    pub fn key(fields: impl IntoIterator<Item = (Text, Value)>) -> Element {
        let mut fields: Box<[(Text, Value)]> = fields.into_iter().collect();
        if !fields.is_sorted_by(|a, b| a.0 <= b.0) {
            fields.sort_by(|a, b| a.0.cmp(&b.0));
        }
        Element::Key(fields)
    }

    /// The step to the element `value` of a set.
    pub fn value(value: Value) -> Element {
        Element::Value(Box::new(value))
    }

    fn rank(&self) -> u8 {
        match self {
            Element::Field(_) => 0,
            Element::Key(_) => 1,
            Element::Value(_) => 2,
            Element::Index(_) => 3,
        }
    }
}

impl Ord for Element {
    fn cmp(&self, other: &Element) -> Ordering {
        match (self, other) {
            (Element::Field(a), Element::Field(b)) => a.cmp(b),
            (Element::Key(a), Element::Key(b)) => compare_fields(a.iter(), b.iter()),
            (Element::Value(a), Element::Value(b)) => compare_values(a, b),
            (Element::Index(a), Element::Index(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Element {
    fn partial_cmp(&self, other: &Element) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Element) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Element {}

fn compare_fields<'v>(
    mut a: impl Iterator<Item = &'v (Text, Value)>,
    mut b: impl Iterator<Item = &'v (Text, Value)>,
) -> Ordering {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => {
                let order = a.0.cmp(&b.0).then_with(|| compare_values(&a.1, &b.1));
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
}

/// The total order of values: numbers (integers and floats by value), texts, booleans, lists, objects, null.
pub(super) fn compare_values(a: &Value, b: &Value) -> Ordering {
    fn rank(value: &Value) -> u8 {
        match value {
            Value::Int(_) | Value::Float(_) => 0,
            Value::String(_) => 1,
            Value::Bool(_) => 2,
            Value::Array(_) => 3,
            Value::Object(_) => 4,
            Value::Null => 5,
        }
    }
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
            a.total_cmp(&b)
        }
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => {
            let pairs = a.iter().zip(b).map(|(a, b)| compare_values(a, b));
            pairs.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
        }
        (Value::Object(a), Value::Object(b)) => {
            let pairs =
                a.iter().zip(b.iter()).map(|(a, b)| a.0.cmp(b.0).then_with(|| compare_values(a.1, b.1)));
            pairs.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

/// Whether two values are the same to apply: `1` and `1.0` are.
pub(super) fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.0 == b.0 && same_value(a.1, b.1))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (Value::String(a), Value::String(b)) => a == b,
        _ => compare_values(a, b).is_eq(),
    }
}

/// How deep objects may nest to be merged and tracked: the walks here are recursive, and stacks are not endless.
pub(crate) const MOST_NESTED: usize = 1_000;

/// Whether a value nests deeper than `limit`.
pub(crate) fn nests_deeper(value: &Value, limit: usize) -> bool {
    let deeper = |inside: &Value| limit == 0 || nests_deeper(inside, limit - 1);
    match value {
        Value::Object(map) => map.values().any(deeper),
        Value::Array(items) => items.iter().any(deeper),
        _ => false,
    }
}

/// As messages print it: `.spec`, `[name="c",port=80]`, `[="x"]`, `[0]`.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::Field(name) => write!(f, ".{name}"),
            Element::Key(fields) => {
                f.write_str("[")?;
                for (index, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{name}={}", if index == 0 { "" } else { "," }, Plain(value))?;
                }
                f.write_str("]")
            }
            Element::Value(value) => write!(f, "[={}]", Plain(value)),
            Element::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// A value as path elements print it.
struct Plain<'v>(&'v Value);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Float(number) => write!(f, "{number}"),
            Value::String(text) => f.write_str(&go_quote(text)),
            Value::Array(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { "," }, Plain(item))?;
                }
                f.write_str("]")
            }
            Value::Object(map) => {
                f.write_str("{")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{}={}", if index == 0 { "" } else { ";" }, go_quote(key), Plain(value))?;
                }
                f.write_str("}")
            }
        }
    }
}
