//! The form that an object has after Go decoded and encoded it: what is empty is left out or written as its zero
//! value, as each field's tag says.

use object::{Map, Value};

use crate::{Additional, Field, Omit, Scalar, Shape, Struct, TypeRef};

/// Brings `value`, whose parts have the right types, into normal form: unset fields that are always written get
/// their zero value, empty ones that are not are removed, nulls are dropped. Doing it again changes nothing.
pub fn normalise(ty: TypeRef<'_>, value: &mut Value) {
    match (ty.shape(), value) {
        (Shape::Struct(of), Value::Object(map)) => normalise_struct(ty, of, map),
        (Shape::List(list), Value::Array(items)) => {
            items.iter_mut().for_each(|item| normalise(ty.schema.get(list.items), item));
        }
        (Shape::Map(map), Value::Object(entries)) => {
            entries.iter_mut().for_each(|(_, entry)| normalise(ty.schema.get(map.values), entry));
        }
        (Shape::Struct(_), value @ Value::Null) => *value = zero(ty),
        // In a list or a map; Go leaves the zero value there.
        (Shape::Scalar(_), value @ Value::Null) => *value = zero(ty),
        _ => {}
    }
}

fn normalise_struct(ty: TypeRef<'_>, of: &Struct, map: &mut Map) {
    map.retain(|key, value| match of.field(key) {
        Some(field) => {
            if !value.is_null() {
                normalise(ty.schema.get(field.ty), value);
            }
            keeps(ty.schema.get(field.ty), field, value)
        }
        None => {
            if let Additional::Typed(id) = of.additional {
                normalise(ty.schema.get(id), value);
            }
            true
        }
    });
    for field in &of.fields {
        if !map.contains(&field.name) && always_written(ty.schema.get(field.ty), field) {
            let value = if field.pointer { Value::Null } else { zero(ty.schema.get(field.ty)) };
            map.insert(field.name.clone(), value);
        }
    }
}

/// Makes empty lists and maps that are written all the same (`"rules":[]`) unset (`"rules":null`), as protobuf, which
/// can't tell them apart, does to whatever is stored in it.
pub fn forget_empty(ty: TypeRef<'_>, value: &mut Value) {
    match (ty.shape(), value) {
        (Shape::Struct(of), Value::Object(map)) => {
            for field in &of.fields {
                let Some(value) = map.get_mut(&field.name) else { continue };
                let field_type = ty.schema.get(field.ty);
                let collection = matches!(field_type.shape(), Shape::List(_) | Shape::Map(_));
                if collection && !field.pointer && is_empty(value) {
                    *value = Value::Null;
                } else {
                    forget_empty(field_type, value);
                }
            }
        }
        (Shape::List(list), Value::Array(items)) => {
            items.iter_mut().for_each(|item| forget_empty(ty.schema.get(list.items), item));
        }
        (Shape::Map(map), Value::Object(entries)) => {
            entries.iter_mut().for_each(|(_, entry)| forget_empty(ty.schema.get(map.values), entry));
        }
        _ => {}
    }
}

/// Whether a field that has `value` is written.
pub(crate) fn keeps(ty: TypeRef<'_>, field: &Field, value: &Value) -> bool {
    match field.omit {
        Omit::Never => !value.is_null() || field.nullable || field.pointer || zero(ty).is_null(),
        Omit::Empty if field.pointer => !value.is_null() || field.nullable,
        Omit::Empty if written_when_zero(ty) => !value.is_null() || zero(ty).is_null(),
        Omit::Empty | Omit::Zero => !is_empty(value) || (value.is_null() && field.nullable),
    }
}

/// Whether a field that is unset is written all the same.
pub(crate) fn always_written(ty: TypeRef<'_>, field: &Field) -> bool {
    match field.omit {
        Omit::Never => true,
        Omit::Empty => !field.pointer && written_when_zero(ty),
        Omit::Zero => false,
    }
}

/// Go's `omitempty` never leaves a struct out; times, quantities and the like are structs there.
fn written_when_zero(ty: TypeRef<'_>) -> bool {
    match ty.shape() {
        Shape::Struct(_) => true,
        Shape::Scalar(scalar) => matches!(
            scalar,
            Scalar::Time | Scalar::MicroTime | Scalar::Duration | Scalar::Quantity | Scalar::IntOrString
        ),
        Shape::List(_) | Shape::Map(_) | Shape::Any => false,
    }
}

pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Int(number) => *number == 0,
        Value::Float(number) => *number == 0.0,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

/// What Go's encoder writes for a value that was never set.
pub fn zero(ty: TypeRef<'_>) -> Value {
    match ty.shape() {
        Shape::Struct(of) => {
            let mut map = Map::new();
            normalise_struct(ty, of, &mut map);
            Value::Object(map)
        }
        Shape::List(_) | Shape::Map(_) | Shape::Any => Value::Null,
        Shape::Scalar(scalar) => match scalar {
            Scalar::String | Scalar::Bytes => "".into(),
            Scalar::Bool => false.into(),
            Scalar::Int32 | Scalar::Int64 | Scalar::Double | Scalar::IntOrString => 0.into(),
            Scalar::Time | Scalar::MicroTime => Value::Null,
            Scalar::Duration => "0s".into(),
            Scalar::Quantity => "0".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    fn normal(kind: (&str, &str, &str), json: &str) -> String {
        let schema = builtin();
        let ty = schema.of_kind(kind.0, kind.1, kind.2).expect("a built-in kind");
        let mut value = object::json::parse(json.as_bytes()).expect("JSON");
        normalise(ty, &mut value);
        let once = value.clone();
        normalise(ty, &mut value);
        assert_eq!(value, once, "twice is once");
        object::json::to_string(&value)
    }

    #[test]
    fn empty_and_unset_fields() {
        let cases = [
            (("", "v1", "ConfigMap"), r#"{"data":{}}"#, r#"{"metadata":{}}"#),
            (
                ("", "v1", "ConfigMap"),
                r#"{"data":null,"immutable":false}"#,
                r#"{"immutable":false,"metadata":{}}"#,
            ),
            (("", "v1", "Secret"), r#"{"type":""}"#, r#"{"metadata":{}}"#),
            (
                ("apps", "v1", "Deployment"),
                r#"{"spec":{"replicas":0,"paused":false}}"#,
                r#"{"metadata":{},"spec":{"replicas":0,"selector":null,"strategy":{},"template":{"metadata":{},"spec":{"containers":null}}},"status":{}}"#,
            ),
        ];
        for (kind, json, expected) in cases {
            assert_eq!(normal(kind, json), expected);
        }
    }

    #[test]
    fn protobuf_forgets_empty_lists() {
        let schema = builtin();
        let ty = schema.of_kind("rbac.authorization.k8s.io", "v1", "ClusterRole").unwrap();
        let json = br#"{"rules":[],"aggregationRule":{}}"#;
        let mut value = object::json::parse(json).unwrap();
        normalise(ty, &mut value);
        forget_empty(ty, &mut value);
        assert_eq!(value.get("rules"), Some(&Value::Null));
        assert_eq!(value.get("aggregationRule"), Some(&Value::object()));
    }

    #[test]
    fn an_events_unset_times_are_null() {
        let event = normal(("", "v1", "Event"), "{}");
        assert!(event.contains(r#""firstTimestamp":null"#), "{event}");
    }
}
