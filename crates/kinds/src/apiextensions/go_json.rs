//! Schemas and versions as messages print them: the original's internal structs as JSON, with Go's field names and
//! everything that is unset.

use std::fmt::Write;

use object::{Value, json};
use status::BadValue;

use super::shared::shared;

/// What an unset field prints.
#[derive(Clone, Copy)]
enum Form {
    /// `""`.
    Text,
    /// `false`.
    Flag,
    /// `null`; the value as it is.
    Plain,
    /// `null`; a schema.
    Schema,
    /// `null`; a list of schemas.
    Schemas,
    /// `null`; a map of schemas.
    SchemaMap,
    /// `null`; a schema or a boolean.
    SchemaOrBool,
    /// `null`; a schema or a list of them.
    SchemaOrList,
    /// `null`; CEL rules.
    Rules,
}

/// Go's names, JSON names and forms of a schema's fields, in Go's order.
const SCHEMA: &[(&str, &str, Form)] = &[
    ("ID", "id", Form::Text),
    ("Schema", "$schema", Form::Text),
    ("Ref", "$ref", Form::Plain),
    ("Description", "description", Form::Text),
    ("Type", "type", Form::Text),
    ("Nullable", "nullable", Form::Flag),
    ("Format", "format", Form::Text),
    ("Title", "title", Form::Text),
    ("Default", "default", Form::Plain),
    ("Maximum", "maximum", Form::Plain),
    ("ExclusiveMaximum", "exclusiveMaximum", Form::Flag),
    ("Minimum", "minimum", Form::Plain),
    ("ExclusiveMinimum", "exclusiveMinimum", Form::Flag),
    ("MaxLength", "maxLength", Form::Plain),
    ("MinLength", "minLength", Form::Plain),
    ("Pattern", "pattern", Form::Text),
    ("MaxItems", "maxItems", Form::Plain),
    ("MinItems", "minItems", Form::Plain),
    ("UniqueItems", "uniqueItems", Form::Flag),
    ("MultipleOf", "multipleOf", Form::Plain),
    ("Enum", "enum", Form::Plain),
    ("MaxProperties", "maxProperties", Form::Plain),
    ("MinProperties", "minProperties", Form::Plain),
    ("Required", "required", Form::Plain),
    ("Items", "items", Form::SchemaOrList),
    ("AllOf", "allOf", Form::Schemas),
    ("OneOf", "oneOf", Form::Schemas),
    ("AnyOf", "anyOf", Form::Schemas),
    ("Not", "not", Form::Schema),
    ("Properties", "properties", Form::SchemaMap),
    ("AdditionalProperties", "additionalProperties", Form::SchemaOrBool),
    ("PatternProperties", "patternProperties", Form::SchemaMap),
    ("Dependencies", "dependencies", Form::Plain),
    ("AdditionalItems", "additionalItems", Form::SchemaOrBool),
    ("Definitions", "definitions", Form::SchemaMap),
    ("ExternalDocs", "externalDocs", Form::Plain),
    ("Example", "example", Form::Plain),
    ("XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", Form::Plain),
    ("XEmbeddedResource", "x-kubernetes-embedded-resource", Form::Flag),
    ("XIntOrString", "x-kubernetes-int-or-string", Form::Flag),
    ("XListMapKeys", "x-kubernetes-list-map-keys", Form::Plain),
    ("XListType", "x-kubernetes-list-type", Form::Plain),
    ("XMapType", "x-kubernetes-map-type", Form::Plain),
    ("XValidations", "x-kubernetes-validations", Form::Rules),
];

/// The fields that the root of a schema may have beside a status subresource, by Go's names in Go's order.
pub(super) const ALLOWED_AT_ROOT: &[&str] = &[
    "Description",
    "Type",
    "Format",
    "Title",
    "Maximum",
    "ExclusiveMaximum",
    "Minimum",
    "ExclusiveMinimum",
    "MaxLength",
    "MinLength",
    "Pattern",
    "MaxItems",
    "MinItems",
    "UniqueItems",
    "MultipleOf",
    "Required",
    "Items",
    "Properties",
    "ExternalDocs",
    "Example",
    "XPreserveUnknownFields",
    "XValidations",
];

/// Go's names of the fields that a schema sets, in Go's order.
pub(super) fn fields_set(schema: &Value) -> impl Iterator<Item = &'static str> {
    SCHEMA.iter().filter(|(_, name, form)| is_set(schema.get(name), *form)).map(|(go, _, _)| *go)
}

fn is_set(value: Option<&Value>, form: Form) -> bool {
    match (value, form) {
        (None | Some(Value::Null), _) => false,
        (Some(Value::String(text)), Form::Text) => !text.is_empty(),
        (Some(Value::Bool(flag)), Form::Flag) => *flag,
        _ => true,
    }
}

/// A schema as a message prints it.
pub(super) fn schema(value: &Value) -> BadValue {
    let mut out = String::new();
    write_schema(&mut out, value);
    BadValue::Bare(out)
}

/// All versions of a definition as a message prints them.
pub(super) fn versions(spec: &Value) -> BadValue {
    let list = match spec.get("versions") {
        Some(Value::Array(list)) => list,
        _ => return BadValue::Null,
    };
    let hoisted = ["schema", "subresources", "additionalPrinterColumns", "selectableFields"]
        .map(|field| shared(spec, field).is_some());
    let mut out = String::from("[");
    for (index, version) in list.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_version(&mut out, version, hoisted);
    }
    out.push(']');
    BadValue::Bare(out)
}

fn write_version(out: &mut String, version: &Value, [schema, subresources, columns, selectable]: [bool; 4]) {
    let plain = |field: &str, hidden: bool| match version.get(field) {
        Some(value) if !hidden && !value.is_null() => go_fields(value),
        _ => "null".to_owned(),
    };
    let flag = |field: &str| version.get(field).and_then(Value::as_bool).unwrap_or(false);
    let _ = write!(
        out,
        r#"{{"Name":{},"Served":{},"Storage":{},"Deprecated":{},"DeprecationWarning":{},"Schema":"#,
        quoted(version.str_at(["name"])),
        flag("served"),
        flag("storage"),
        flag("deprecated"),
        version.get("deprecationWarning").map_or_else(|| "null".to_owned(), json::to_string),
    );
    match version.at(["schema", "openAPIV3Schema"]) {
        Some(of) if !schema => {
            out.push_str(r#"{"OpenAPIV3Schema":"#);
            write_schema(out, of);
            out.push('}');
        }
        _ => out.push_str("null"),
    }
    let _ = write!(
        out,
        r#","Subresources":{},"AdditionalPrinterColumns":{},"SelectableFields":{}}}"#,
        plain("subresources", subresources),
        plain("additionalPrinterColumns", columns),
        plain("selectableFields", selectable),
    );
}

/// A small struct (or a list of them) with Go's names: JSON names with a capital.
fn go_fields(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let fields = map.iter().map(|(name, value)| {
                let go = match name {
                    "jsonPath" => "JSONPath".to_owned(),
                    name => name[..1].to_uppercase() + &name[1..],
                };
                format!("{}:{}", quoted(&go), go_fields(value))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(go_fields).collect::<Vec<_>>().join(",")),
        other => json::to_string(other),
    }
}

fn quoted(text: &str) -> String {
    json::to_string(&Value::from(text))
}

fn write_schema(out: &mut String, schema: &Value) {
    for (index, (go, name, form)) in SCHEMA.iter().enumerate() {
        let _ = write!(out, "{}\"{go}\":", if index == 0 { "{" } else { "," });
        write_field(out, schema.get(name), *form);
    }
    out.push('}');
}

fn write_field(out: &mut String, value: Option<&Value>, form: Form) {
    let Some(value) = value.filter(|value| is_set(Some(value), form)) else {
        out.push_str(match form {
            Form::Text => "\"\"",
            Form::Flag => "false",
            _ => "null",
        });
        return;
    };
    match (form, value) {
        (Form::Schema, value) => write_schema(out, value),
        (Form::Schemas, Value::Array(items)) => write_schemas(out, items),
        (Form::SchemaMap, Value::Object(map)) => {
            for (index, (name, schema)) in map.iter().enumerate() {
                let _ = write!(out, "{}{}:", if index == 0 { "{" } else { "," }, quoted(name));
                write_schema(out, schema);
            }
            out.push_str(if map.is_empty() { "{}" } else { "}" });
        }
        (Form::SchemaOrBool, Value::Bool(allows)) => {
            let _ = write!(out, r#"{{"Allows":{allows},"Schema":null}}"#);
        }
        (Form::SchemaOrBool, value) => {
            out.push_str(r#"{"Allows":true,"Schema":"#);
            write_schema(out, value);
            out.push('}');
        }
        (Form::SchemaOrList, Value::Array(items)) => {
            out.push_str(r#"{"Schema":null,"JSONSchemas":"#);
            write_schemas(out, items);
            out.push('}');
        }
        (Form::SchemaOrList, value) => {
            out.push_str(r#"{"Schema":"#);
            write_schema(out, value);
            out.push_str(r#","JSONSchemas":null}"#);
        }
        (Form::Rules, value) => out.push_str(&rules(value)),
        (_, value) => out.push_str(&json::to_string(value)),
    }
}

fn write_schemas(out: &mut String, items: &[Value]) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_schema(out, item);
    }
    out.push(']');
}

fn rules(rules: &Value) -> String {
    let texts = ["rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf"];
    let one = |rule: &Value| {
        let fields = texts.map(|name| {
            let unset = if matches!(name, "reason" | "optionalOldSelf") { "null" } else { "\"\"" };
            let value = rule.get(name).map_or_else(|| unset.to_owned(), json::to_string);
            format!("\"{}{}\":{value}", name[..1].to_uppercase(), &name[1..])
        });
        format!("{{{}}}", fields.join(","))
    };
    let rules: Vec<String> = rules.as_array().into_iter().flatten().map(one).collect();
    format!("[{}]", rules.join(","))
}
