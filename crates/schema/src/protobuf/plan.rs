//! The built-in types as messages: fields by number, with what writing and reading them takes, worked out once.

use std::sync::{Arc, LazyLock};

use object::{Text, Value};

use super::wire;
use crate::normalise::{always_written, keeps};
use crate::{Field, Scalar, Schema, Shape, Struct, TypeId, TypeRef, zero};

/// All messages.
pub(super) struct Plan {
    schema: Arc<Schema>,
    messages: Vec<MessagePlan>,
    /// By type; nothing for types that are no struct.
    ids: Vec<Option<u32>>,
}

/// A message.
#[derive(Default)]
pub(super) struct MessagePlan {
    /// Its name, for messages.
    pub name: Text,
    /// Its fields by number.
    pub slots: Vec<Slot>,
    /// The slots in order of their names.
    by_name: Vec<u8>,
    /// The field numbers below this one lead straight to slots.
    direct: [u8; DIRECT],
}

const DIRECT: usize = 32;
const NO_SLOT: u8 = u8::MAX;

/// A field of a message.
pub(super) struct Slot {
    /// Its number.
    pub number: u32,
    /// Its JSON name.
    pub name: Text,
    /// When it is written.
    pub label: Label,
    /// What one of its values is.
    pub form: Form,
    /// An empty value is left out of the normal form.
    pub drop_empty: bool,
    /// A null is left out of the normal form.
    pub drop_null: bool,
    /// What stands in the normal form although it is not set.
    pub zero: Option<Value>,
}

/// When a field is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Label {
    /// Always.
    Required,
    /// When it is there.
    Optional,
    /// As often as the list is long.
    Repeated,
    /// Once per entry of the map.
    Map,
    /// Always: a message whose fields stand beside the other fields in the object.
    Inline,
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// One of Go's basic types, or one with its own form of message.
    Scalar(Scalar),
    /// A quantity of a resource list: kept to thousandths.
    MilliQuantity,
    /// A message of the plan.
    Message(u32),
    /// A message with a list of texts, as named lists are.
    Texts,
    /// A message with a document of JSON.
    Raw,
    /// A message without fields.
    Nothing,
    /// A schema, or something else; with the message of the schema.
    SchemaOr(Alternative, u32),
}

/// What may stand where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Alternative {
    /// `true` or `false`.
    Bool,
    /// A list of schemas.
    Schemas,
    /// A list of texts.
    Texts,
}

impl Form {
    /// The wire type of a value on its own.
    pub fn wire(self) -> u8 {
        match self {
            Form::Scalar(Scalar::Bool | Scalar::Int32 | Scalar::Int64) => wire::VARINT,
            Form::Scalar(Scalar::Double) => wire::FIXED64,
            _ => wire::BYTES,
        }
    }
}

impl MessagePlan {
    /// The slot of a JSON name.
    pub fn slot_named(&self, name: &str) -> Option<usize> {
        let compare = |slot: &u8| self.slots[usize::from(*slot)].name.as_str().cmp(name);
        self.by_name.binary_search_by(compare).ok().map(|place| usize::from(self.by_name[place]))
    }

    /// The slot of a field number.
    pub fn slot(&self, number: u32) -> Option<usize> {
        match self.direct.get(number as usize) {
            Some(slot) => (*slot != NO_SLOT).then_some(usize::from(*slot)),
            None => self.slots.binary_search_by_key(&number, |slot| slot.number).ok(),
        }
    }
}

impl Plan {
    /// The plan of the built-in types.
    pub fn builtin() -> &'static Plan {
        static BUILTIN: LazyLock<Plan> = LazyLock::new(|| Plan::new(crate::builtin()));
        &BUILTIN
    }

    fn new(schema: Arc<Schema>) -> Plan {
        let mut count = 0..;
        let ids: Vec<Option<u32>> = schema
            .types
            .iter()
            .map(|ty| if matches!(ty.shape, Shape::Struct(_)) { count.next() } else { None })
            .collect();
        let mut builder = Builder { schema: &schema, ids: &ids, messages: Vec::new() };
        builder.messages.resize_with(ids.iter().flatten().count(), MessagePlan::default);
        for (id, message) in ids.iter().enumerate() {
            if let Some(message) = message {
                builder.fill(TypeId(id as u32), *message);
            }
        }
        let messages = builder.messages;
        assert!(messages.iter().all(|message| message.slots.len() <= super::encode::MOST_SLOTS));
        Plan { schema, messages, ids }
    }

    /// The message of a type, if it has one.
    pub fn message(&self, ty: TypeRef<'_>) -> Option<u32> {
        if !std::ptr::eq(ty.schema, &*self.schema) {
            return None;
        }
        *self.ids.get(ty.id.0 as usize)?
    }

    /// A message of this plan.
    pub fn get(&self, id: u32) -> &MessagePlan {
        &self.messages[id as usize]
    }
}

struct Builder<'s> {
    schema: &'s Schema,
    ids: &'s [Option<u32>],
    messages: Vec<MessagePlan>,
}

impl Builder<'_> {
    fn fill(&mut self, id: TypeId, message: u32) {
        let ty = self.schema.get(id);
        let Some(of) = ty.as_struct() else { return };
        let mut slots: Vec<Slot> = Vec::new();
        for field in &of.fields {
            let number =
                field.via.and_then(|via| of.inline.get(usize::from(via))).map_or(0, |inline| inline.1);
            match field.proto {
                Some(proto) if number == 0 => slots.push(self.slot(field, proto.number)),
                _ => {}
            }
        }
        slots.extend(self.inlined(of));
        slots.sort_by_key(|slot| slot.number);
        let mut direct = [NO_SLOT; DIRECT];
        for (index, slot) in slots.iter().enumerate() {
            if let Some(place) = direct.get_mut(slot.number as usize) {
                *place = index as u8;
            }
        }
        let name = ty.ty().name.rsplit('.').next().unwrap_or("").into();
        let mut by_name: Vec<u8> = (0..slots.len()).map(|index| index as u8).collect();
        by_name.sort_by_key(|index| slots[usize::from(*index)].name.as_str());
        self.messages[message as usize] = MessagePlan { name, slots, by_name, direct };
    }

    /// The embedded structs that are messages of their own.
    fn inlined(&self, of: &Struct) -> Vec<Slot> {
        let numbered = of.inline.iter().filter(|inline| inline.1 > 0);
        numbered
            .map(|(id, number)| {
                let name = self.schema.get(*id).ty().name.rsplit('.').next().unwrap_or("");
                Slot {
                    number: *number,
                    name: name.into(),
                    label: Label::Inline,
                    form: self.form(*id),
                    drop_empty: false,
                    drop_null: false,
                    zero: None,
                }
            })
            .collect()
    }

    fn slot(&self, field: &Field, number: u32) -> Slot {
        let ty = self.schema.get(field.ty);
        let named = !ty.ty().name.is_empty();
        let (label, form) = match ty.shape() {
            Shape::List(_) if named => (Label::Optional, Form::Texts),
            Shape::List(list) => (Label::Repeated, self.form(list.items)),
            Shape::Map(map) => (Label::Map, self.map_values(ty, map.values)),
            Shape::Scalar(Scalar::Bytes) => (Label::Optional, Form::Scalar(Scalar::Bytes)),
            _ if field.pointer => (Label::Optional, self.form(field.ty)),
            _ => (Label::Required, self.form(field.ty)),
        };
        let unset = if field.pointer { Value::Null } else { zero(ty) };
        Slot {
            number,
            name: field.name.clone(),
            label,
            form,
            drop_empty: !keeps(ty, field, &"".into()),
            drop_null: !keeps(ty, field, &Value::Null),
            zero: always_written(ty, field).then_some(unset),
        }
    }

    fn map_values(&self, ty: TypeRef<'_>, values: TypeId) -> Form {
        if crate::decode::is_resource_list(ty) { Form::MilliQuantity } else { self.form(values) }
    }

    /// What a value of a type is, where it is one of many or stands alone.
    fn form(&self, id: TypeId) -> Form {
        let ty = self.schema.get(id);
        let schema = || crate::decode::alternative(ty).and_then(|schema| self.ids[schema.id.0 as usize]);
        match (ty.shape(), ty.ty().name.rsplit('.').next().unwrap_or("")) {
            (Shape::Scalar(scalar), _) => Form::Scalar(*scalar),
            (Shape::Struct(_), _) => self.ids[id.0 as usize].map_or(Form::Nothing, Form::Message),
            (Shape::Any, "JSONSchemaPropsOrBool") => alternative(Alternative::Bool, schema()),
            (Shape::Any, "JSONSchemaPropsOrArray") => alternative(Alternative::Schemas, schema()),
            (Shape::Any, "JSONSchemaPropsOrStringArray") => alternative(Alternative::Texts, schema()),
            (Shape::Any, "Patch") => Form::Nothing,
            (Shape::Any, _) => Form::Raw,
            (Shape::List(_) | Shape::Map(_), _) => Form::Texts,
        }
    }
}

fn alternative(alternative: Alternative, schema: Option<u32>) -> Form {
    schema.map_or(Form::Nothing, |schema| Form::SchemaOr(alternative, schema))
}

impl Slot {
    /// The wire type that its values come in.
    pub fn wire(&self) -> u8 {
        if self.label == Label::Map { wire::BYTES } else { self.form.wire() }
    }

    /// Go's name of the field, for messages.
    pub fn go_name(&self) -> Text {
        let mut chars = self.name.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        match self.name.as_str() {
            "metadata" => "ObjectMeta".into(),
            _ => first.into_iter().chain(chars).collect(),
        }
    }
}
