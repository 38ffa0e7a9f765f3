//! A type as a definition.

use object::{Text, Value};

use super::{Dialect, description, object, reference};
use crate::{Field, ListType, PatchStrategy, Scalar, Shape, Struct, TypeRef};

/// The definition of a type, its fields' named types referred to.
pub fn definition(dialect: Dialect, ty: TypeRef<'_>) -> Value {
    let mut out = match ty.shape() {
        Shape::Struct(of) => structure(dialect, ty, of),
        _ => place(dialect, ty, &[]),
    };
    if let Some(text) = description::of_type(ty) {
        out.set("description", text);
    }
    out
}

fn structure(dialect: Dialect, ty: TypeRef<'_>, of: &Struct) -> Value {
    let mut out = object([("type", "object".into())]);
    let required: Vec<Value> =
        of.fields.iter().filter(|field| field.required).map(|field| field.name.clone().into()).collect();
    if !required.is_empty() {
        out.set("required", required);
    }
    if !of.fields.is_empty() {
        let fields = of.fields.iter().map(|field| (field.name.clone(), member(dialect, ty, field)));
        out.set("properties", Value::Object(fields.collect()));
    }
    if of.atomic {
        out.set("x-kubernetes-map-type", "atomic");
    }
    let kinds = kinds(ty, of);
    if !kinds.is_empty() {
        out.set("x-kubernetes-group-version-kind", kinds);
    }
    out
}

/// The kinds of a type. The options of a deletion and a watch's events are of every group and version.
fn kinds(ty: TypeRef<'_>, of: &Struct) -> Vec<Value> {
    let kind = |(group, version, kind): (&Text, &Text, &Text)| {
        object([
            ("group", group.clone().into()),
            ("kind", kind.clone().into()),
            ("version", version.clone().into()),
        ])
    };
    match of.kinds.first() {
        Some((_, _, everywhere)) if matches!(everywhere.as_str(), "DeleteOptions" | "WatchEvent") => {
            let mut places: Vec<_> =
                ty.schema.by_kind.keys().map(|(group, version, _)| (group, version)).collect();
            places.sort();
            places.dedup();
            places.into_iter().map(|(group, version)| kind((group, version, everywhere))).collect()
        }
        _ => of.kinds.iter().map(|(group, version, name)| kind((group, version, name))).collect(),
    }
}

fn member(dialect: Dialect, owner: TypeRef<'_>, field: &Field) -> Value {
    let ty = owner.schema.get(field.ty);
    let mut out = match (dialect, refers(ty)) {
        (Dialect::V3, true) => object([("allOf", vec![used(dialect, ty, &[])].into())]),
        _ => used(dialect, ty, &field.enumeration),
    };
    if let Some(text) = description::of_field(owner, field) {
        out.set("description", text);
    }
    if let (Dialect::V3, Some(default)) = (dialect, &field.default) {
        out.set("default", default.clone());
    }
    let PatchStrategy { merge, replace, retain_keys, merge_key } = &field.patch;
    let strategies: Vec<&str> = [(*merge, "merge"), (*replace, "replace"), (*retain_keys, "retainKeys")]
        .iter()
        .filter(|known| known.0)
        .map(|known| known.1)
        .collect();
    if !strategies.is_empty() {
        out.set("x-kubernetes-patch-strategy", strategies.join(","));
    }
    if !merge_key.is_empty() {
        out.set("x-kubernetes-patch-merge-key", merge_key.clone());
    }
    out
}

/// Whether a type stands in a definition of its own. Go's named texts, lists and maps do not.
fn refers(ty: TypeRef<'_>) -> bool {
    let named = !ty.ty().name.is_empty();
    named
        && match ty.shape() {
            Shape::Struct(_) | Shape::Any => true,
            Shape::Scalar(scalar) => special(*scalar),
            Shape::List(_) | Shape::Map(_) => false,
        }
}

fn special(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Time | Scalar::MicroTime | Scalar::Duration | Scalar::Quantity | Scalar::IntOrString
    )
}

/// A type where it is used: a reference, or all of it.
fn used(dialect: Dialect, ty: TypeRef<'_>, values: &[Text]) -> Value {
    if refers(ty) { reference(dialect, &ty.ty().name) } else { place(dialect, ty, values) }
}

/// A type written in place; `values` are what its innermost texts can be.
fn place(dialect: Dialect, ty: TypeRef<'_>, values: &[Text]) -> Value {
    match ty.shape() {
        Shape::Struct(_) => reference(dialect, &ty.ty().name),
        Shape::List(list) => {
            let mut out = object([("type", "array".into())]);
            let item_ty = ty.schema.get(list.items);
            out.set("items", used(dialect, item_ty, values));
            if list.declared {
                let name = match &list.list_type {
                    ListType::Atomic => "atomic",
                    ListType::Set => "set",
                    ListType::Map(keys) => {
                        let keys: Vec<Value> = keys.iter().map(|key| key.clone().into()).collect();
                        out.set("x-kubernetes-list-map-keys", keys);
                        "map"
                    }
                };
                out.set("x-kubernetes-list-type", name);
            }
            out
        }
        Shape::Map(map) => {
            let values = used(dialect, ty.schema.get(map.values), values);
            let mut out = object([("type", "object".into()), ("additionalProperties", values)]);
            if map.atomic {
                out.set("x-kubernetes-map-type", "atomic");
            }
            out
        }
        Shape::Scalar(scalar) => self::scalar(dialect, *scalar, values),
        Shape::Any => match ty.ty().name.rsplit('.').next() {
            Some("RawExtension" | "FieldsV1" | "Patch") => object([("type", "object".into())]),
            _ => Value::object(),
        },
    }
}

fn scalar(dialect: Dialect, scalar: Scalar, values: &[Text]) -> Value {
    let (name, format) = match scalar {
        Scalar::String => ("string", ""),
        Scalar::Bool => ("boolean", ""),
        Scalar::Int32 => ("integer", "int32"),
        Scalar::Int64 => ("integer", "int64"),
        Scalar::Double => ("number", "double"),
        Scalar::Bytes => ("string", "byte"),
        Scalar::Time | Scalar::MicroTime => ("string", "date-time"),
        Scalar::Duration => ("string", ""),
        Scalar::Quantity if dialect == Dialect::V3 => return one_of(["string", "number"]),
        Scalar::Quantity => ("string", ""),
        Scalar::IntOrString if dialect == Dialect::V3 => {
            let mut out = one_of(["integer", "string"]);
            out.set("format", "int-or-string");
            return out;
        }
        Scalar::IntOrString => ("string", "int-or-string"),
    };
    let mut out = object([("type", name.into())]);
    if !format.is_empty() {
        out.set("format", format);
    }
    if !values.is_empty() {
        out.set("enum", values.iter().map(|value| value.clone().into()).collect::<Vec<Value>>());
    }
    out
}

fn one_of(names: [&str; 2]) -> Value {
    object([("oneOf", names.map(|name| object([("type", name.into())])).to_vec().into())])
}
