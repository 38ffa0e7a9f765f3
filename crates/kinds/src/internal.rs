//! Objects as some messages print them: the original's internal structs encoded as JSON, which have Go's field names
//! and write everything that is unset.

use object::{Value, json};
use schema::{Scalar, Shape, TypeRef};
use status::BadValue;

/// Go's names of JSON names that are not merely capitalized, by the beginning that differs.
const INITIALISMS: &[(&str, &str)] = &[
    ("apiGroup", "APIGroup"),
    ("apiVersion", "APIVersion"),
    ("cel", "CEL"),
    ("cidr", "CIDR"),
    ("csi", "CSI"),
    ("dns", "DNS"),
    ("fc", "FC"),
    ("fsType", "FSType"),
    ("gid", "GID"),
    ("hostIP", "HostIP"),
    ("http", "HTTP"),
    ("ip", "IP"),
    ("iscsi", "ISCSI"),
    ("nfs", "NFS"),
    ("pid", "PID"),
    ("rbd", "RBD"),
    ("seLinux", "SELinux"),
    ("tcp", "TCP"),
    ("tls", "TLS"),
    ("uid", "UID"),
    ("url", "URL"),
];

/// Go's names where they have nothing to do with the JSON name: the end of the type's name, both names.
const RENAMED: &[(&str, &str, &str)] = &[
    ("DeviceAttribute", "int", "IntValue"),
    ("DeviceAttribute", "ints", "IntValues"),
    ("DeviceAttribute", "bool", "BoolValue"),
    ("DeviceAttribute", "bools", "BoolValues"),
    ("DeviceAttribute", "string", "StringValue"),
    ("DeviceAttribute", "strings", "StringValues"),
    ("DeviceAttribute", "version", "VersionValue"),
    ("DeviceAttribute", "versions", "VersionValues"),
];

/// `value`, of type `ty`, as a message prints it.
pub(crate) fn bad_value(ty: Option<TypeRef<'_>>, value: &Value) -> BadValue {
    match ty {
        Some(ty) => {
            let mut out = String::new();
            write(&mut out, ty, value);
            BadValue::Bare(out)
        }
        None => BadValue::from(value),
    }
}

fn write(out: &mut String, ty: TypeRef<'_>, value: &Value) {
    match (ty.shape(), value) {
        (Shape::Struct(_), Value::Object(_) | Value::Null) if !has_json_names(ty) => {
            out.push('{');
            let mut first = true;
            write_fields(out, ty, value, &mut first);
            out.push('}');
        }
        (Shape::List(list), Value::Array(items)) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, ty.schema.get(list.items), item);
            }
            out.push(']');
        }
        (Shape::Map(map), Value::Object(entries)) => {
            out.push('{');
            for (index, (key, entry)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&json::to_string(&Value::from(key)));
                out.push(':');
                write(out, ty.schema.get(map.values), entry);
            }
            out.push('}');
        }
        (Shape::Struct(_), value) => {
            let mut bytes = Vec::new();
            schema::encode(ty, value, &mut bytes);
            out.push_str(&String::from_utf8_lossy(&bytes));
        }
        _ => out.push_str(&json::to_string(value)),
    }
}

/// Types of apimachinery have JSON names in the original's internal structs too.
fn has_json_names(ty: TypeRef<'_>) -> bool {
    ty.ty().name.contains("apimachinery")
}

fn write_fields(out: &mut String, ty: TypeRef<'_>, value: &Value, first: &mut bool) {
    let Some(of) = ty.as_struct() else { return };
    for field in &of.fields {
        let field_type = ty.schema.get(field.ty);
        let set = value.get(&field.name).filter(|value| !value.is_null());
        if field.name == "metadata" {
            // ObjectMeta is embedded: its fields, which have JSON names, stand among the others.
            let mut metadata = String::new();
            write(&mut metadata, field_type, set.unwrap_or(&Value::object()));
            let inner = metadata.trim_start_matches('{').trim_end_matches('}');
            if !inner.is_empty() {
                separate(out, first);
                out.push_str(&metadata[1..metadata.len() - 1]);
            }
            continue;
        }
        separate(out, first);
        out.push_str(&json::to_string(&Value::from(go_name(ty, &field.name))));
        out.push(':');
        match set {
            Some(set) => write(out, field_type, set),
            None if field.pointer => out.push_str("null"),
            None => write_zero(out, field_type),
        }
    }
}

fn separate(out: &mut String, first: &mut bool) {
    if !*first {
        out.push(',');
    }
    *first = false;
}

fn write_zero(out: &mut String, ty: TypeRef<'_>) {
    match ty.shape() {
        Shape::Struct(_) => write(out, ty, &Value::Null),
        Shape::Scalar(scalar) => out.push_str(match scalar {
            Scalar::String => "\"\"",
            Scalar::Bool => "false",
            Scalar::Int32 | Scalar::Int64 | Scalar::IntOrString => "0",
            _ => "null",
        }),
        _ => out.push_str("null"),
    }
}

/// The name of a struct's field in Go.
fn go_name(ty: TypeRef<'_>, name: &str) -> String {
    let renamed = RENAMED.iter().find(|(of, from, _)| *from == name && ty.ty().name.ends_with(of));
    if let Some((_, _, to)) = renamed {
        return (*to).to_owned();
    }
    let ends_word = |rest: &str| rest.is_empty() || rest == "s" || rest.starts_with(char::is_uppercase);
    let found = INITIALISMS
        .iter()
        .find_map(|(from, to)| Some((to, name.strip_prefix(from)?)).filter(|(_, rest)| ends_word(rest)));
    match found {
        Some((to, rest)) => format!("{to}{rest}"),
        None => {
            let mut letters = name.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        }
    }
}
