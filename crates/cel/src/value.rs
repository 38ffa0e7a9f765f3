//! Values at run time.
//!
//! A value borrows from the object it came from and from the program: reading a field copies nothing. What an
//! expression makes is shared behind `Arc`.

use std::collections::BTreeMap;
use std::sync::Arc;

use object::Value as Json;

use crate::convert::from_json;
use crate::error::{CelError, Outcome};
use crate::opaque::Opaque;
use crate::time::Timestamp;
use crate::types::{Declared, ListKind, ObjectType, Type};

/// What an overload does: its arguments, the target of a member function first.
pub(crate) type Native = for<'a> fn(&[Value<'a>]) -> Outcome<'a>;

/// A value.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A float.
    Double(f64),
    /// Text.
    String(Text<'a>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A point in time.
    Timestamp(Timestamp),
    /// A span of time in nanoseconds.
    Duration(i64),
    /// A list.
    List(List<'a>),
    /// A map, or an object with declared fields.
    Map(Map<'a>),
    /// A type.
    Type(Type),
    /// A value or none.
    Optional(Option<Arc<Value<'a>>>),
    /// A value of a library.
    Opaque(Opaque),
    /// An object whose fields are computed when they are asked for.
    Host(Host<'a>),
}

/// Text, borrowed or shared.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    /// Borrowed from an object or a program.
    Borrowed(&'a str),
    /// Made by an expression.
    Shared(Arc<str>),
}

impl Text<'_> {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Shared(text) => text,
        }
    }
}

/// A list.
#[derive(Clone, Debug)]
pub enum List<'a> {
    /// A list of an object, with what its schema declares.
    Json(&'a [Json], Option<&'a Declared>),
    /// Made by an expression.
    Shared(Arc<Vec<Value<'a>>>),
}

/// What is known of a map's values.
#[derive(Clone, Copy, Debug)]
pub enum Fields<'a> {
    /// Nothing.
    Unknown,
    /// They are all of one kind.
    All(&'a Declared),
    /// It is an object with these fields; no others can be seen.
    Of(&'a ObjectType),
}

/// A map.
#[derive(Clone, Debug)]
pub enum Map<'a> {
    /// An object's map, with what its schema declares.
    Json(&'a object::Map, Fields<'a>),
    /// Made by an expression.
    Shared(Arc<BTreeMap<Key, (Value<'a>, Value<'a>)>>),
}

/// Fields that are computed when they are asked for.
pub trait Lazy: Send + Sync {
    /// The field's value; nothing if there is no such field.
    fn field<'a>(&'a self, name: &str) -> Option<Outcome<'a>>;
}

/// A reference to a [`Lazy`] object.
#[derive(Clone, Copy)]
pub struct Host<'a>(pub &'a dyn Lazy);

impl std::fmt::Debug for Host<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Host")
    }
}

/// A map's key; equal numbers are one key whatever their type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// `true` or `false`.
    Bool(bool),
    /// An integer of any type.
    Number(i128),
    /// Text.
    String(Box<str>),
}

impl Key {
    /// The key that a value is, if it can be one.
    pub(crate) fn of(value: &Value<'_>) -> Option<Key> {
        Some(match value {
            Value::Bool(value) => Key::Bool(*value),
            Value::Int(number) => Key::Number((*number).into()),
            Value::Uint(number) => Key::Number((*number).into()),
            Value::Double(number) if number.fract() == 0.0 && number.abs() < 1.8e19 => {
                Key::Number(*number as i128)
            }
            Value::String(text) => Key::String(text.as_str().into()),
            _ => return None,
        })
    }
}

impl<'a> List<'a> {
    /// How many elements there are.
    pub fn len(&self) -> usize {
        match self {
            List::Json(items, _) => items.len(),
            List::Shared(items) => items.len(),
        }
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The element at `index`; nothing past the end, an error if its JSON is not what the schema says.
    pub fn get(&self, index: usize) -> Option<Outcome<'a>> {
        match self {
            List::Json(items, declared) => {
                let declared = declared.and_then(|declared| declared.items.as_deref());
                Some(from_json(items.get(index)?, declared))
            }
            List::Shared(items) => items.get(index).cloned().map(Ok),
        }
    }
    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = Outcome<'a>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
    pub(crate) fn kind(&self) -> &'a ListKind {
        match self {
            List::Json(_, Some(declared)) => &declared.list,
            _ => &ListKind::Atomic,
        }
    }
}

impl<'a> Map<'a> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        match self {
            Map::Json(map, _) => map.len(),
            Map::Shared(map) => map.len(),
        }
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value under a JSON name, which an object's expression spells `escaped`.
    pub(crate) fn field(&self, name: &str, escaped: &str) -> Option<Outcome<'a>> {
        match self {
            Map::Json(map, Fields::Of(object)) => {
                let declared = object.by_json_name.get(name)?;
                Some(from_json(map.get(name)?, Some(declared)))
            }
            Map::Json(map, Fields::All(declared)) => Some(from_json(map.get(escaped)?, Some(declared))),
            Map::Json(map, Fields::Unknown) => Some(from_json(map.get(escaped)?, None)),
            Map::Shared(map) => map.get(&Key::String(escaped.into())).map(|entry| Ok(entry.1.clone())),
        }
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &Value<'a>) -> Option<Outcome<'a>> {
        match (self, key) {
            (Map::Json(..), Value::String(text)) => {
                let escaped = text.as_str();
                self.field(&crate::escape::unescape(escaped).unwrap_or_else(|| escaped.to_owned()), escaped)
            }
            (Map::Json(..), _) => None,
            (Map::Shared(map), key) => map.get(&Key::of(key)?).map(|entry| Ok(entry.1.clone())),
        }
    }

    /// The keys, as an expression sees them.
    pub fn keys(&self) -> Box<dyn Iterator<Item = Value<'a>> + '_> {
        match self {
            Map::Json(map, Fields::Of(_)) => {
                let map: &'a object::Map = map;
                Box::new(map.keys().map(|key| match crate::escape::escape(key) {
                    Some(escaped) if escaped != key => Value::from(escaped),
                    _ => Value::String(Text::Borrowed(key)),
                }))
            }
            Map::Json(map, _) => {
                let map: &'a object::Map = map;
                Box::new(map.keys().map(|key| Value::String(Text::Borrowed(key))))
            }
            Map::Shared(map) => Box::new(map.values().map(|entry| entry.0.clone())),
        }
    }

    /// The keys and their values.
    pub fn entries(&self) -> Box<dyn Iterator<Item = (Value<'a>, Outcome<'a>)> + '_> {
        match self {
            Map::Json(map, fields) => {
                let (map, fields): (&'a object::Map, Fields<'a>) = (map, *fields);
                Box::new(self.keys().zip(map.iter()).map(move |(key, (name, value))| {
                    let declared = match fields {
                        Fields::Unknown => None,
                        Fields::All(declared) => Some(declared),
                        Fields::Of(object) => object.by_json_name.get(name).map(|declared| &**declared),
                    };
                    (key, from_json(value, declared))
                }))
            }
            Map::Shared(map) => Box::new(map.values().map(|(key, value)| (key.clone(), Ok(value.clone())))),
        }
    }
}

impl<'a> Value<'a> {
    /// Borrowed text.
    pub fn str(text: &'a str) -> Value<'a> {
        Value::String(Text::Borrowed(text))
    }
    /// A list that an expression made.
    pub fn list(items: Vec<Value<'a>>) -> Value<'a> {
        Value::List(List::Shared(Arc::new(items)))
    }
    /// An optional that holds `value`.
    pub fn some(value: Value<'a>) -> Value<'a> {
        Value::Optional(Some(Arc::new(value)))
    }

    /// The value's type, without parameters.
    pub fn type_of(&self) -> Type {
        match self {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Uint(_) => Type::Uint,
            Value::Double(_) => Type::Double,
            Value::String(_) => Type::String,
            Value::Bytes(_) => Type::Bytes,
            Value::Timestamp(_) => Type::Timestamp,
            Value::Duration(_) => Type::Duration,
            Value::List(_) => Type::list(Type::Dyn),
            Value::Map(_) | Value::Host(_) => Type::map(Type::Dyn, Type::Dyn),
            Value::Type(_) => Type::Type(None),
            Value::Optional(_) => Type::optional(Type::Dyn),
            Value::Opaque(opaque) => Type::opaque(opaque.type_name()),
        }
    }

    /// The name of the value's type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::String(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::Timestamp(_) => "google.protobuf.Timestamp",
            Value::Duration(_) => "google.protobuf.Duration",
            Value::List(_) => "list",
            Value::Map(_) | Value::Host(_) => "map",
            Value::Type(_) => "type",
            Value::Optional(_) => "optional_type",
            Value::Opaque(opaque) => opaque.type_name(),
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The size that costs are computed of: characters, bytes, elements; 1 for what has no size.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Value::String(text) => text.as_str().chars().count() as u64,
            Value::Bytes(bytes) => bytes.len() as u64,
            Value::List(list) => list.len() as u64,
            Value::Map(map) => map.len() as u64,
            Value::Optional(Some(value)) => value.size(),
            Value::Opaque(opaque) => opaque.size(),
            _ => 1,
        }
    }

    /// Whether an argument of this value fits a declared type.
    pub(crate) fn fits(&self, ty: &Type) -> bool {
        match (ty, self) {
            (Type::Dyn | Type::Param(_), _)
            | (Type::Null, Value::Null)
            | (Type::Bool, Value::Bool(_))
            | (Type::Int, Value::Int(_))
            | (Type::Uint, Value::Uint(_))
            | (Type::Double, Value::Double(_))
            | (Type::String, Value::String(_))
            | (Type::Bytes, Value::Bytes(_))
            | (Type::Timestamp, Value::Timestamp(_))
            | (Type::Duration, Value::Duration(_))
            | (Type::Map(..) | Type::Object(_), Value::Map(_) | Value::Host(_))
            | (Type::Type(_), Value::Type(_)) => true,
            (Type::List(items), Value::List(list)) => match (&**items, list.get(0)) {
                (_, None) => true,
                (items, Some(Ok(first))) => first.fits(items),
                (_, Some(Err(_))) => true,
            },
            (Type::Opaque(crate::types::OPTIONAL, inner), Value::Optional(value)) => {
                match (value, inner.first()) {
                    (Some(value), Some(inner)) => value.fits(inner),
                    _ => true,
                }
            }
            (Type::Opaque(name, _), Value::Opaque(opaque)) => *name == opaque.type_name(),
            _ => false,
        }
    }

    /// Whether the value is its type's empty one.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Bool(value) => !value,
            Value::Int(number) => *number == 0,
            Value::Uint(number) => *number == 0,
            Value::Double(number) => *number == 0.0,
            Value::String(text) => text.as_str().is_empty(),
            Value::Bytes(bytes) => bytes.is_empty(),
            Value::Timestamp(time) => time.is_zero(),
            Value::Duration(span) => *span == 0,
            Value::List(list) => list.is_empty(),
            Value::Map(map) => map.is_empty(),
            Value::Optional(value) => value.is_none(),
            Value::Type(_) | Value::Opaque(_) | Value::Host(_) => false,
        }
    }

    /// A field of a map or an object, as a run-time error if there is none.
    pub(crate) fn no_such_key(key: &str) -> CelError {
        CelError::new(format!("no such key: {key}"))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}
impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}
impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::String(Text::Shared(text.into()))
    }
}
