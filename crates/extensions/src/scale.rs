//! Checks of the numbers that a scale subresource shows.

use object::{Text, Value};
use status::{BadValue, ErrorType, FieldError, FieldErrors};

use crate::definition::Scale;

/// Checks the desired and observed replicas and the selector of an object.
pub(crate) fn validate(scale: &Scale, object: &Value, errors: &mut FieldErrors) {
    let [spec, _, _] = &scale.texts;
    replicas(object, &scale.paths.spec_replicas, spec, errors);
    validate_status(scale, object, errors);
}

/// Checks the observed replicas and the selector of an object.
pub(crate) fn validate_status(scale: &Scale, object: &Value, errors: &mut FieldErrors) {
    let [_, status, selector] = &scale.texts;
    replicas(object, &scale.paths.status_replicas, status, errors);
    if scale.paths.selector.is_empty() {
        return;
    }
    if let Err((found, at)) = walk(object, &scale.paths.selector) {
        push(errors, selector, BadValue::from(""), accessor_error(&at, found, "map[string]interface{}"));
    } else if let Ok(Some(other)) = walk(object, &scale.paths.selector)
        && other.as_str().is_none()
    {
        push(errors, selector, BadValue::from(""), accessor_error(selector, other, "string"));
    }
}

fn replicas(object: &Value, path: &[Text], text: &str, errors: &mut FieldErrors) {
    let number = match walk(object, path) {
        Ok(None) => return,
        Ok(Some(Value::Int(number))) => *number,
        Ok(Some(other)) => return push(errors, text, 0.into(), accessor_error(text, other, "int64")),
        Err((found, at)) => {
            return push(errors, text, 0.into(), accessor_error(&at, found, "map[string]interface{}"));
        }
    };
    if number < 0 {
        push(errors, text, number.into(), "should be a non-negative integer".to_owned());
    } else if number > i64::from(i32::MAX) {
        push(errors, text, number.into(), format!("should be less than or equal to {}", i32::MAX));
    }
}

fn push(errors: &mut FieldErrors, path: &str, bad_value: BadValue, detail: String) {
    errors.push(FieldError { error_type: ErrorType::Invalid, field: path.to_owned(), bad_value, detail });
}

/// The value at a path; nothing where a part is absent, an error where a parent is no object.
fn walk<'v>(object: &'v Value, path: &[Text]) -> Result<Option<&'v Value>, (&'v Value, String)> {
    let mut value = object;
    for (depth, part) in path.iter().enumerate() {
        let Some(map) = value.as_object() else {
            let parts: Vec<&str> = path[..=depth].iter().map(Text::as_str).collect();
            return Err((value, format!(".{}", parts.join("."))));
        };
        match map.get(part) {
            None => return Ok(None),
            Some(below) => value = below,
        }
    }
    Ok(Some(value))
}

/// What Go's accessors say of a value of another type.
fn accessor_error(path: &str, found: &Value, expected: &str) -> String {
    let go_type = match found {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Float(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    };
    let shown = found.as_str().map_or_else(|| object::json::to_string(found), str::to_owned);
    format!("{path} accessor error: {shown} is of the type {go_type}, expected {expected}")
}
