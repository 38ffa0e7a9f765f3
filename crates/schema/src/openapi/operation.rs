//! One operation: its name, parameters, body and answers.

use object::Value;

use super::{Dialect, Endpoint, object, parameters, reference};

const STATUS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
const DELETE_OPTIONS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
const PATCH: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";

const PATCHES: &[&str] = &[
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
];

const JSON: &str = "application/json";
const YAML: &str = "application/yaml";
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// What a path does with a method.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    /// The API's verb.
    pub verb: &'a str,
    pub method: &'a str,
    /// What the operation's id begins with.
    pub prefix: &'a str,
    pub action: &'a str,
    pub scope: &'a str,
    pub suffix: &'a str,
}

/// The operation as a document has it.
pub(super) fn operation(dialect: Dialect, endpoint: &Endpoint<'_>, of: &Operation<'_>) -> Value {
    let connects = endpoint.definition.is_empty() && endpoint.subresource != "log";
    let action = if connects { "connect" } else { of.action };
    let (group, version, kind) = endpoint.kind;
    let mut out = object([
        ("operationId", operation_id(endpoint, of, connects).into()),
        ("tags", vec![tag(endpoint).into()].into()),
        ("x-kubernetes-action", action.into()),
        (
            "x-kubernetes-group-version-kind",
            object([("group", group.into()), ("version", version.into()), ("kind", kind.into())]),
        ),
    ]);
    let mut parameters = parameters::query(dialect, table(endpoint, of, connects));
    if let (false, Some((definition, required))) = (connects, body(endpoint, of.verb)) {
        let media = body_media(endpoint, of.verb);
        match dialect {
            Dialect::V2 => {
                let mut body = object([
                    ("name", "body".into()),
                    ("in", "body".into()),
                    ("schema", reference(dialect, definition)),
                ]);
                if required {
                    body.set("required", true);
                }
                parameters.insert(0, body);
                out.set("consumes", list(&media));
            }
            Dialect::V3 => {
                let mut body = object([("content", content(&media, &reference(dialect, definition)))]);
                if required {
                    body.set("required", true);
                }
                out.set("requestBody", body);
            }
        }
    }
    if !parameters.is_empty() {
        out.set("parameters", parameters);
    }
    if dialect == Dialect::V2 {
        out.set("produces", list(&answer_media(endpoint, of.verb)));
        out.set("schemes", list(&["https"]));
    }
    out.set("responses", responses(dialect, endpoint, of));
    out
}

fn table(
    endpoint: &Endpoint<'_>,
    of: &Operation<'_>,
    connects: bool,
) -> &'static [(&'static str, &'static str)] {
    match of.verb {
        _ if connects => &[],
        "list" | "deletecollection" => parameters::LIST,
        "get" if endpoint.subresource == "log" => parameters::LOG,
        "get" if endpoint.custom => parameters::READ,
        "create" | "update" => parameters::WRITE,
        "patch" => parameters::PATCH,
        "delete" => parameters::DELETE,
        _ => &[],
    }
}

/// The definition of the body, and whether there must be one.
fn body<'a>(endpoint: &Endpoint<'a>, verb: &str) -> Option<(&'a str, bool)> {
    match verb {
        "create" | "update" => Some((endpoint.definition, true)),
        "patch" => Some((PATCH, true)),
        "delete" => Some((DELETE_OPTIONS, false)),
        "deletecollection" if !endpoint.custom => Some((DELETE_OPTIONS, false)),
        _ => None,
    }
}

fn body_media(endpoint: &Endpoint<'_>, verb: &str) -> Vec<&'static str> {
    match (verb, endpoint.custom) {
        ("patch", true) => PATCHES[..3].to_vec(),
        ("patch", false) => PATCHES.to_vec(),
        (_, true) => vec![JSON, YAML],
        (_, false) => vec!["*/*"],
    }
}

fn answer_media(endpoint: &Endpoint<'_>, verb: &str) -> Vec<&'static str> {
    match verb {
        _ if endpoint.subresource == "log" => vec!["text/plain"],
        _ if endpoint.definition.is_empty() => vec!["*/*"],
        _ if endpoint.custom => vec![JSON, YAML],
        "list" => vec![
            JSON,
            "application/json;stream=watch",
            PROTOBUF,
            "application/vnd.kubernetes.protobuf;stream=watch",
            YAML,
        ],
        _ => vec![JSON, PROTOBUF, YAML],
    }
}

fn responses(dialect: Dialect, endpoint: &Endpoint<'_>, of: &Operation<'_>) -> Value {
    let schema = match of.verb {
        _ if endpoint.definition.is_empty() => object([("type", "string".into())]),
        "list" => reference(dialect, &format!("{}List", endpoint.definition)),
        "delete" | "deletecollection" => reference(dialect, STATUS),
        _ => reference(dialect, endpoint.definition),
    };
    let codes: &[(&str, &str)] = match of.verb {
        _ if endpoint.definition.is_empty() => &[("200", "OK")],
        "create" => &[("200", "OK"), ("201", "Created"), ("202", "Accepted")],
        "update" => &[("200", "OK"), ("201", "Created")],
        "patch" if !endpoint.custom => &[("200", "OK"), ("201", "Created")],
        "delete" => &[("200", "OK"), ("202", "Accepted")],
        _ => &[("200", "OK")],
    };
    let mut out = object([("401", object([("description", "Unauthorized".into())]))]);
    for (code, words) in codes {
        let mut answer = object([("description", (*words).into())]);
        match dialect {
            Dialect::V2 => answer.set("schema", schema.clone()),
            Dialect::V3 => answer.set("content", content(&answer_media(endpoint, of.verb), &schema)),
        }
        out.set(*code, answer);
    }
    out
}

/// The answers of a page that answers one definition.
pub(super) fn responses_of(dialect: Dialect, media: &[&str], definition: &str) -> Value {
    let schema = reference(dialect, definition);
    let mut answer = object([("description", "OK".into())]);
    match dialect {
        Dialect::V2 => answer.set("schema", schema),
        Dialect::V3 => answer.set("content", content(media, &schema)),
    }
    object([("200", answer), ("401", object([("description", "Unauthorized".into())]))])
}

fn content(media: &[&str], schema: &Value) -> Value {
    object(media.iter().map(|name| (*name, object([("schema", schema.clone())]))))
}

fn list(texts: &[&str]) -> Value {
    texts.iter().map(|text| (*text).into()).collect::<Vec<Value>>().into()
}

/// Such as `listAppsV1NamespacedDeployment` or `connectCoreV1GetNamespacedPodExec`.
fn operation_id(endpoint: &Endpoint<'_>, of: &Operation<'_>, connects: bool) -> String {
    let group = words(group_name(endpoint.group), true);
    let version = words(endpoint.version, true);
    let kind = endpoint.resource_kind;
    let subresource = words(endpoint.subresource, true);
    let (scope, suffix) = (of.scope, of.suffix);
    if connects {
        let method = words(of.method, true);
        return format!("connect{group}{version}{method}{scope}{kind}{subresource}");
    }
    let collection = if of.verb == "deletecollection" { "Collection" } else { "" };
    format!("{}{group}{version}{collection}{scope}{kind}{subresource}{suffix}", of.prefix)
}

/// Such as `rbacAuthorization_v1`.
fn tag(endpoint: &Endpoint<'_>) -> String {
    format!("{}_{}", words(group_name(endpoint.group), false), endpoint.version)
}

/// A group's name as tags and ids begin with it.
pub(super) fn group_name(group: &str) -> &str {
    match group {
        "" => "core",
        group => group.strip_suffix(".k8s.io").unwrap_or(group),
    }
}

/// The parts of `text` between characters that identifiers cannot hold, joined in camel case.
pub(super) fn words(text: &str, mut capital: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, c) in text.chars().enumerate() {
        if c.is_alphabetic() || c == '_' || (index > 0 && c.is_numeric()) {
            if capital {
                out.extend(c.to_uppercase())
            } else {
                out.push(c)
            }
            capital = false;
        } else {
            capital = true;
        }
    }
    out
}
