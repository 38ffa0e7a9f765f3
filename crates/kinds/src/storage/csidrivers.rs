//! `csidrivers` of storage.k8s.io/v1.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions, metadata};
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_absent, present};
use crate::fields::{flag, items, text};
use crate::rules;
use crate::tables::{Column, Columns, UNSET, joined, or_none};

const FS_GROUP_POLICIES: &[&str] = &["File", "None", "ReadWriteOnceWithFSType"];
const LIFECYCLE_MODES: &[&str] = &["Persistent", "Ephemeral"];
/// What is behind a feature gate that is off (VolumeLimitScaling).
const GATED: &[&[&str]] = &[&["spec", "preventPodSchedulingIfMissing"]];
const MIN_UPDATE_PERIOD: i64 = 10;
const MIN_TOKEN_SECONDS: i64 = 600;
const MAX_TOKEN_SECONDS: i64 = 1 << 32;
/// How long the name of a driver may be.
const MAX_DRIVER_NAME: usize = 63;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "storage.k8s.io", "v1", "csidrivers", "CSIDriver", CSIDriver)
        .cluster()
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::boolean("AttachRequired", "Whether its volumes are attached before they are mounted."),
        Column::boolean("PodInfoOnMount", "Whether it is told about the pod when it mounts."),
        Column::boolean("StorageCapacity", "Whether it says how much room there is."),
        Column::text("TokenRequests", "The audiences of the tokens it needs."),
        Column::boolean("RequiresRepublish", "Whether it is called again and again for a mounted volume."),
        Column::text("Modes", "What kinds of volumes it has."),
        Column::AGE,
    ],
    |driver, row| {
        let spec = driver.get("spec").unwrap_or(&Value::Null);
        row.name(driver);
        row.flag(spec.get("attachRequired").and_then(Value::as_bool).unwrap_or(true));
        row.flag(flag(spec, "podInfoOnMount"));
        row.flag(flag(spec, "storageCapacity"));
        let audiences: Vec<&str> =
            items(spec, "tokenRequests").iter().map(|request| text(request, "audience")).collect();
        row.text(&if audiences.is_empty() { UNSET.to_owned() } else { audiences.join(",") });
        row.flag(flag(spec, "requiresRepublish"));
        row.text(&or_none(joined(spec, "volumeLifecycleModes", ",")));
        row.age(driver);
    },
);

#[derive(Debug)]
struct CSIDriver;

impl Strategy for CSIDriver {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            unconditional_update: false,
            delete_answer: DeleteAnswer::Object,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_absent(spec, "attachRequired", true);
        for field in ["podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount"] {
            default_absent(spec, field, false);
        }
        default_absent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        if spec.items_at(["volumeLifecycleModes"]).is_empty() {
            spec.set("volumeLifecycleModes", vec!["Persistent".into()]);
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let driver = Field::root(object);
        validate_spec(&driver.child("spec"), errors);
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        rules::drop_gated(object, None, GATED);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::drop_gated(object, Some(old), GATED);
        if object.get("spec") != old.get("spec") {
            metadata::set(object, "generation", Some(Value::Int(metadata::generation(old) + 1)));
        }
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        self.validate_create(context, object, errors);
        let (driver, old) = (Field::root(object), Field::root(old));
        let (spec, old) = (driver.child("spec"), old.child("spec"));
        // The original misspells this path.
        let attach = Field { path: spec.path.child("attachedRequired"), ..spec.child("attachRequired") };
        attach.immutable(errors, &old.child("attachRequired"));
        spec.child("volumeLifecycleModes").immutable(errors, &old.child("volumeLifecycleModes"));
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        let Some(spec) = object.get("spec") else { return };
        if old.is_none()
            && !spec.items_at(["tokenRequests"]).is_empty()
            && present(spec, "serviceAccountTokenInSecrets").is_none()
        {
            context.warnings.add(
                "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent \
                 possible logging of tokens in volume attributes",
            );
        }
    }
}

/// Checks the name of a CSI driver.
pub(super) fn validate_driver_name(name: &Field<'_, '_>, errors: &mut FieldErrors) {
    if name.text().is_empty() {
        return name.missing(errors, "");
    }
    if name.text().len() > MAX_DRIVER_NAME {
        errors.push(FieldError::too_long(&name.path, MAX_DRIVER_NAME as i64));
    }
    name.name(errors, |text| meta::names::dns1123_subdomain(&text.to_lowercase()));
}

fn validate_spec(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    for (field, path) in [
        ("attachRequired", "attachedRequired"),
        ("podInfoOnMount", "podInfoOnMount"),
        ("storageCapacity", "storageCapacity"),
    ] {
        if !spec.child(field).is_present() {
            errors.push(FieldError::required(&spec.path.child(path), ""));
        }
    }
    if let Some(policy) = spec.child("fsGroupPolicy").present() {
        policy.one_of(errors, FS_GROUP_POLICIES);
    }
    validate_token_requests(&spec.child("tokenRequests"), errors);
    let modes = spec.child("volumeLifecycleModes");
    for mode in modes.texts().filter(|mode| !LIFECYCLE_MODES.contains(mode)) {
        errors.push(FieldError::not_supported(&modes.path, mode, LIFECYCLE_MODES.iter().copied()));
    }
    if !spec.child("seLinuxMount").is_present() {
        spec.child("seLinuxMount").missing(errors, "");
    }
    if let Some(period) = spec.child("nodeAllocatableUpdatePeriodSeconds").present()
        && period.int() < MIN_UPDATE_PERIOD
    {
        period.invalid(errors, "must be greater than or equal to 10 seconds");
    }
    let in_secrets = spec.child("serviceAccountTokenInSecrets");
    if in_secrets.is_present() && spec.child("tokenRequests").is_empty() {
        let detail = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
        in_secrets.invalid(errors, detail);
    }
}

fn validate_token_requests(requests: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut audiences = Vec::new();
    for request in requests.items() {
        let audience = request.child("audience");
        if audiences.contains(&audience.text()) {
            errors.push(FieldError::duplicate(&audience.path, audience.text()));
            continue;
        }
        audiences.push(audience.text());
        let Some(seconds) = request.child("expirationSeconds").present() else { continue };
        if seconds.int() < MIN_TOKEN_SECONDS {
            seconds.invalid(errors, "may not specify a duration less than 10 minutes");
        }
        if seconds.int() > MAX_TOKEN_SECONDS {
            seconds.invalid(errors, "may not specify a duration larger than 2^32 seconds");
        }
    }
}
