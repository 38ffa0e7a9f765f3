//! Types as Go prints them.

use crate::{Scalar, Shape, TypeRef};

/// A type as Go prints it, such as `[]v1.Container`, `v1.PullPolicy` or `map[string]string`.
pub fn go_type(ty: TypeRef<'_>) -> String {
    let mut parts = ty.ty().name.rsplit('.');
    if let (Some(name), Some(package)) = (parts.next(), parts.next()) {
        return format!("{package}.{name}");
    }
    match ty.shape() {
        Shape::List(list) => format!("[]{}", go_type(ty.schema.get(list.items))),
        Shape::Map(map) => {
            let keys = if map.keys.is_empty() { "string" } else { map.keys.as_str() };
            format!("map[{keys}]{}", go_type(ty.schema.get(map.values)))
        }
        Shape::Scalar(scalar) => go_scalar(*scalar).to_owned(),
        Shape::Struct(_) | Shape::Any => "map[string]interface {}".to_owned(),
    }
}

fn go_scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::String => "string",
        Scalar::Bool => "bool",
        Scalar::Int32 => "int32",
        Scalar::Int64 => "int64",
        Scalar::Double => "float64",
        Scalar::Bytes => "[]uint8",
        Scalar::Time => "v1.Time",
        Scalar::MicroTime => "v1.MicroTime",
        Scalar::Duration => "v1.Duration",
        Scalar::Quantity => "resource.Quantity",
        Scalar::IntOrString => "intstr.IntOrString",
    }
}
