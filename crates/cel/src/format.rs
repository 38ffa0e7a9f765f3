//! Values as text in messages.

use crate::value::Value;

/// A scalar as messages show it.
pub(crate) fn plain_text(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => crate::number::general(*number),
        Value::String(text) => text.as_str().to_owned(),
        Value::Timestamp(time) => time.to_string(),
        Value::Duration(span) => crate::time::duration_text(*span),
        Value::Type(ty) => ty.runtime_name().to_owned(),
        other => other.type_name().to_owned(),
    }
}
