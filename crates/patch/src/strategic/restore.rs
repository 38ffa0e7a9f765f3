//! From a merged tree to an object of a type, with the rules and words of the converter that the original has for this:
//! it is laxer with numbers than the JSON decoder, and says less of what is wrong.

use object::{Map, Value, json};
use schema::{Additional, Scalar, Shape, Struct, TypeRef};

use super::print::go_type_of;

/// Makes `value` a `ty`: unknown fields are taken out, numbers and what decodes itself brought into form. Answers the
/// reports of unknown fields, sorted.
///
/// # Errors
/// What does not fit, such as `cannot convert int64 to string`.
pub(super) fn restore(ty: TypeRef<'_>, value: &mut Value) -> Result<Vec<String>, String> {
    let mut restorer = Restorer { path: String::new(), unknown: Vec::new() };
    restorer.value(ty, value)?;
    restorer.unknown.sort();
    Ok(restorer.unknown)
}

const RESOURCE_LIST: &str = "io.k8s.api.core.v1.ResourceList";

struct Restorer {
    path: String,
    unknown: Vec<String>,
}

impl Restorer {
    fn value(&mut self, ty: TypeRef<'_>, value: &mut Value) -> Result<(), String> {
        if value.is_null() {
            return Ok(());
        }
        match (ty.shape(), &mut *value) {
            (Shape::Struct(of), Value::Object(map)) => self.structure(ty, of, map),
            (Shape::Struct(_), other) => Err(format!("cannot restore struct from: {}", go_kind(other))),
            (Shape::List(list), Value::Array(items)) => {
                let item_ty = ty.schema.get(list.items);
                for (index, item) in items.iter_mut().enumerate() {
                    self.within(&format!("[{index}]"), |this| this.value(item_ty, item))?;
                    zero_for_null(item_ty, item);
                }
                Ok(())
            }
            (Shape::List(_), other) => Err(format!("cannot restore slice from {}", go_kind(other))),
            // Its quantities are rounded.
            (Shape::Map(_), Value::Object(_)) if ty.ty().name == RESOURCE_LIST => decode(ty, value),
            (Shape::Map(of), Value::Object(map)) => {
                let value_ty = ty.schema.get(of.values);
                for (_, entry) in map.iter_mut() {
                    self.value(value_ty, entry)?;
                    zero_for_null(value_ty, entry);
                }
                Ok(())
            }
            (Shape::Map(_), other) => Err(format!("cannot restore map from {}", go_kind(other))),
            (Shape::Scalar(scalar), _) => restore_scalar(ty, *scalar, value),
            (Shape::Any, _) => decode(ty, value),
        }
    }

    /// Fields in their declared order, so that of several errors the first field's counts.
    fn structure(&mut self, ty: TypeRef<'_>, of: &Struct, map: &mut Map) -> Result<(), String> {
        for field in &of.fields {
            if let Some(value) = map.get_mut(&field.name) {
                let separator = if self.path.is_empty() { "" } else { "." };
                let step = format!("{separator}{}", field.name);
                self.within(&step, |this| this.value(ty.schema.get(field.ty), value))?;
            }
        }
        if of.additional == Additional::Prune {
            map.retain(|key, _| {
                let known = of.field(key).is_some();
                if !known {
                    let separator = if self.path.is_empty() { "" } else { "." };
                    self.unknown.push(format!("unknown field \"{}{separator}{key}\"", self.path));
                }
                known
            });
        }
        Ok(())
    }

    /// Goes a step down the path for as long as `visit` takes.
    fn within<T>(&mut self, step: &str, visit: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let result = visit(self);
        self.path.truncate(length);
        result
    }
}

fn zero_for_null(ty: TypeRef<'_>, value: &mut Value) {
    if value.is_null() {
        *value = schema::zero(ty);
    }
}

fn restore_scalar(ty: TypeRef<'_>, scalar: Scalar, value: &mut Value) -> Result<(), String> {
    let kind = match scalar {
        Scalar::String => "string",
        Scalar::Bool => "bool",
        Scalar::Int32 => "int32",
        Scalar::Int64 => "int64",
        Scalar::Double => "float64",
        Scalar::Bytes => return restore_bytes(ty, value),
        _ => return decode(ty, value),
    };
    let cannot_convert =
        |value: &Value| Err(format!("cannot convert {} to {}", go_type_of(value), schema::go_type(ty)));
    match (scalar, &*value) {
        (Scalar::String, Value::String(_)) | (Scalar::Bool, Value::Bool(_)) => Ok(()),
        (Scalar::Int32, Value::Int(number)) => {
            // Go's conversion keeps the low bits.
            *value = Value::from(*number as i32);
            Ok(())
        }
        (Scalar::Int32 | Scalar::Int64, Value::Float(number)) => {
            if number.trunc() != *number {
                return cannot_convert(value);
            }
            let whole = *number as i64;
            *value = if scalar == Scalar::Int32 { Value::from(whole as i32) } else { Value::from(whole) };
            Ok(())
        }
        (Scalar::Int64 | Scalar::Double, Value::Int(_)) | (Scalar::Double, Value::Float(_)) => Ok(()),
        // For Go's type system integers convert to strings; the converter knows better, but says so in these words.
        (Scalar::String, Value::Int(_)) => cannot_convert(value),
        _ => Err(format!("unrecognized type: {kind}")),
    }
}

fn restore_bytes(ty: TypeRef<'_>, value: &mut Value) -> Result<(), String> {
    match value {
        Value::String(_) => decode(ty, value).map_err(|error| format!("error decoding from json: {error}")),
        Value::Array(_) => Err("unrecognized type: uint8".to_owned()),
        other => Err(format!("cannot restore slice from {}", go_kind(other))),
    }
}

/// Has a value that decodes itself do so.
fn decode(ty: TypeRef<'_>, value: &mut Value) -> Result<(), String> {
    let source = json::to_vec(value);
    (*value, _) = schema::decode(ty, std::mem::take(value), &source)?;
    Ok(())
}

/// A value's kind in Go's reflection.
fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "slice",
        Value::Object(_) => "map",
        other => go_type_of(other),
    }
}
