//! The rules of config maps and secrets: keys, sizes, and what never changes.

use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;

/// All values together may be this long, in bytes.
const MAX_SIZE: usize = 1024 * 1024;
const IMMUTABLE: &str = "field is immutable when `immutable` is set";
const REDACTED: &str = "<secret contents redacted>";
const ACCOUNT: &str = "kubernetes.io/service-account.name";

/// The bytes that base64 text stands for.
fn decoded_length(value: &Value) -> usize {
    let text = value.as_str().unwrap_or("");
    text.trim_end_matches('=').len() * 3 / 4
}

fn keys(data: &Field<'_, '_>, other: &Value, other_name: &str, errors: &mut FieldErrors) {
    for (key, _) in data.entries() {
        let path = data.path.key(key);
        for message in meta::names::config_map_key(key) {
            errors.push(FieldError::invalid(&path, key, message));
        }
        if other.get(key).is_some() {
            let detail = format!("duplicate of key present in {other_name}");
            errors.push(FieldError::invalid(&path, key, detail));
        }
    }
}

/// A config map.
pub(super) fn config_map(object: &Value, errors: &mut FieldErrors) {
    let root = Field::root(object);
    let (data, binary) = (root.child("data"), root.child("binaryData"));
    keys(&data, binary.value, "binaryData", errors);
    keys(&binary, data.value, "data", errors);
    let text: usize = data.entries().map(|(_, value)| value.as_str().unwrap_or("").len()).sum();
    let bytes: usize = binary.entries().map(|(_, value)| decoded_length(value)).sum();
    if text + bytes > MAX_SIZE {
        errors.push(FieldError::too_long(&status::Path::new(""), MAX_SIZE as i64));
    }
}

/// What an update of a config map or a secret may not change.
pub(super) fn stays(object: &Value, old: &Value, fields: &[&str], errors: &mut FieldErrors) {
    let frozen = |object: &Value| object.get("immutable").and_then(Value::as_bool) == Some(true);
    if !frozen(old) {
        return;
    }
    let (root, old_root) = (Field::root(object), Field::root(old));
    if !frozen(object) {
        root.child("immutable").forbidden(errors, IMMUTABLE);
    }
    for field in fields {
        let field = root.child(field);
        let name = field.path.to_string();
        if !field.same(&old_root.child(&name)) {
            field.forbidden(errors, IMMUTABLE);
        }
    }
}

/// A secret.
pub(super) fn secret(object: &Value, errors: &mut FieldErrors) {
    let root = Field::root(object);
    let data = root.child("data");
    keys(&data, &Value::Null, "", errors);
    let size: usize = data.entries().map(|(_, value)| decoded_length(value)).sum();
    if size > MAX_SIZE {
        errors.push(FieldError::too_long(&data.path, MAX_SIZE as i64));
    }
    let has = |key: &str| data.value.get(key).is_some();
    let mut needs = |keys: &[&str]| {
        for key in keys.iter().filter(|key| !has(key)) {
            errors.push(FieldError::required(&data.path.key(key), ""));
        }
    };
    match root.child("type").text() {
        "kubernetes.io/service-account-token" => {
            let metadata = root.child("metadata");
            let annotations = metadata.child("annotations");
            if annotations.child(ACCOUNT).is_empty() {
                errors.push(FieldError::required(&annotations.path.key(ACCOUNT), ""));
            }
        }
        "kubernetes.io/dockercfg" => json(&data, ".dockercfg", errors),
        "kubernetes.io/dockerconfigjson" => json(&data, ".dockerconfigjson", errors),
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => {
            needs(&["username", "password"]);
        }
        "kubernetes.io/ssh-auth" if data.child("ssh-privatekey").is_empty() => {
            errors.push(FieldError::required(&data.path.key("ssh-privatekey"), ""));
        }
        "kubernetes.io/tls" => needs(&["tls.crt", "tls.key"]),
        _ => {}
    }
}

fn json(data: &Field<'_, '_>, key: &str, errors: &mut FieldErrors) {
    use base64::Engine;
    let path = data.path.key(key);
    let Some(text) = data.value.get(key).and_then(Value::as_str) else {
        errors.push(FieldError::required(&path, ""));
        return;
    };
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap_or_default();
    let problem = match object::json::parse(&bytes) {
        Ok(Value::Object(_) | Value::Null) => return,
        Ok(value) => {
            format!(
                "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                value.type_name()
            )
        }
        Err(error) => error.to_string(),
    };
    errors.push(FieldError::invalid(&path, REDACTED, problem));
}
