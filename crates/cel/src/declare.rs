//! From the structural schema of a custom resource to declared types.
//!
//! Bounds that the schema does not state are estimated from the largest request a server takes.

use std::collections::HashMap;
use std::sync::Arc;

use object::Value as Json;

use crate::types::{Declared, Format, ListKind, ObjectType, Type};

/// The largest request in bytes.
pub(crate) const MAX_REQUEST: i64 = 3 * 1024 * 1024;
/// The longest duration and time as JSON, in bytes.
const MAX_TIME: u64 = 32;
/// A date as JSON, in bytes.
const DATE: i64 = 12;

/// What `schema` (a JSONSchemaProps in JSON) declares; nothing if it has no type that expressions can have.
/// `resource`: the schema is of a whole object, so kind, apiVersion and parts of metadata are always there.
pub fn declare(schema: &Json, resource: bool) -> Option<Arc<Declared>> {
    Declarer.declare(schema, resource, "selfType").map(Arc::new)
}

fn flag(schema: &Json, name: &str) -> bool {
    schema.get(name).and_then(Json::as_bool).unwrap_or(false)
}

fn bound(schema: &Json, name: &str) -> Option<u64> {
    schema.get(name).and_then(Json::as_i64).map(|bound| bound.max(0) as u64)
}

/// Whether a schema is of a whole object within another one.
pub(crate) fn is_embedded(schema: &Json) -> bool {
    flag(schema, "x-kubernetes-embedded-resource")
}

struct Declarer;

impl Declarer {
    fn declare(&self, schema: &Json, resource: bool, name: &str) -> Option<Declared> {
        let mut declared = self.declare_type(schema, resource, name)?;
        declared.nullable = flag(schema, "nullable");
        Some(declared)
    }

    fn declare_type(&self, schema: &Json, resource: bool, name: &str) -> Option<Declared> {
        if flag(schema, "x-kubernetes-int-or-string") {
            return Some(Declared {
                max_elements: (MAX_REQUEST - 2) as u64,
                min_serialized_size: 1,
                format: Format::IntOrString,
                ..Declared::of(Type::Dyn)
            });
        }
        match schema.str_at(["type"]) {
            "array" => self.list(schema, name),
            "object" => self.object(schema, resource, name),
            "string" => Some(text(schema)),
            "boolean" => Some(Declared { min_serialized_size: 4, ..Declared::of(Type::Bool) }),
            "number" => Some(Declared { min_serialized_size: 1, ..Declared::of(Type::Double) }),
            "integer" => Some(Declared { min_serialized_size: 1, ..Declared::of(Type::Int) }),
            _ => None,
        }
    }

    fn list(&self, schema: &Json, name: &str) -> Option<Declared> {
        let items = schema.get("items")?;
        let items = self.declare(items, is_embedded(items), &format!("{name}.@idx"))?;
        let estimated = (MAX_REQUEST - 2) / (items.min_serialized_size + 1);
        let list = match schema.str_at(["x-kubernetes-list-type"]) {
            "set" => ListKind::Set,
            "map" => ListKind::Map(
                schema
                    .items_at(["x-kubernetes-list-map-keys"])
                    .iter()
                    .filter_map(|key| key.as_str().map(str::to_owned))
                    .collect(),
            ),
            _ => ListKind::Atomic,
        };
        Some(Declared {
            max_elements: bound(schema, "maxItems").unwrap_or(estimated as u64),
            min_serialized_size: 2,
            list,
            ..Declared { items: Some(Arc::new(items.clone())), ..Declared::of(Type::list(items.ty)) }
        })
    }

    fn object(&self, schema: &Json, resource: bool, name: &str) -> Option<Declared> {
        if !resource && let Some(values @ Json::Object(_)) = schema.get("additionalProperties") {
            let values = self.declare(values, is_embedded(values), &format!("{name}.@elem"))?;
            let estimated = (MAX_REQUEST - 2) / (values.min_serialized_size + 6);
            let ty = Type::map(Type::String, values.ty.clone());
            return Some(Declared {
                max_elements: bound(schema, "maxProperties").unwrap_or(estimated as u64),
                min_serialized_size: 2,
                items: Some(Arc::new(values)),
                ..Declared::of(ty)
            });
        }
        let mut object = ObjectType { name: name.to_owned(), ..ObjectType::default() };
        let mut size = 2;
        let required =
            |name: &str| schema.items_at(["required"]).iter().any(|field| field.as_str() == Some(name));
        let empty = object::Map::new();
        let properties = schema.get("properties").and_then(Json::as_object).unwrap_or(&empty);
        for (property, of) in properties.iter() {
            if resource && matches!(property, "apiVersion" | "kind" | "metadata") {
                continue;
            }
            let Some(field) = self.declare(of, is_embedded(of), &format!("{name}.{property}")) else {
                continue;
            };
            if required(property) && of.get("default").is_none() {
                size += property.len() as i64 + field.min_serialized_size + 4;
            }
            add_field(&mut object, property, Arc::new(field));
        }
        if resource {
            add_type_and_metadata(&mut object);
            for (field, of) in [("apiVersion", 2), ("kind", 2), ("metadata", 2)] {
                if required(field) {
                    size += field.len() as i64 + of + 4;
                }
            }
        }
        Some(Declared { min_serialized_size: size, ..Declared::of(Type::Object(Arc::new(object))) })
    }
}

fn add_field(object: &mut ObjectType, name: &str, declared: Arc<Declared>) {
    if let Some(escaped) = crate::escape::escape(name) {
        object.fields.insert(escaped, declared.clone());
        object.by_json_name.insert(name.to_owned(), declared);
    }
}

/// What every whole object has.
fn add_type_and_metadata(object: &mut ObjectType) {
    let text = Arc::new(Declared {
        max_elements: (MAX_REQUEST - 2) as u64,
        min_serialized_size: 2,
        ..Declared::of(Type::String)
    });
    let mut metadata = ObjectType {
        name: format!("{}.metadata", object.name),
        fields: HashMap::new(),
        ..ObjectType::default()
    };
    add_field(&mut metadata, "name", text.clone());
    add_field(&mut metadata, "generateName", text.clone());
    let metadata = Declared { min_serialized_size: 2, ..Declared::of(Type::Object(Arc::new(metadata))) };
    add_field(object, "apiVersion", text.clone());
    add_field(object, "kind", text);
    add_field(object, "metadata", Arc::new(metadata));
}

fn text(schema: &Json) -> Declared {
    let time = |ty, format, max, min| Declared {
        max_elements: max,
        min_serialized_size: min,
        format,
        ..Declared::of(ty)
    };
    match schema.str_at(["format"]) {
        "byte" => Declared {
            max_elements: bound(schema, "maxLength").unwrap_or((MAX_REQUEST - 2) as u64),
            min_serialized_size: 2,
            format: Format::Bytes,
            ..Declared::of(Type::Bytes)
        },
        "duration" => time(Type::Duration, Format::Duration, MAX_TIME, 3),
        "date" => time(Type::Timestamp, Format::Date, DATE as u64, DATE),
        "date-time" => time(Type::Timestamp, Format::DateTime, MAX_TIME, 21),
        _ => Declared { max_elements: longest(schema), min_serialized_size: 2, ..Declared::of(Type::String) },
    }
}

/// The most bytes of a text.
fn longest(schema: &Json) -> u64 {
    if let Some(characters) = bound(schema, "maxLength") {
        return characters.saturating_mul(4);
    }
    let values = schema.items_at(["enum"]).iter();
    match values.filter_map(|value| value.as_str().map(str::len)).max() {
        Some(longest) => longest as u64,
        None => (MAX_REQUEST - 2) as u64,
    }
}
