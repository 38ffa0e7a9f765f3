//! Documents as protobuf messages: gnostic's `openapi.v2.Document` and `openapi.v3.Document`, which clients ask for
//! because they are quick to read.
//!
//! The messages are tables of keys and field numbers, in `v2` and `v3`; this module writes any document by them.

mod v2;
mod v3;

use object::{Value, yaml};

use super::Dialect;
use crate::protobuf::{Backwards, FIXED64};

/// A message: which keys of an object are which of its fields.
struct Table {
    /// Keys, field numbers and what their values are, in order of the numbers.
    fields: &'static [(&'static str, u32, Form)],
    /// The field of keys that begin with `x-`; 0 if there is none.
    extensions: u32,
    /// The field of all other keys, each with its name: what objects with free keys are.
    rest: Option<(u32, Of)>,
}

/// What the value of a field is.
enum Form {
    Text,
    Bool,
    /// As often as the list is long.
    Texts,
    /// One of the messages.
    One(Of),
    /// A list of messages.
    Many(Of),
    /// A text, in a message that may hold many.
    TypeNames,
    /// A schema, or true or false.
    SchemaOrBool(Of),
    /// Any value, as YAML.
    Any,
    /// A list of any values, each as YAML.
    Anys,
    /// A message with a number, a truth or a text.
    Basic,
}

/// A message; those that stand for one of several are wrapped in a message per choice.
enum Of {
    Plain(&'static Table),
    /// Fields from the outside in, and the message within.
    Wrapped(&'static [u32], &'static Table),
    /// Chosen by what the value holds.
    Chosen(fn(&Value) -> (&'static [u32], &'static Table)),
}

impl Of {
    fn table(&self, value: &Value) -> (&'static [u32], &'static Table) {
        match self {
            Of::Plain(table) => (&[], table),
            Of::Wrapped(path, table) => (path, table),
            Of::Chosen(choose) => choose(value),
        }
    }
}

/// A list of texts on its own.
static STRINGS: Table = Table { fields: &[], extensions: 0, rest: None };

/// `document` as the message of its dialect.
pub fn message(dialect: Dialect, document: &Value) -> Vec<u8> {
    let mut out = Backwards::default();
    match dialect {
        Dialect::V2 => write(&v2::DOCUMENT, document, &mut out),
        Dialect::V3 => write(&v3::DOCUMENT, document, &mut out),
    }
    out.finish()
}

/// Writes a message, from its last field to its first.
fn write(table: &Table, value: &Value, out: &mut Backwards) {
    if let Value::Array(items) = value {
        items.iter().rev().for_each(|item| out.bytes_field(1, item.as_str().unwrap_or("").as_bytes()));
        return;
    }
    let Some(map) = value.as_object() else { return };
    let known = |key: &str| table.fields.iter().any(|field| field.0 == key);
    let extension = |key: &str| table.extensions > 0 && key.starts_with("x-");
    for (key, value) in map.iter().rev().filter(|(key, _)| extension(key) && !known(key)) {
        named(table.extensions, key, out, |out| any(2, value, out));
    }
    if let Some((number, of)) = &table.rest {
        for (key, value) in map.iter().rev().filter(|(key, _)| !extension(key) && !known(key)) {
            named(*number, key, out, |out| one(2, of, value, out));
        }
    }
    for (key, number, form) in table.fields.iter().rev() {
        if let Some(value) = map.get(key) {
            field(*number, form, value, out);
        }
    }
}

fn named(number: u32, name: &str, out: &mut Backwards, value: impl FnOnce(&mut Backwards)) {
    out.message(number, |out| {
        value(out);
        out.bytes_field(1, name.as_bytes());
    });
}

fn field(number: u32, form: &Form, value: &Value, out: &mut Backwards) {
    match (form, value) {
        (Form::Text, Value::String(text)) => out.bytes_field(number, text.as_bytes()),
        (Form::Bool, Value::Bool(true)) => out.varint_field(number, 1),
        (Form::Texts, Value::Array(items)) => {
            items.iter().rev().for_each(|item| field(number, &Form::Text, item, out));
        }
        (Form::One(of), value) => one(number, of, value, out),
        (Form::Many(of), Value::Array(items)) => {
            items.iter().rev().for_each(|item| one(number, of, item, out));
        }
        (Form::TypeNames, Value::String(text)) => {
            out.message(number, |out| out.bytes_field(1, text.as_bytes()));
        }
        (Form::SchemaOrBool(_), Value::Bool(value)) => {
            out.message(number, |out| out.varint_field(2, u64::from(*value)));
        }
        (Form::SchemaOrBool(of), value) => out.message(number, |out| one(1, of, value, out)),
        (Form::Any, value) => any(number, value, out),
        (Form::Anys, Value::Array(items)) => items.iter().rev().for_each(|item| any(number, item, out)),
        (Form::Basic, value) => basic(number, value, out),
        (Form::Text | Form::Bool | Form::Texts | Form::Many(_) | Form::TypeNames | Form::Anys, _) => {}
    }
}

fn one(number: u32, of: &Of, value: &Value, out: &mut Backwards) {
    let (path, table) = of.table(value);
    wrapped(number, path, out, |out| write(table, value, out));
}

fn wrapped(number: u32, path: &[u32], out: &mut Backwards, body: impl FnOnce(&mut Backwards)) {
    // Boxed, for a closure that recurses would have no end of types.
    let body: Box<dyn FnOnce(&mut Backwards) + '_> = Box::new(body);
    out.message(number, |out| match path.split_first() {
        Some((next, rest)) => wrapped(*next, rest, out, body),
        None => body(out),
    });
}

fn any(number: u32, value: &Value, out: &mut Backwards) {
    out.message(number, |out| out.bytes_field(2, yaml::to_string(value).as_bytes()));
}

/// A default of a basic type; those of other types can't be said.
fn basic(number: u32, value: &Value, out: &mut Backwards) {
    match value {
        Value::Int(_) | Value::Float(_) => out.message(number, |out| {
            out.bytes(&value.as_f64().unwrap_or(0.0).to_le_bytes());
            out.tag(1, FIXED64);
        }),
        Value::Bool(value) => out.message(number, |out| out.varint_field(2, u64::from(*value))),
        Value::String(text) => out.message(number, |out| out.bytes_field(3, text.as_bytes())),
        Value::Null | Value::Array(_) | Value::Object(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(dialect: Dialect, json: &str) -> Vec<u8> {
        message(dialect, &object::json::parse(json.as_bytes()).expect("JSON"))
    }

    #[test]
    fn documents_begin_with_their_version_and_keep_free_keys() {
        let v2 = made(
            Dialect::V2,
            r#"{"swagger":"2.0","definitions":{"A":{"type":"object","x-y":true,"properties":{"b":{"type":"string"}}}}}"#,
        );
        assert!(v2.starts_with(b"\x0a\x032.0\x4a"));
        let inner = b"\xb2\x01\x08\x0a\x06object\
            \xca\x01\x12\x0a\x10\x0a\x01b\x12\x0b\xb2\x01\x08\x0a\x06string\
            \xfa\x01\x0e\x0a\x03x-y\x12\x07\x12\x05true\n";
        assert!(v2.ends_with(inner), "{v2:x?}");
        let v3 = made(Dialect::V3, r#"{"openapi":"3.0.0"}"#);
        assert_eq!(v3, b"\x0a\x053.0.0");
    }

    #[test]
    fn choices_are_wrapped() {
        let v3 = made(Dialect::V3, r##"{"components":{"schemas":{"A":{"items":{"$ref":"#/B"}}}}}"##);
        assert_eq!(
            v3,
            b"\x2a\x17\x0a\x15\x0a\x13\x0a\x01A\x12\x0e\x0a\x0c\xf2\x01\x09\x0a\x07\x12\x05\x0a\x03#/B"
        );
    }
}
