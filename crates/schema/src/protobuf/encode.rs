//! Objects to messages, from the last field to the first.

use object::{Map, Value, json};

use super::buffer::Backwards;
use super::plan::{Alternative, Form, Label, Plan, Slot};
use super::special;
use super::wire;
use crate::Scalar;

/// The most fields that a message has, with room for some more.
pub(super) const MOST_SLOTS: usize = 64;

/// Writes the message `id` of an object. What is not as its type says is written as if it were not set.
pub(super) fn message(plan: &Plan, id: u32, object: &Map, out: &mut Backwards) {
    let message_plan = plan.get(id);
    // An object has few of its type's fields: its entries look for their slots, not the other way round.
    let mut values = [None; MOST_SLOTS];
    for (key, value) in object.iter() {
        if let Some(place) = message_plan.slot_named(key).and_then(|slot| values.get_mut(slot)) {
            *place = Some(value);
        }
    }
    for (slot, value) in message_plan.slots.iter().zip(values).rev() {
        if slot.label == Label::Inline {
            if let Form::Message(inner) = slot.form {
                out.message(slot.number, |out| message(plan, inner, object, out));
            }
            continue;
        }
        field(plan, slot, value.unwrap_or(&Value::Null), out);
    }
}

fn field(plan: &Plan, slot: &Slot, value: &Value, out: &mut Backwards) {
    match (slot.label, value) {
        (Label::Required, value) => single(plan, slot, value, out),
        (Label::Optional, Value::Null) => {}
        (Label::Optional, Value::String(text))
            if slot.form == Form::Scalar(Scalar::Bytes) && text.is_empty() => {}
        (Label::Optional, value) => single(plan, slot, value, out),
        (Label::Repeated, Value::Array(items)) => {
            items.iter().rev().for_each(|item| single(plan, slot, item, out));
        }
        (Label::Map, Value::Object(entries)) => {
            for (key, value) in entries.iter().rev() {
                out.message(slot.number, |out| {
                    self::value(plan, slot.form, value, out);
                    out.tag(2, slot.form.wire());
                    out.bytes_field(1, key.as_bytes());
                });
            }
        }
        (Label::Repeated | Label::Map | Label::Inline, _) => {}
    }
}

fn single(plan: &Plan, slot: &Slot, value: &Value, out: &mut Backwards) {
    self::value(plan, slot.form, value, out);
    out.tag(slot.number, slot.form.wire());
}

/// Writes one value; with its length, if its wire form has one.
fn value(plan: &Plan, form: Form, value: &Value, out: &mut Backwards) {
    match (form, value) {
        (Form::Scalar(Scalar::Bool), value) => out.varint(u64::from(value.as_bool().unwrap_or(false))),
        (Form::Scalar(Scalar::Int32 | Scalar::Int64), value) => {
            out.varint(value.as_i64().unwrap_or(0) as u64);
        }
        (Form::Scalar(Scalar::Double), value) => {
            out.bytes(&value.as_f64().unwrap_or(0.0).to_le_bytes());
        }
        (form, value) => out.prefixed(|out| body(plan, form, value, out)),
    }
}

/// Writes what stands behind a length.
fn body(plan: &Plan, form: Form, value: &Value, out: &mut Backwards) {
    static EMPTY: Map = Map::new();
    match (form, value) {
        (Form::Scalar(Scalar::String), value) => out.bytes(value.as_str().unwrap_or("").as_bytes()),
        (Form::Scalar(scalar), value) => special::write(scalar, value, out),
        (Form::MilliQuantity, value) => special::write(Scalar::Quantity, value, out),
        (Form::Message(id), value) => message(plan, id, value.as_object().unwrap_or(&EMPTY), out),
        (Form::Texts, Value::Array(items)) => texts(1, items, out),
        (Form::Raw, Value::Null) | (Form::Nothing | Form::Texts, _) => {}
        (Form::Raw, value) => out.bytes_field(1, &json::to_vec(value)),
        (Form::SchemaOr(alternative, schema), value) => {
            schema_or(plan, alternative, schema, value, out);
        }
    }
}

fn texts(number: u32, items: &[Value], out: &mut Backwards) {
    for item in items.iter().rev() {
        out.bytes_field(number, item.as_str().unwrap_or("").as_bytes());
    }
}

/// A schema's "schema or something else".
fn schema_or(plan: &Plan, alternative: Alternative, schema: u32, value: &Value, out: &mut Backwards) {
    let (schema_number, allows) = match alternative {
        Alternative::Bool => (2, Some(value.as_bool().unwrap_or(value.as_object().is_some()))),
        Alternative::Schemas | Alternative::Texts => (1, None),
    };
    match (alternative, value) {
        (Alternative::Texts, Value::Array(items)) => texts(2, items, out),
        (Alternative::Schemas, Value::Array(items)) => {
            for item in items.iter().rev() {
                out.prefixed(|out| body(plan, Form::Message(schema), item, out));
                out.tag(2, wire::BYTES);
            }
        }
        (_, Value::Object(object)) => {
            out.message(schema_number, |out| message(plan, schema, object, out));
        }
        _ => {}
    }
    if let Some(allows) = allows {
        out.varint_field(1, u64::from(allows));
    }
}
