//! The containers of a pod: regular, init and ephemeral ones.

use std::collections::BTreeSet;

use meta::names::{port_name, port_number};
use object::Value;
use status::{FieldError, FieldErrors};

use super::volumes::{Volumes, label};
use super::{PodRules, environment, mounts, probes, requirements, security};
use crate::checks::Field;

const PULL_POLICIES: &[&str] = &["Always", "IfNotPresent", "Never"];
const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];

/// What the containers of a pod are checked against.
pub(super) struct Surroundings<'v> {
    pub(super) volumes: Volumes<'v>,
    pub(super) claims: BTreeSet<&'v str>,
    pub(super) grace: i64,
    pub(super) restart_policy: &'v str,
    pub(super) host_users: bool,
}

/// All three lists.
pub(super) fn validate<'v>(
    spec: &Field<'v, '_>,
    around: &Surroundings<'v>,
    rules: &PodRules<'_>,
    errors: &mut FieldErrors,
) {
    regular(&spec.child("containers"), around, rules, errors);
    init(spec, around, rules, errors);
    ephemeral(spec, around, rules, errors);
}

fn regular(list: &Field<'_, '_>, around: &Surroundings<'_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    if !list.required(errors) {
        return;
    }
    let mut names = BTreeSet::new();
    for container in list.items() {
        common(&container, around, rules, errors);
        let name = container.child("name");
        if !names.insert(name.text()) {
            name.duplicate(errors);
        }
        probes::validate(&container, around.grace, errors);
        restart(&container, errors);
    }
    let mut ports = BTreeSet::new();
    for container in list.items() {
        host_ports(&container, &mut ports, errors);
    }
}

fn names<'v>(spec: &Field<'v, '_>, lists: &[&str]) -> BTreeSet<&'v str> {
    lists
        .iter()
        .flat_map(|list| crate::fields::items(spec.value, list))
        .map(|one| one.str_at(["name"]))
        .collect()
}

fn init(spec: &Field<'_, '_>, around: &Surroundings<'_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    let list = spec.child("initContainers");
    let mut names = names(spec, &["containers"]);
    for container in list.items() {
        common(&container, around, rules, errors);
        let name = container.child("name");
        if !name.is_empty() && !names.insert(name.text()) {
            name.duplicate(errors);
        }
        // Init containers run one by one, so ports of different ones do not collide.
        let first = Field { value: container.value, path: list.path.index(0) };
        host_ports(&first, &mut BTreeSet::new(), errors);
        let sidecar = container.child("restartPolicy").text() == "Always";
        if sidecar {
            probes::validate(&container, around.grace, errors);
        } else {
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                let field = container.child(field);
                if field.is_present() {
                    field
                        .forbidden(errors, "may not be set for init containers without restartPolicy=Always");
                }
            }
            for policy in container.child("resizePolicy").items() {
                let policy = policy.child("restartPolicy");
                if policy.text() == "RestartContainer" {
                    let detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
                    policy.invalid_text(errors, detail);
                }
            }
        }
        restart(&container, errors);
    }
}

/// Fields that ephemeral containers do not have.
const NOT_EPHEMERAL: &[&str] = &[
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];
const NOT_EPHEMERAL_TEXT: &str = "cannot be set for an Ephemeral Container";

fn ephemeral(
    spec: &Field<'_, '_>,
    around: &Surroundings<'_>,
    rules: &PodRules<'_>,
    errors: &mut FieldErrors,
) {
    let others = names(spec, &["containers", "initContainers"]);
    let mut all = others.clone();
    for container in spec.child("ephemeralContainers").items() {
        common(&container, around, rules, errors);
        image_of_pod(&container, errors);
        let (name, target) = (container.child("name"), container.child("targetContainerName"));
        if !all.insert(name.text()) {
            name.duplicate(errors);
        }
        if !target.is_empty() && !others.contains(target.text()) {
            errors.push(FieldError::not_found(&target.path, target.text()));
        }
        for field in NOT_EPHEMERAL {
            let field = container.child(field);
            if !field.is_empty() {
                field.forbidden(errors, NOT_EPHEMERAL_TEXT);
            }
        }
        for mount in container.child("volumeMounts").items() {
            for field in ["subPath", "subPathExpr"] {
                let field = mount.child(field);
                if !field.is_empty() {
                    field.forbidden(errors, NOT_EPHEMERAL_TEXT);
                }
            }
        }
    }
}

/// In a pod (not in its template) images are not padded.
pub(crate) fn image_of_pod(container: &Field<'_, '_>, errors: &mut FieldErrors) {
    let image = container.child("image");
    if image.text().trim() != image.text() {
        image.invalid_text(errors, "must not have leading or trailing whitespace");
    }
}

fn common(
    container: &Field<'_, '_>,
    around: &Surroundings<'_>,
    rules: &PodRules<'_>,
    errors: &mut FieldErrors,
) {
    let name = container.child("name");
    if name.required(errors) {
        label(&name, errors);
    }
    container.child("image").required(errors);
    container.child("terminationMessagePolicy").required_one_of(errors, &["File", "FallbackToLogsOnError"]);
    ports(&container.child("ports"), errors);
    environment::variables(&container.child("env"), &around.volumes, errors);
    environment::sources(&container.child("envFrom"), errors);
    mounts::mounts(container, &around.volumes, errors);
    mounts::devices(container, &around.volumes, errors);
    container.child("imagePullPolicy").required_one_of(errors, PULL_POLICIES);
    requirements::of_container(&container.child("resources"), &around.claims, errors);
    resize_policies(&container.child("resizePolicy"), around.restart_policy, errors);
    security::of_container(&container.child("securityContext"), around.host_users, rules, errors);
}

fn ports(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut names = BTreeSet::new();
    for port in list.items() {
        let name = port.child("name");
        if !name.is_empty() && name.name(errors, port_name) && !names.insert(name.text()) {
            name.duplicate(errors);
        }
        for (field, needed) in [("containerPort", true), ("hostPort", false)] {
            let number = port.child(field);
            match number.int() {
                0 if needed => number.missing(errors, ""),
                0 => {}
                value => {
                    for message in port_number(value) {
                        number.invalid(errors, message);
                    }
                }
            }
        }
        port.child("protocol").required_one_of(errors, PROTOCOLS);
    }
}

fn host_ports(
    container: &Field<'_, '_>,
    taken: &mut BTreeSet<(String, String, i64)>,
    errors: &mut FieldErrors,
) {
    for port in container.child("ports").items() {
        let number = port.child("hostPort");
        if number.int() == 0 {
            continue;
        }
        let (protocol, address) = (port.child("protocol").text(), port.child("hostIP").text());
        if !taken.insert((protocol.to_owned(), address.to_owned(), number.int())) {
            let shown = format!("{protocol}/{address}/{}", number.int());
            errors.push(FieldError::duplicate(&number.path, shown));
        }
    }
}

fn resize_policies(list: &Field<'_, '_>, pod_policy: &str, errors: &mut FieldErrors) {
    let mut seen = BTreeSet::new();
    for policy in list.items() {
        let (resource, restart) = (policy.child("resourceName").text(), policy.child("restartPolicy").text());
        if !seen.insert(resource) {
            errors.push(FieldError::duplicate(&policy.path, resource));
        }
        for (value, allowed) in
            [(resource, ["cpu", "memory"]), (restart, ["NotRequired", "RestartContainer"])]
        {
            if value.is_empty() {
                list.missing(errors, "");
            } else if !allowed.contains(&value) {
                errors.push(FieldError::not_supported(&list.path, value, allowed));
            }
        }
        if pod_policy == "Never" && restart != "NotRequired" {
            let detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
            errors.push(FieldError::invalid(&list.path, restart, detail));
        }
    }
}

/// A container's own restart policy (KEP-5307).
fn restart(container: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_RULES: usize = 20;
    const MAX_CODES: usize = 255;
    let (policy, rules) = (container.child("restartPolicy"), container.child("restartPolicyRules"));
    if policy.is_present() {
        policy.one_of(errors, &["Always", "Never", "OnFailure"]);
    } else if !rules.is_empty() {
        policy.missing(errors, "must specify restartPolicy when restart rules are used");
    }
    if rules.list().len() > MAX_RULES {
        errors.push(FieldError::too_many(&rules.path, rules.list().len(), MAX_RULES));
    }
    for rule in rules.items() {
        rule.child("action").one_of(errors, &["Restart", "RestartAllContainers"]);
        let codes = rule.child("exitCodes");
        if !codes.is_present() {
            codes.missing(errors, "must be specified");
            continue;
        }
        codes.child("operator").required_one_of(errors, &["In", "NotIn"]);
        let values = codes.child("values");
        let count = values.list().len();
        if count > MAX_CODES {
            errors.push(FieldError::too_many(&values.path, count, MAX_CODES));
        }
    }
}

/// The claims of the pod that containers may name.
pub(super) fn claim_names(spec: &Value) -> BTreeSet<&str> {
    let names = crate::fields::items(spec, "resourceClaims").iter().map(|claim| claim.str_at(["name"]));
    names.filter(|name| !name.is_empty()).collect()
}
