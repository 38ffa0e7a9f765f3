//! From a body to a normalised object: parsing, which kind it is, and what the type makes of it.

use bytes::Bytes;
use object::{Notice, Notices, Value, json};
use schema::OwnedType;
use status::{Result, Status};

use crate::{
    Body, BodyFormat, CustomVersion, FieldValidation, Resource, Resources, Warnings, ownership, protobuf,
};

/// What a body is to be: a kind in one version, known by the resource (or subresource) it is sent to.
pub(crate) struct Expected<'a> {
    /// API group of the kind.
    pub(crate) group: &'a str,
    /// Version of the kind.
    pub(crate) version: &'a str,
    /// The kind.
    pub(crate) kind: &'a str,
    /// Its type.
    pub(crate) ty: &'a OwnedType,
    /// The resource the request is on.
    pub(crate) resource: &'a Resource,
}

impl<'a> Expected<'a> {
    /// Objects of the resource itself.
    pub(crate) fn object(resource: &'a Resource) -> Expected<'a> {
        Expected {
            group: &resource.group,
            version: &resource.version,
            kind: &resource.kind,
            ty: &resource.ty,
            resource,
        }
    }

    /// What makes objects of a custom resource of what is sent, if this is one (and not a Scale).
    fn custom_version(&self) -> Option<&'a dyn CustomVersion> {
        self.resource.custom_version().filter(|_| std::ptr::eq(self.ty, &self.resource.ty))
    }

    fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// 400 for what can be read but not taken as this kind.
    pub(crate) fn refuse(&self, kind: &str, version: &str, why: impl std::fmt::Display) -> Box<Status> {
        if self.resource.custom && self.custom_version().is_none() {
            // The original fails to name what it failed to read.
            return Status::bad_request(
                "no kind is registered for the type v1.Scale in scheme \
                 \"k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go:781\"",
            );
        }
        Status::bad_request(format!(
            "{kind} in version {} cannot be handled as a {}: {why}",
            status::go_quote(version),
            self.kind
        ))
    }
}

/// Decodes a body into a normalised object with `kind` and `apiVersion` set. What strict decoding finds becomes
/// warnings or a 400, as `validation` says.
pub(crate) fn decode(
    body: &Body,
    expected: &Expected<'_>,
    resources: &Resources,
    validation: FieldValidation,
    warnings: &mut Warnings,
) -> Result<Value> {
    let mut parsed = match body.format {
        BodyFormat::Protobuf => return protobuf::decode(&body.bytes, expected, resources),
        BodyFormat::Json => parse_json(&body.bytes, expected)?,
        BodyFormat::Yaml => parse_yaml(&body.bytes, expected)?,
        BodyFormat::Cbor => parse_cbor(&body.bytes)?,
    };
    if let Some(version) = expected.custom_version() {
        return decode_custom(parsed, expected, version, &body.bytes, validation, warnings);
    }
    check_kind(&mut parsed.value, expected, resources, &body.bytes)?;
    let cleared = ownership::clears(&parsed.value);
    let refuse = |error: String| expected.refuse(expected.kind, expected.version, error);
    let (mut object, found) =
        schema::decode_with_notices(expected.ty.get(), parsed.value, &parsed.json, &parsed.notices)
            .map_err(refuse)?;
    let mut strict = yaml_notices(&parsed.notices, validation);
    strict.extend(found);
    report(strict, validation, warnings).map_err(refuse)?;
    if cleared {
        ownership::clear(&mut object);
    }
    Ok(object)
}

/// The duplicate keys of a YAML body: each a warning, or all one error. Those of JSON come with what decoding reports.
fn yaml_notices(notices: &Notices, validation: FieldValidation) -> Vec<String> {
    let mut notices = notices.clone();
    notices.retain(|notice| matches!(notice, Notice::DuplicateKey { .. }));
    if validation == FieldValidation::Strict { notices.strict_errors() } else { notices.warnings() }
}

/// Makes an object of a custom resource of a body. Its kind is checked with the rest of it, later.
fn decode_custom(
    parsed: Parsed,
    expected: &Expected<'_>,
    version: &dyn CustomVersion,
    bytes: &[u8],
    validation: FieldValidation,
    warnings: &mut Warnings,
) -> Result<Value> {
    let Parsed { mut value, notices, json } = parsed;
    let [given_version, kind] = type_texts(&value).map_err(|error| unrecognized(expected, error, bytes))?;
    if kind.is_empty() {
        return Err(Status::bad_request(format!(
            "the object provided is unrecognized (must be of type {}): {} ({})",
            expected.kind,
            kind_missing(&json),
            summary(bytes)
        )));
    }
    let given_version = given_version.to_owned();
    let refuse = |error: String| expected.refuse(expected.kind, expected.version, error);
    let unknown = version.admit(&mut value).map_err(refuse)?;
    let unknown = unknown.iter().map(|path| format!("unknown field {}", status::go_quote(path)));
    let mut found = match validation {
        FieldValidation::Strict => notices.strict_errors(),
        _ => notices.warnings(),
    };
    found.extend(unknown);
    report(found, validation, warnings).map_err(refuse)?;
    if given_version != expected.api_version() {
        return Err(wrong_version(&given_version, expected));
    }
    Ok(value)
}

/// What the original says of an object that does not tell its kind.
pub(crate) fn kind_missing(json: &[u8]) -> String {
    format!("Object 'Kind' is missing in '{}'", String::from_utf8_lossy(json))
}

fn wrong_version(given: &str, expected: &Expected<'_>) -> Box<Status> {
    Status::bad_request(format!(
        "the API version in the data ({given}) does not match the expected API version ({})",
        expected.api_version()
    ))
}

/// The configuration of an apply, which is YAML or JSON.
pub(crate) struct Configuration {
    /// What is applied.
    pub(crate) object: Value,
    notices: Notices,
}

impl Configuration {
    /// Reads the body of an apply; 400 if it is no map.
    pub(crate) fn read(body: &Body) -> Result<Configuration> {
        let (value, notices) = object::yaml::parse_with_notices(&body.bytes).map_err(|error| {
            Status::bad_request(format!("error decoding YAML: error converting YAML to JSON: {error}"))
        })?;
        let object = if value.is_null() { Value::object() } else { value };
        if object.as_object().is_none() {
            return Err(Status::bad_request(format!(
                "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go \
                 value of type map[string]interface {{}}",
                object.type_name()
            )));
        }
        Ok(Configuration { object, notices })
    }

    /// Warns of duplicate keys, or refuses them with 400. Asked last: what can't be applied is told of first.
    pub(crate) fn report(&self, validation: FieldValidation, warnings: &mut Warnings) -> Result<()> {
        match validation {
            FieldValidation::Ignore => {}
            FieldValidation::Warn => self.notices.warnings().into_iter().for_each(|text| warnings.add(text)),
            FieldValidation::Strict => {
                let found = self.notices.strict_errors();
                if !found.is_empty() {
                    return Err(Status::bad_request(format!(
                        "error strict decoding YAML: error converting YAML to JSON: {}",
                        found.join(", ")
                    )));
                }
            }
        }
        Ok(())
    }
}

/// A body as a tree, with the JSON it stands for.
struct Parsed {
    value: Value,
    notices: Notices,
    json: Bytes,
}

fn parse_json(bytes: &Bytes, expected: &Expected<'_>) -> Result<Parsed> {
    let (value, notices) =
        json::parse_with_notices(bytes).map_err(|error| unrecognized(expected, error, bytes))?;
    Ok(Parsed { value, notices, json: bytes.clone() })
}

fn parse_yaml(bytes: &[u8], expected: &Expected<'_>) -> Result<Parsed> {
    let (value, notices) =
        object::yaml::parse_with_notices(bytes).map_err(|error| unreadable(expected, error, bytes))?;
    let json = json::to_vec(&value).into();
    Ok(Parsed { value, notices, json })
}

fn parse_cbor(bytes: &[u8]) -> Result<Parsed> {
    let value = object::cbor::parse(bytes).map_err(|error| Status::bad_request(error.to_string()))?;
    let json = json::to_vec(&value).into();
    Ok(Parsed { value, notices: Notices::default(), json })
}

/// 400 for what does not even tell its kind.
fn unrecognized(expected: &Expected<'_>, error: impl std::fmt::Display, bytes: &[u8]) -> Box<Status> {
    unreadable(expected, format_args!("couldn't get version/kind; json parse error: {error}"), bytes)
}

/// 400 for what can't be read at all.
fn unreadable(expected: &Expected<'_>, error: impl std::fmt::Display, bytes: &[u8]) -> Box<Status> {
    Status::bad_request(format!(
        "the object provided is unrecognized (must be of type {}): {error} ({})",
        expected.kind,
        summary(bytes)
    ))
}

/// The beginning of a body as messages show it: as text if it looks like JSON, else in hexadecimal.
pub(crate) fn summary(bytes: &[u8]) -> String {
    const SHOWN: usize = 30;
    let shown = &bytes[..bytes.len().min(SHOWN)];
    let text = match bytes.first() {
        None => return "<empty>".to_owned(),
        Some(b'{') => String::from_utf8_lossy(shown).into_owned(),
        Some(_) => shown.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    if bytes.len() > SHOWN { format!("{text} ...") } else { text }
}

/// Go's name of the anonymous struct that the original reads kind and version with.
const KIND_STRUCT: &str =
    r#"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;

/// What an object says of its `apiVersion` and `kind`; empty where it says nothing.
/// Fails with the words for why it can't be told.
pub(crate) fn type_texts(value: &Value) -> std::result::Result<[&str; 2], String> {
    let map = match value {
        Value::Null => return Ok(["", ""]),
        Value::Object(map) => map,
        other => {
            return Err(format!(
                "json: cannot unmarshal {} into Go value of type {KIND_STRUCT}",
                other.type_name()
            ));
        }
    };
    let mut texts = ["", ""];
    for (text, field) in texts.iter_mut().zip(["apiVersion", "kind"]) {
        *text = match map.get(field) {
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text,
            Some(other) => {
                let name = other.type_name();
                return Err(format!(
                    "json: cannot unmarshal {name} into Go struct field .{field} of type string"
                ));
            }
        };
    }
    Ok(texts)
}

/// Checks that the object is of the kind expected, and sets `kind` and `apiVersion` where they are absent.
pub(crate) fn check_kind(
    value: &mut Value,
    expected: &Expected<'_>,
    resources: &Resources,
    bytes: &[u8],
) -> Result<()> {
    if value.is_null() {
        *value = Value::object();
    }
    let [given_version, given_kind] =
        type_texts(value).map_err(|error| unrecognized(expected, error, bytes))?;
    let api_version = expected.api_version();
    let given_version = if given_version.is_empty() { api_version.as_str() } else { given_version };
    let given_kind = if given_kind.is_empty() { expected.kind } else { given_kind };
    if given_version != api_version || given_kind != expected.kind {
        return Err(wrong_kind(given_version, given_kind, expected, resources));
    }
    value.set("kind", expected.kind);
    value.set("apiVersion", api_version);
    Ok(())
}

fn wrong_kind(api_version: &str, kind: &str, expected: &Expected<'_>, resources: &Resources) -> Box<Status> {
    let parsed = match meta::GroupVersion::parse(api_version) {
        Ok(parsed) => parsed,
        Err(error) => return Status::bad_request(error.to_string()),
    };
    let (group, version) = (parsed.group.as_str(), parsed.version.as_str());
    let known = expected.ty.schema.of_kind(group, version, kind).is_some()
        || resources.of_kind(group, version, kind).is_some();
    if !known {
        let why = format!(
            "no kind {} is registered for version {} in scheme {}",
            status::go_quote(kind),
            status::go_quote(api_version),
            status::go_quote(scheme(expected.resource))
        );
        return expected.refuse(kind, version, why);
    }
    if kind == expected.kind {
        return wrong_version(api_version, expected);
    }
    let package = match expected.group {
        "" => "core",
        group => group.split('.').next().unwrap_or(group),
    };
    let why = format!("converting ({version}.{kind}) to ({package}.{}): unknown conversion", expected.kind);
    expected.refuse(kind, version, why)
}

/// The name that the original's type registry has in messages: where its source makes it.
pub(crate) fn scheme(resource: &Resource) -> &'static str {
    match resource.group.as_str() {
        "apiextensions.k8s.io" => "k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:56",
        "apiregistration.k8s.io" => "k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28",
        _ => "pkg/api/legacyscheme/scheme.go:30",
    }
}

/// Warns of what strict decoding found, or refuses it.
pub(crate) fn report(
    strict: Vec<String>,
    validation: FieldValidation,
    warnings: &mut Warnings,
) -> std::result::Result<(), String> {
    match validation {
        FieldValidation::Ignore => Ok(()),
        FieldValidation::Warn => {
            strict.into_iter().for_each(|text| warnings.add(text));
            Ok(())
        }
        FieldValidation::Strict if strict.is_empty() => Ok(()),
        FieldValidation::Strict => Err(format!("strict decoding error: {}", strict.join(", "))),
    }
}
