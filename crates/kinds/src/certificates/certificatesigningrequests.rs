//! `certificatesigningrequests` of certificates.k8s.io/v1.

use object::{Map, Text, Value};
use registry::{Context, FieldLabels, Resource, Strategy, StrategyOptions, User, Verb};
use status::FieldErrors;

use super::rules::{self, Through};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_to, items_mut};
use crate::rules::restore;
use crate::tables::{Column, Columns, NONE, condition, or_none};
use meta::time::{Duration, human_duration};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "certificates.k8s.io",
        "v1",
        "certificatesigningrequests",
        "CertificateSigningRequest",
        CertificateSigningRequest,
    )
    .cluster()
    .short_names(&["csr"])
    .selectable_fields(&[("spec.signerName", "")])
    .field_labels(FieldLabels::Label)
    .object_subresource(
        "approval",
        &[Verb::Get, Verb::Patch, Verb::Update],
        CertificateSigningRequestApproval,
    )
    .status(CertificateSigningRequestStatus)
    .columns(COLUMNS)
    .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::AGE,
        Column::text("SignerName", "Who is asked to sign."),
        Column::text("Requestor", "Who asks."),
        Column::text("RequestedDuration", "How long the certificate should be good for."),
        Column::text("Condition", "What has become of the request."),
    ],
    |request, row| {
        let seconds = request.at(["spec", "expirationSeconds"]).and_then(Value::as_i64);
        let duration = seconds.map(|seconds| human_duration(Duration::from_secs(seconds)));
        row.name(request);
        row.age(request);
        row.text_or(request.str_at(["spec", "signerName"]), NONE);
        row.text(request.str_at(["spec", "username"]));
        row.text(&or_none(duration.unwrap_or_default()));
        row.text(&outcome(request));
    },
);

fn outcome(request: &Value) -> String {
    let is = |name| condition(request, name).is_some();
    let decision = ["Denied", "Approved"].into_iter().find(|name| is(name)).unwrap_or("Pending");
    let failed = if is("Failed") { ",Failed" } else { "" };
    let issued = if request.str_at(["status", "certificate"]).is_empty() { "" } else { ",Issued" };
    format!("{decision}{failed}{issued}")
}

#[derive(Debug)]
struct CertificateSigningRequest;

impl Strategy for CertificateSigningRequest {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { checks_metadata_again: true, ..StrategyOptions::USUAL }
    }

    fn prepare_create(&self, context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        name_requester(spec, &context.request.user);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        restore(object, old, &["spec"]);
        restore(object, old, &["status"]);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        rules::validate(&Field::root(object), errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        rules::validate_update(&Field::root(object), old, Through::Object, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec", "status"]
    }
}

/// Writes down who asks, whatever was given.
fn name_requester(spec: &mut Value, user: &User) {
    let texts = |list: &[String]| list.iter().map(|text| text.as_str().into()).collect::<Vec<Value>>();
    spec.set("username", user.name.as_str());
    spec.set("uid", user.uid.as_str());
    spec.set("groups", texts(&user.groups));
    let extra: Map = user.extra.iter().map(|(key, values)| (Text::from(key), texts(values))).collect();
    spec.set("extra", extra);
}

/// Gives conditions the times they lack: a condition that was there keeps the time it came to be as it is.
fn date_conditions(object: &mut Value, old: &Value, now: &str) {
    let Some(status) = object.get_mut("status") else { return };
    for condition in items_mut(status, "conditions") {
        default_to(condition, "lastUpdateTime", now);
        let same =
            |other: &&Value| ["type", "status"].iter().all(|field| other.get(field) == condition.get(field));
        let since = old
            .items_at(["status", "conditions"])
            .iter()
            .find(same)
            .map(|old| old.str_at(["lastTransitionTime"]))
            .filter(|since| !since.is_empty())
            .unwrap_or(now);
        default_to(condition, "lastTransitionTime", since);
    }
}

#[derive(Debug)]
struct CertificateSigningRequestApproval;

impl Strategy for CertificateSigningRequestApproval {
    fn prepare_update(&self, context: &mut Context<'_>, object: &mut Value, old: &Value) {
        date_conditions(object, old, context.now);
        restore(object, old, &["spec"]);
        restore(object, old, &["status", "certificate"]);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        rules::validate_update(&Field::root(object), old, Through::Approval, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec", "status.certificate"]
    }
}

#[derive(Debug)]
struct CertificateSigningRequestStatus;

impl Strategy for CertificateSigningRequestStatus {
    fn prepare_update(&self, context: &mut Context<'_>, object: &mut Value, old: &Value) {
        restore(object, old, &["spec"]);
        keep_decision(object, old);
        date_conditions(object, old, context.now);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        rules::validate_update(&Field::root(object), old, Through::Status, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}

/// The conditions of the approval stay as they are, where there are as many as before.
fn keep_decision(object: &mut Value, old: &Value) {
    for kind in ["Approved", "Denied"] {
        let before = rules::of_type(old, kind);
        if before.len() != rules::of_type(object, kind).len() {
            continue;
        }
        let Some(status) = object.get_mut("status") else { return };
        let now = items_mut(status, "conditions").iter_mut();
        let now = now.filter(|condition| condition.str_at(["type"]) == kind);
        now.zip(before).for_each(|(now, before)| *now = before.clone());
    }
}
