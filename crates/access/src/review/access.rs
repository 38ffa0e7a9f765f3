//! May this user, or I, do that: SubjectAccessReview and its siblings.

use std::borrow::Cow;

use object::{Value, json};
use registry::User;
use status::{BadValue, FieldError, FieldErrors, Path, Result, Status};

use super::selectors::{self, Selector};
use super::{AUTHORIZATION, Reviews, metadata};
use crate::authorization::{Attributes, Decision};

/// The kinds of access reviews.
#[derive(Clone, Copy, PartialEq)]
enum Kind<'a> {
    /// Of any user.
    Any,
    /// Of any user in a namespace.
    Local(&'a str),
    /// Of who asks.
    Own,
}

impl Reviews {
    /// Answers a SubjectAccessReview.
    pub async fn subject_access(&self, review: Value) -> Result<Value> {
        self.access(Kind::Any, None, review).await
    }

    /// Answers a LocalSubjectAccessReview made in `namespace`.
    pub async fn local_subject_access(&self, namespace: &str, mut review: Value) -> Result<Value> {
        if review.str_at(["metadata", "namespace"]).is_empty() {
            review.object_at("metadata").insert("namespace", namespace);
        }
        self.access(Kind::Local(namespace), None, review).await
    }

    /// Answers a SelfSubjectAccessReview of `user`.
    pub async fn self_subject_access(&self, user: &User, review: Value) -> Result<Value> {
        self.access(Kind::Own, Some(user), review).await
    }

    async fn access(&self, kind: Kind<'_>, own: Option<&User>, mut review: Value) -> Result<Value> {
        check(kind, &review)?;
        let user = own.map_or_else(|| Cow::Owned(subject(&review)), Cow::Borrowed);
        let null = Value::Null;
        let at = |field| review.at(["spec", field]).filter(|value| !value.is_null());
        let status = match (at("resourceAttributes"), at("nonResourceAttributes")) {
            (Some(resource), _) => self.resource_access(&user, resource).await,
            (None, path) => {
                let path = path.unwrap_or(&null);
                let attributes = Attributes::path(&user, path.str_at(["verb"]), path.str_at(["path"]));
                status(self.authorizer.authorize(&attributes).await, &[])
            }
        };
        review.set("status", status);
        Ok(review)
    }

    async fn resource_access(&self, user: &User, resource: &Value) -> Value {
        let text = |field| resource.str_at([field]);
        let fields = selectors::fields(selector(resource, "fieldSelector"));
        let labels = selectors::labels(selector(resource, "labelSelector"));
        let attributes = Attributes {
            version: if text("version").is_empty() { "*" } else { text("version") },
            namespace: text("namespace"),
            subresource: text("subresource"),
            name: text("name"),
            field_selector: fields.text.as_deref(),
            label_selector: labels.text.as_deref(),
            ..Attributes::resource(user, text("verb"), text("group"), text("resource"))
        };
        let decision = self.authorizer.authorize(&attributes).await;
        status(decision, &[("fieldSelector", &fields), ("labelSelector", &labels)])
    }
}

fn selector<'v>(resource: &'v Value, field: &str) -> Option<&'v Value> {
    resource.get(field).filter(|value| !value.is_null())
}

fn status(decision: Decision, selectors: &[(&str, &Selector)]) -> Value {
    let mut status = Value::object();
    status.set("allowed", decision.is_allowed());
    if matches!(decision, Decision::Deny(_)) {
        status.set("denied", true);
    }
    if !decision.reason().is_empty() {
        status.set("reason", decision.reason());
    }
    let errors = selectors
        .iter()
        .filter_map(|(field, selector)| Some(format!("spec.resourceAttributes.{field} {}", selector.error?)));
    let errors: Vec<String> = errors.collect();
    if !errors.is_empty() {
        status.set("evaluationError", errors.join("; "));
    }
    status
}

fn texts(value: &Value, field: &str) -> Vec<String> {
    value.items_at([field]).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The user a review is about.
fn subject(review: &Value) -> User {
    let null = Value::Null;
    let spec = review.get("spec").unwrap_or(&null);
    let extra = spec.get("extra").and_then(Value::as_object);
    User {
        name: spec.str_at(["user"]).to_owned(),
        uid: spec.str_at(["uid"]).to_owned(),
        groups: texts(spec, "groups"),
        extra: extra
            .into_iter()
            .flat_map(object::Map::iter)
            .map(|(key, values)| (key.to_owned(), texts_of(values)))
            .collect(),
    }
}

fn texts_of(values: &Value) -> Vec<String> {
    let values = values.as_array().map_or(&[][..], Vec::as_slice);
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn check(kind: Kind<'_>, review: &Value) -> Result<()> {
    let mut errors = FieldErrors::new();
    let spec = Path::new("spec");
    let null = Value::Null;
    let value = review.get("spec").unwrap_or(&null);
    let at = |field| value.get(field).filter(|value| !value.is_null());
    let (resource, path) = (at("resourceAttributes"), at("nonResourceAttributes"));
    let (resource_path, path_path) = (spec.child("resourceAttributes"), spec.child("nonResourceAttributes"));
    match (resource, path) {
        (Some(_), Some(path)) => {
            let detail = "cannot be specified in combination with resourceAttributes";
            errors.push(FieldError::invalid(&path_path, internal(path), detail));
        }
        (None, None) => {
            let detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
            errors.push(FieldError::invalid(&resource_path, BadValue::Null, detail));
        }
        _ => {}
    }
    if kind != Kind::Own && value.str_at(["user"]).is_empty() && value.items_at(["groups"]).is_empty() {
        let detail = "at least one of user or group must be specified";
        errors.push(FieldError::invalid(&spec.child("user"), "", detail));
    }
    if let Some(resource) = resource {
        for (field, is_label) in [("fieldSelector", false), ("labelSelector", true)] {
            selectors::check(&resource_path.child(field), selector(resource, field), is_label, &mut errors);
        }
    }
    check_metadata(kind, review.get("metadata"), &mut errors);
    if let Kind::Local(_) = kind {
        let own = review.str_at(["metadata", "namespace"]);
        let given = resource.map_or(own, |resource| resource.str_at(["namespace"]));
        if given != own {
            let detail = "must match metadata.namespace";
            errors.push(FieldError::invalid(&resource_path.child("namespace"), given, detail));
        }
        if let Some(path) = path {
            let detail = "disallowed on this kind of request";
            errors.push(FieldError::invalid(&path_path, internal(path), detail));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Status::invalid(AUTHORIZATION, "", "", &errors)) }
}

fn check_metadata(kind: Kind<'_>, given: Option<&Value>, errors: &mut FieldErrors) {
    let (except, detail): (&[&str], _) = match kind {
        Kind::Local(_) => (&["managedFields", "namespace"], "must be empty except for namespace"),
        _ => (&["managedFields"], "must be empty"),
    };
    if !metadata::is_empty(given, except) {
        let printed = BadValue::Bare(metadata::to_json(given));
        errors.push(FieldError::invalid(&Path::new("metadata"), printed, detail));
    }
}

/// Non-resource attributes as the original's internal type prints them.
fn internal(path: &Value) -> BadValue {
    let mut out = b"{\"Path\":".to_vec();
    json::write_string(&mut out, path.str_at(["path"]));
    out.extend_from_slice(b",\"Verb\":");
    json::write_string(&mut out, path.str_at(["verb"]));
    out.push(b'}');
    BadValue::Bare(String::from_utf8(out).unwrap_or_default())
}
