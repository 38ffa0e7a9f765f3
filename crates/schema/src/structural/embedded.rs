//! Resources within resources (`x-kubernetes-embedded-resource`): they have a kind, and metadata of their own.

use object::Value;
use status::{FieldError, FieldErrors, Path};

use super::Structural;
use crate::{TypeRef, decode};

/// Calls back with the path and the resource.
type Visit<'v> = &'v mut dyn FnMut(&Path<'_>, &Value);

impl Structural {
    /// Decodes the metadata of embedded resources as `metadata` (ObjectMeta), unknown fields dropped. Answers their
    /// paths (`spec.e.metadata.x`), sorted.
    ///
    /// # Errors
    /// Where metadata, kind or apiVersion is malformed.
    pub fn coerce_embedded(
        &self,
        value: &mut Value,
        metadata: TypeRef<'_>,
    ) -> Result<Vec<String>, FieldError> {
        let mut unknown = Vec::new();
        self.coerce(value, metadata, &Path::ROOT, &mut unknown)?;
        unknown.sort();
        Ok(unknown)
    }

    fn coerce(
        &self,
        value: &mut Value,
        metadata: TypeRef<'_>,
        path: &Path<'_>,
        unknown: &mut Vec<String>,
    ) -> Result<(), FieldError> {
        match value {
            Value::Object(map) => {
                if self.embedded {
                    for key in ["apiVersion", "kind"] {
                        if let Some(other) = map.get(key).filter(|value| value.as_str().is_none()) {
                            return Err(FieldError::invalid(&path.child(key), other, "must be a string"));
                        }
                    }
                    let path = path.child("metadata");
                    if let Some(value) = map.get_mut("metadata") {
                        coerce_metadata(value, metadata, &path, unknown)?;
                    }
                }
                for (key, value) in map.iter_mut().filter(|(key, _)| !(self.embedded && *key == "metadata")) {
                    if let Some(child) = self.child(key) {
                        child.coerce(value, metadata, &path.child(key), unknown)?;
                    }
                }
                Ok(())
            }
            Value::Array(items) => {
                let Some(schema) = &self.items else { return Ok(()) };
                let mut items = items.iter_mut().enumerate();
                items.try_for_each(|(index, item)| schema.coerce(item, metadata, &path.index(index), unknown))
            }
            _ => Ok(()),
        }
    }

    /// Checks kind and apiVersion of every embedded resource; `visit` is called with each that has metadata, and the
    /// path of these, to check them.
    pub fn check_embedded(&self, value: &Value, visit: Visit<'_>) -> FieldErrors {
        let mut errors = Vec::new();
        self.embedded(value, &Path::ROOT, visit, &mut errors);
        errors
    }

    fn embedded(&self, value: &Value, path: &Path<'_>, visit: Visit<'_>, errors: &mut FieldErrors) {
        match value {
            Value::Object(map) => {
                if self.embedded {
                    kind_errors(value, path, errors);
                    if let Some(metadata) = map.get("metadata") {
                        visit(&path.child("metadata"), metadata);
                    }
                }
                for (key, value) in map.iter() {
                    if let Some(child) = self.child(key) {
                        child.embedded(value, &path.child(key), visit, errors);
                    }
                }
            }
            Value::Array(items) => {
                let Some(schema) = &self.items else { return };
                for (index, item) in items.iter().enumerate() {
                    schema.embedded(item, &path.index(index), visit, errors);
                }
            }
            _ => {}
        }
    }
}

fn coerce_metadata(
    value: &mut Value,
    ty: TypeRef<'_>,
    path: &Path<'_>,
    unknown: &mut Vec<String>,
) -> Result<(), FieldError> {
    let source = object::json::to_vec(value);
    let given = std::mem::take(value);
    match decode(ty, given.clone(), &source) {
        Ok((decoded, reports)) => {
            *value = decoded;
            unknown.extend(reports.iter().filter_map(|report| {
                let name = report.strip_prefix("unknown field \"")?.strip_suffix('"')?;
                Some(path.child(name).to_string())
            }));
            Ok(())
        }
        Err(error) => Err(FieldError::invalid(path, &given, error)),
    }
}

fn kind_errors(value: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    for key in ["apiVersion", "kind"] {
        let path = path.child(key);
        let problem = match value.get(key) {
            None => {
                errors.push(FieldError::required(&path, ""));
                continue;
            }
            Some(Value::String(text)) if text.is_empty() => Some("must not be empty".to_owned()),
            Some(Value::String(text)) if key == "kind" => kind_problem(text),
            Some(Value::String(text)) => meta::GroupVersion::parse(text).err().map(|error| error.to_string()),
            Some(_) => Some("must be a string".to_owned()),
        };
        if let (Some(problem), Some(given)) = (problem, value.get(key)) {
            errors.push(FieldError::invalid(&path, given, problem));
        }
    }
}

fn kind_problem(kind: &str) -> Option<String> {
    let problems = meta::names::dns1035_label(&kind.to_lowercase());
    (!problems.is_empty())
        .then(|| format!("may have mixed case, but should otherwise match: {}", problems.join(",")))
}
