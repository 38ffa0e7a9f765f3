//! Whether an object fits its type well enough to be merged, and in which words the API says that it does not.

use std::fmt;

use object::Value;

use super::Element;
use super::element::{MOST_NESTED, nests_deeper};
use super::node::{Form, ListForm, MapForm, Node, Primitive};

/// Checks an applied object (`duplicates` are errors) or a live one (they are tolerated). Fails with the text
/// that stands behind `failed to create typed patch object (...): `.
pub(super) fn validate(node: Node<'_>, value: &Value, duplicates: Duplicates) -> Result<(), String> {
    if nests_deeper(value, MOST_NESTED) {
        return Err(format!("nested deeper than {MOST_NESTED} levels"));
    }
    let mut walker = Walker { duplicates, problems: Vec::new() };
    walker.visit(node, value, &Trail::Root);
    match walker.problems.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        many => Err(format!("errors:\n  {}", many.join("\n  "))),
    }
}

/// What several elements of a list with the same key are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Duplicates {
    Refused,
    Tolerated,
}

/// The way to a value, on the stack; printed only when there is an error.
enum Trail<'t> {
    Root,
    Field(&'t Trail<'t>, &'t str),
    Item(&'t Trail<'t>, &'t Element),
    Index(&'t Trail<'t>, usize),
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trail::Root => Ok(()),
            Trail::Field(parent, name) => write!(f, "{parent}.{name}"),
            Trail::Item(parent, element) => write!(f, "{parent}{element}"),
            Trail::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

struct Walker {
    duplicates: Duplicates,
    problems: Vec<String>,
}

impl Walker {
    fn report(&mut self, trail: &Trail<'_>, message: impl fmt::Display) {
        self.problems.push(match trail {
            Trail::Root => message.to_string(),
            trail => format!("{trail}: {message}"),
        });
    }

    fn visit(&mut self, node: Node<'_>, value: &Value, trail: &Trail<'_>) {
        if value.is_null() {
            return;
        }
        match (node.form(Some(value)), value) {
            (Form::Map(form), Value::Object(map)) => {
                for (key, value) in map.iter() {
                    if !self.entry(form, key, value, &Trail::Field(trail, key)) {
                        break;
                    }
                }
            }
            (Form::Map(_), other) => {
                self.report(trail, format_args!("expected map, got &{{{}}}", Loose(other)))
            }
            (Form::List(form), Value::Array(items)) => self.items(form, items, trail),
            (Form::List(_), other) => {
                self.report(trail, format_args!("expected list, got &{{{}}}", Loose(other)))
            }
            (Form::Scalar(primitive), value) => {
                if let Some(message) = scalar_problem(primitive, value) {
                    self.report(trail, message);
                }
            }
        }
    }

    /// Checks one entry of a map; false when it is no field and so the last one looked at.
    fn entry(&mut self, form: MapForm<'_>, key: &str, value: &Value, trail: &Trail<'_>) -> bool {
        match form.child(key) {
            Some((node, _)) => {
                self.visit(node, value, trail);
                true
            }
            None => {
                self.report(trail, "field not declared in schema");
                false
            }
        }
    }

    fn items(&mut self, form: ListForm<'_>, items: &[Value], trail: &Trail<'_>) {
        if form.is_atomic() {
            for (index, item) in items.iter().enumerate() {
                self.visit(form.items, item, &Trail::Index(trail, index));
            }
            return;
        }
        let mut seen: Vec<Element> = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let element = match form.element(item) {
                Ok(element) => element,
                Err(why) => return self.report(trail, format_args!("element {index}: {why}")),
            };
            self.visit(form.items, item, &Trail::Item(trail, &element));
            if self.duplicates == Duplicates::Refused {
                match seen.binary_search(&element) {
                    Ok(_) => self.report(trail, format_args!("duplicate entries for key {element}")),
                    Err(place) => seen.insert(place, element),
                }
            }
        }
    }
}

fn scalar_problem(primitive: Primitive, value: &Value) -> Option<String> {
    match (primitive, value) {
        (_, Value::Null)
        | (Primitive::String | Primitive::Any, Value::String(_))
        | (Primitive::Number | Primitive::Any, Value::Int(_) | Value::Float(_))
        | (Primitive::Bool | Primitive::Any, Value::Bool(_)) => None,
        (Primitive::Number, other) => {
            Some(format!("expected numeric (int or float), got {}", go_type(other)))
        }
        (Primitive::String, other) => {
            Some(format!("expected string, got &value.valueUnstructured{{Value:{}}}", Exact(other)))
        }
        (Primitive::Bool, other) => Some(format!("expected boolean, got &{{{}}}", Loose(other))),
        (Primitive::Any, other) => Some(format!("expected any scalar, got &{{{}}}", Loose(other))),
    }
}

/// Whether a value is a scalar of this kind (or null).
pub(super) fn fits(primitive: Primitive, value: &Value) -> bool {
    scalar_problem(primitive, value).is_none()
}

/// The value's Go type (`%T`).
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Float(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

/// The value as Go's `%v` prints it.
struct Loose<'v>(&'v Value);

impl fmt::Display for Loose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("<nil>"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Float(number) => f.write_str(&go_float(*number)),
            Value::String(text) => f.write_str(text),
            Value::Array(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { " " }, Loose(item))?;
                }
                f.write_str("]")
            }
            Value::Object(map) => {
                f.write_str("map[")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{key}:{}", if index == 0 { "" } else { " " }, Loose(value))?;
                }
                f.write_str("]")
            }
        }
    }
}

/// The value as Go's `%#v` prints it.
struct Exact<'v>(&'v Value);

impl fmt::Display for Exact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("interface {}(nil)"),
            Value::String(text) => f.write_str(&status::go_quote(text)),
            Value::Array(items) => {
                f.write_str("[]interface {}{")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { ", " }, Exact(item))?;
                }
                f.write_str("}")
            }
            Value::Object(map) => {
                f.write_str("map[string]interface {}{")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{}:{}", status::go_quote(key), Exact(value))?;
                }
                f.write_str("}")
            }
            plain => Loose(plain).fmt(f),
        }
    }
}

/// A float as Go's `%v` prints it: the shortest form, with an exponent for the very large and very small.
fn go_float(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{number}")
}
