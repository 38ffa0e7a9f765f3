//! Types that Go decodes with code of their own: any JSON, and the alternatives within a JSON schema.

use object::Value;

use super::Decoder;
use super::frame::{Frame, short_name};
use crate::TypeRef;

impl Decoder<'_> {
    /// Any JSON is kept as it is; the alternatives of a JSON schema hold schemas that are decoded, leniently.
    pub(super) fn special(&mut self, ty: TypeRef<'_>, value: &mut Value, frame: &Frame<'_>) {
        let form = match (short_name(ty), &*value) {
            ("JSONSchemaPropsOrBool", Value::Bool(_)) => return,
            (
                "JSONSchemaPropsOrBool" | "JSONSchemaPropsOrArray" | "JSONSchemaPropsOrStringArray",
                Value::Object(_),
            ) => Form::Schema,
            ("JSONSchemaPropsOrBool", _) => {
                return self.report.refusal("boolean or JSON schema expected".to_owned(), frame);
            }
            ("JSONSchemaPropsOrArray", Value::Array(_)) => Form::Schemas,
            ("JSONSchemaPropsOrStringArray", Value::Array(_)) => Form::Texts,
            ("JSONSchemaPropsOrArray" | "JSONSchemaPropsOrStringArray", _) => {
                *value = Value::Null;
                return;
            }
            _ => return,
        };
        let Some(schema) = alternative(ty) else { return };
        let strict = std::mem::replace(&mut self.strict, false);
        match (form, value) {
            (Form::Schema, value) => {
                self.value(schema, value, frame);
                crate::normalise(schema, value);
            }
            (Form::Schemas, Value::Array(items)) => {
                for item in items {
                    self.value(schema, item, frame);
                    crate::normalise(schema, item);
                }
            }
            (Form::Texts, Value::Array(items)) => {
                for item in items.iter().filter(|item| item.as_str().is_none()) {
                    self.report.refused_type(item.type_name(), "string", frame);
                }
            }
            _ => {}
        }
        self.strict = strict;
    }
}

const SCHEMA: &str = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

/// The type of the schemas within a JSON schema's "schema or something else"; nothing for other types.
pub(crate) fn alternative(ty: TypeRef<'_>) -> Option<TypeRef<'_>> {
    short_name(ty).starts_with("JSONSchemaPropsOr").then(|| ty.schema.named(SCHEMA)).flatten()
}

/// What stands where a schema may stand.
enum Form {
    Schema,
    Schemas,
    Texts,
}
