//! The options of a delete: from the body if there is one, else from the query.

use crate::exchange::Payload;
use object::{Value, json};
use registry::{DeleteOptions, Preconditions, Propagation};
use schema::protobuf::{Envelope, MAGIC, Message};
use status::{FieldError, FieldErrors, Path, Result, Status};

use super::{options, read_body};
use crate::exchange::Exchange;
use crate::negotiate;
use crate::url::Query;

/// Reads and checks the options.
pub(super) async fn read(exchange: &Exchange, body: &mut Payload) -> Result<DeleteOptions> {
    let bytes = read_body::read(body).await?;
    let given = if bytes.is_empty() {
        from_query(&exchange.query)?
    } else {
        let format = negotiate::body_format(exchange.header(http::header::CONTENT_TYPE));
        match format {
            Some(registry::BodyFormat::Json) => from_body(json::parse(&bytes), &bytes)?,
            Some(registry::BodyFormat::Yaml) => {
                let value = object::yaml::parse(&bytes);
                let json = value.as_ref().map(json::to_vec).unwrap_or_default();
                from_body(value, &json)?
            }
            Some(registry::BodyFormat::Protobuf) => from_protobuf(&bytes)?,
            _ => return Err(Status::unsupported_media_type(negotiate::OBJECT_TYPES)),
        }
    };
    check(given)
}

fn from_query(query: &Query) -> Result<Value> {
    let mut given = Value::object();
    if let Some(policy) = query.get("propagationPolicy") {
        given.set("propagationPolicy", policy);
    }
    for condition in ["uid", "resourceVersion"] {
        if let Some(text) = query.get(condition) {
            given.object_at("preconditions").insert(condition, text);
        }
    }
    if let Some(seconds) = options::number(query, "gracePeriodSeconds")? {
        given.set("gracePeriodSeconds", seconds);
    }
    if query.get("orphanDependents").is_some() {
        given.set("orphanDependents", query.flag("orphanDependents"));
    }
    let dry_run: Vec<Value> = query.all("dryRun").map(Value::from).collect();
    if !dry_run.is_empty() {
        given.set("dryRun", dry_run);
    }
    Ok(given)
}

/// Options in protobuf, whatever they say they are.
fn from_protobuf(bytes: &[u8]) -> Result<Value> {
    let refuse = |why: &dyn std::fmt::Display| Status::bad_request(why.to_string());
    let document = bytes.strip_prefix(MAGIC).ok_or_else(|| {
        refuse(&"provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    })?;
    let envelope = Envelope::read(document).map_err(|error| refuse(&error))?;
    check_kind(&envelope.kind, &envelope.api_version)?;
    let message = Message::of_kind("", "v1", "DeleteOptions")
        .ok_or_else(|| Status::unsupported_media_type(negotiate::OBJECT_TYPES))?;
    message.decode(envelope.message).map_err(|error| refuse(&error))
}

fn from_body(parsed: Result<Value, object::ParseError>, json: &[u8]) -> Result<Value> {
    let value = parsed.map_err(|error| {
        Status::bad_request(format!("couldn't get version/kind; json parse error: {error}"))
    })?;
    check_kind(value.str_at(["kind"]), value.str_at(["apiVersion"]))?;
    let schema = schema::builtin();
    let Some(ty) = schema.named("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions") else {
        return Ok(value);
    };
    schema::decode(ty, value, json).map(|(options, _)| options).map_err(Status::bad_request)
}

fn check_kind(kind: &str, version: &str) -> Result<()> {
    if !matches!(kind, "" | "DeleteOptions") {
        let known = schema::builtin().of_kind("", "v1", kind).is_some_and(|_| kind == "Status");
        return Err(Status::bad_request(if known {
            format!("converting (v1.{kind}) to (v1.DeleteOptions): unknown conversion")
        } else {
            format!(
                "no kind {} is registered for version {} in scheme \
                 \"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27\"",
                status::go_quote(kind),
                status::go_quote(if version.is_empty() { "v1" } else { version }),
            )
        }));
    }
    Ok(())
}

fn check(given: Value) -> Result<DeleteOptions> {
    let mut errors = FieldErrors::new();
    let policy = given.get("propagationPolicy").and_then(Value::as_str);
    let orphan_dependents = given.get("orphanDependents").and_then(Value::as_bool);
    let path = Path::new("propagationPolicy");
    let propagation = match policy {
        None => None,
        Some("Orphan") => Some(Propagation::Orphan),
        Some("Background") => Some(Propagation::Background),
        Some("Foreground") => Some(Propagation::Foreground),
        Some(other) => {
            errors.push(FieldError::not_supported(
                &path,
                other,
                ["Foreground", "Background", "Orphan", "nil"],
            ));
            None
        }
    };
    if let (Some(policy), Some(_)) = (policy, orphan_dependents) {
        let why = "orphanDependents and deletionPropagation cannot be both set";
        errors.insert(0, FieldError::invalid(&path, policy, why));
    }
    let dry_run: Vec<&str> = given.items_at(["dryRun"]).iter().filter_map(Value::as_str).collect();
    options::check_dry_run(&dry_run, &mut errors);
    options::check("DeleteOptions", errors)?;
    let condition =
        |field: &str| given.at(["preconditions", field]).and_then(Value::as_str).map(str::to_owned);
    Ok(DeleteOptions {
        dry_run: !dry_run.is_empty(),
        grace_period_seconds: given.get("gracePeriodSeconds").and_then(Value::as_i64),
        preconditions: Preconditions {
            uid: condition("uid"),
            resource_version: condition("resourceVersion"),
        },
        propagation,
        orphan_dependents,
        ignore_store_read_error: false,
    })
}
