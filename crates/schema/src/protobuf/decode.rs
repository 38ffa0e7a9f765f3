//! Messages to objects in normal form.

use object::{Map, Text, Value, json};

use super::Error;
use super::plan::{Alternative, Form, Label, Plan, Slot};
use super::special;
use super::wire::Reader;
use crate::normalise::is_empty;
use crate::{Scalar, decode::round_up_to_milli};

/// How deep messages may nest. Only JSON schemas hold themselves; theirs are shallow.
const MAX_DEPTH: usize = 500;
/// How many messages, list elements and map entries there may be: two bytes can stand for a whole empty container,
/// and a body's size alone would not bound the memory its object takes.
const MAX_VALUES: usize = 1 << 20;

/// The object in normal form that the message `id` stands for.
pub(super) fn object(plan: &Plan, id: u32, bytes: &[u8]) -> Result<Value, Error> {
    let mut decoder = Decoder { plan, depth: 0, values: 0 };
    decoder.object(id, bytes, Vec::new()).map(Value::Object)
}

type Entries = Vec<(Text, Value)>;

struct Decoder<'p> {
    plan: &'p Plan,
    depth: usize,
    values: usize,
}

/// The maps of a message that is being read: entries are sorted once, at the end.
type Maps = Vec<(Text, Entries)>;

impl Decoder<'_> {
    /// A message, read into what `entries` already hold of it (a field that comes twice is merged).
    fn object(&mut self, id: u32, bytes: &[u8], mut entries: Entries) -> Result<Map, Error> {
        let seen = if entries.is_empty() { 0 } else { u128::MAX };
        self.message(id, bytes, seen, &mut entries)?;
        Ok(Map::from_entries(entries))
    }

    fn message(&mut self, id: u32, bytes: &[u8], mut seen: u128, entries: &mut Entries) -> Result<(), Error> {
        self.count()?;
        if self.depth == MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        self.depth += 1;
        let message = self.plan.get(id);
        let mut maps = Maps::new();
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            let (number, wire) = reader.tag(&message.name)?;
            let Some(index) = message.slot(number) else {
                reader.skip(wire)?;
                continue;
            };
            let slot = &message.slots[index];
            let bit = 1 << index;
            let again = seen & bit != 0;
            seen |= bit;
            self.field(slot, wire, &mut reader, again, entries, &mut maps)?;
        }
        for (name, mut added) in maps {
            let mut map = match take(entries, &name) {
                Some(Value::Object(map)) => map.into_entries(),
                _ => Vec::new(),
            };
            map.append(&mut added);
            entries.push((name, Value::Object(Map::from_entries(map))));
        }
        self.unset(id, seen, entries);
        self.depth -= 1;
        Ok(())
    }

    /// Puts in what stands in the normal form although it is not set.
    fn unset(&self, id: u32, seen: u128, entries: &mut Entries) {
        for (index, slot) in self.plan.get(id).slots.iter().enumerate() {
            match (&slot.zero, slot.form) {
                _ if seen & (1 << index) != 0 => {}
                (Some(zero), _) => entries.push((slot.name.clone(), zero.clone())),
                (None, Form::Message(inner)) if slot.label == Label::Inline => self.unset(inner, 0, entries),
                (None, _) => {}
            }
        }
    }

    fn field(
        &mut self,
        slot: &Slot,
        wire: u8,
        reader: &mut Reader<'_>,
        again: bool,
        entries: &mut Entries,
        maps: &mut Maps,
    ) -> Result<(), Error> {
        if wire != slot.wire() {
            return self.packed(slot, wire, reader, again, entries);
        }
        match (slot.label, slot.form) {
            (Label::Inline, Form::Message(id)) => {
                let seen = if again { u128::MAX } else { 0 };
                self.message(id, reader.bytes()?, seen, entries)
            }
            (Label::Map, form) => {
                let entry = self.entry(form, reader.bytes()?)?;
                match maps.iter_mut().rev().find(|(name, _)| *name == slot.name) {
                    Some((_, entries)) => entries.push(entry),
                    None => maps.push((slot.name.clone(), vec![entry])),
                }
                Ok(())
            }
            (Label::Repeated, form) => {
                let item = self.value(form, reader, None)?;
                push(slot, item, again, entries);
                Ok(())
            }
            (Label::Required | Label::Optional | Label::Inline, form) => {
                let before = if again { take(entries, &slot.name) } else { None };
                let value = self.value(form, reader, before)?;
                if keeps(slot, &value) {
                    entries.push((slot.name.clone(), value));
                }
                Ok(())
            }
        }
    }

    /// A list of numbers in one piece; anything else of another wire type than its field's is an error.
    fn packed(
        &mut self,
        slot: &Slot,
        wire: u8,
        reader: &mut Reader<'_>,
        mut again: bool,
        entries: &mut Entries,
    ) -> Result<(), Error> {
        let numbers = slot.label == Label::Repeated && slot.form.wire() != super::wire::BYTES;
        if !numbers || wire != super::wire::BYTES {
            return Err(Error::WrongWireType(wire, slot.go_name()));
        }
        let mut reader = Reader::new(reader.bytes()?);
        while !reader.is_empty() {
            let item = self.value(slot.form, &mut reader, None)?;
            push(slot, item, again, entries);
            again = true;
        }
        Ok(())
    }

    /// A value of its form's wire type. `before` is what an earlier message of the same field said.
    fn value(&mut self, form: Form, reader: &mut Reader<'_>, before: Option<Value>) -> Result<Value, Error> {
        self.count()?;
        Ok(match form {
            Form::Scalar(Scalar::Bool) => (reader.varint()? != 0).into(),
            Form::Scalar(Scalar::Int32) => i64::from(reader.varint()? as i32).into(),
            Form::Scalar(Scalar::Int64) => (reader.varint()? as i64).into(),
            Form::Scalar(Scalar::Double) => special::double(f64::from_bits(reader.fixed64()?))?,
            form => self.body(form, reader.bytes()?, before)?,
        })
    }

    /// A value that stood behind its length.
    fn body(&mut self, form: Form, bytes: &[u8], before: Option<Value>) -> Result<Value, Error> {
        Ok(match form {
            Form::Scalar(scalar) => special::read(scalar, bytes)?,
            Form::MilliQuantity => {
                let mut quantity = special::read(Scalar::Quantity, bytes)?;
                round_up_to_milli(&mut quantity);
                quantity
            }
            Form::Message(id) => {
                let entries = match before {
                    Some(Value::Object(map)) => map.into_entries(),
                    _ => Vec::new(),
                };
                Value::Object(self.object(id, bytes, entries)?)
            }
            Form::Texts => Value::Array(self.texts(1, bytes)?),
            Form::Raw => raw(bytes)?,
            Form::Nothing => Value::object(),
            Form::SchemaOr(alternative, schema) => self.schema_or(alternative, schema, bytes)?,
        })
    }

    /// One entry of a map; what is missing is empty.
    fn entry(&mut self, form: Form, bytes: &[u8]) -> Result<(Text, Value), Error> {
        let mut key = Text::default();
        let mut value = None;
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            match reader.tag("Entry")? {
                (1, super::wire::BYTES) => key = special::text(reader.bytes()?),
                (2, wire) if wire == form.wire() => value = Some(self.value(form, &mut reader, None)?),
                (_, wire) => reader.skip(wire)?,
            }
        }
        let value = match value {
            Some(value) => value,
            None if form.wire() == super::wire::BYTES => self.body(form, b"", None)?,
            None if form == Form::Scalar(Scalar::Bool) => false.into(),
            None => 0.into(),
        };
        Ok((key, value))
    }

    fn texts(&mut self, wanted: u32, bytes: &[u8]) -> Result<Vec<Value>, Error> {
        let mut texts = Vec::new();
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            match reader.tag("Items")? {
                (number, super::wire::BYTES) if number == wanted => {
                    self.count()?;
                    texts.push(special::text(reader.bytes()?).into());
                }
                (_, wire) => reader.skip(wire)?,
            }
        }
        Ok(texts)
    }

    /// A schema's "schema or something else", in the order in which the original's JSON prefers them.
    fn schema_or(&mut self, alternative: Alternative, schema: u32, bytes: &[u8]) -> Result<Value, Error> {
        let schema_number = if alternative == Alternative::Bool { 2 } else { 1 };
        let (mut allows, mut found, mut schemas) = (false, None, Vec::new());
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            match (alternative, reader.tag("JSONSchemaPropsOr")?) {
                (_, (number, super::wire::BYTES)) if number == schema_number => {
                    found = Some(self.body(Form::Message(schema), reader.bytes()?, found)?);
                }
                (Alternative::Bool, (1, super::wire::VARINT)) => allows = reader.varint()? != 0,
                (Alternative::Schemas, (2, super::wire::BYTES)) => {
                    schemas.push(self.body(Form::Message(schema), reader.bytes()?, None)?);
                }
                (_, (_, wire)) => reader.skip(wire)?,
            }
        }
        let items = match alternative {
            Alternative::Texts => self.texts(2, bytes)?,
            Alternative::Schemas | Alternative::Bool => schemas,
        };
        Ok(match (items.is_empty(), found, alternative) {
            (false, ..) => Value::Array(items),
            (true, Some(schema), _) => schema,
            (true, None, Alternative::Bool) => allows.into(),
            (true, None, _) => Value::Null,
        })
    }

    fn count(&mut self) -> Result<(), Error> {
        self.values += 1;
        if self.values > MAX_VALUES { Err(Error::TooMany) } else { Ok(()) }
    }
}

/// A document of JSON within a message.
fn raw(bytes: &[u8]) -> Result<Value, Error> {
    match special::parts(bytes, "RawExtension")?.texts[0] {
        b"" => Ok(Value::Null),
        json => json::parse(json).map_err(|error| Error::Invalid(error.to_string().into())),
    }
}

/// Takes a field out that is there already.
fn take(entries: &mut Entries, name: &str) -> Option<Value> {
    let index = entries.iter().rposition(|entry| entry.0 == name)?;
    Some(entries.remove(index).1)
}

/// Adds an element to a list.
fn push(slot: &Slot, item: Value, again: bool, entries: &mut Entries) {
    let found = if again { entries.iter_mut().rev().find(|entry| entry.0 == slot.name) } else { None };
    match found {
        Some((_, Value::Array(items))) => items.push(item),
        Some((_, other)) => *other = vec![item].into(),
        None => entries.push((slot.name.clone(), vec![item].into())),
    }
}

/// Whether a field with `value` is part of the normal form.
fn keeps(slot: &Slot, value: &Value) -> bool {
    match value {
        Value::Null => !slot.drop_null,
        value => !(slot.drop_empty && is_empty(value)),
    }
}
