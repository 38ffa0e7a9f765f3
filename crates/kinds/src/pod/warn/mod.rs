//! What a pod or a pod template may say but better would not.

mod containers;
mod paths;
mod volumes;

use std::collections::BTreeSet;

use meta::names::{dns1123_label, ip_warning};
use object::Value;
use registry::Warnings;

use crate::checks::Field;
use crate::node_labels;

pub(crate) use containers::warn_of_fractions;
pub(crate) use volumes::warn_of_persistent_source;

/// Annotations that do nothing any more, and the fields that took their place.
const DEAD_ANNOTATIONS: &[(&str, &str)] = &[
    (
        "scheduler.alpha.kubernetes.io/critical-pod",
        "non-functional in v1.16+; use the \"priorityClassName\" field instead",
    ),
    ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    (
        "security.alpha.kubernetes.io/unsafe-sysctls",
        "non-functional in v1.11+; use the \"sysctls\" field instead",
    ),
];

const SECCOMP_DEAD: &str = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
const APP_ARMOR_OLD: &str = "deprecated since v1.30; use the \"appArmorProfile\" field instead";
const NO_SELECTOR: &str = "a null labelSelector results in matching no pod";

/// Warns of a new pod. Of changed ones nothing is said: it is not people who change them.
pub(crate) fn warn_of_pod(pod: &Value, warnings: &mut Warnings) {
    warn_of_name(pod, "the Pod's hostname", warnings);
    warn(&Field::root(pod), true, warnings);
}

/// Warns of the template of a workload.
pub(crate) fn warn_of_template(template: &Field<'_, '_>, warnings: &mut Warnings) {
    if template.is_present() {
        warn(template, false, warnings);
    }
}

/// Warns of a name that can't be a label of DNS and is used as one in `what`.
pub(crate) fn warn_of_name(object: &Value, what: &str, warnings: &mut Warnings) {
    let messages = dns1123_label(object.str_at(["metadata", "name"]));
    if !messages.is_empty() {
        warnings.add(format!(
            "metadata.name: this is used in {what}, which can result in surprising behavior; a DNS label is \
             recommended: [{}]",
            messages.join(" ")
        ));
    }
}

/// Warns of AppArmor annotations of a new pod, which are read before anything else of it is.
pub(crate) fn warn_of_app_armor(pod: &Value, warnings: &mut Warnings) {
    let pod = Field::root(pod);
    let metadata = pod.child("metadata");
    let annotations = metadata.child("annotations");
    let spec = pod.child("spec");
    for list in containers::LISTS {
        for container in spec.child(list).items() {
            app_armor(&annotations, &spec, &container, warnings);
        }
    }
}

fn app_armor(
    annotations: &Field<'_, '_>,
    spec: &Field<'_, '_>,
    container: &Field<'_, '_>,
    warnings: &mut Warnings,
) {
    let has_profile =
        |field: &Field<'_, '_>| field.value.at(["securityContext", "appArmorProfile"]).is_some();
    if !has_profile(spec) && !has_profile(container) {
        let key =
            format!("container.apparmor.security.beta.kubernetes.io/{}", container.child("name").text());
        warn_of_annotation(annotations, &key, APP_ARMOR_OLD, warnings);
    }
}

fn warn(pod: &Field<'_, '_>, is_pod: bool, warnings: &mut Warnings) {
    let metadata = pod.child("metadata");
    let annotations = metadata.child("annotations");
    let spec = pod.child("spec");
    scheduling(&spec, warnings);
    for (key, message) in DEAD_ANNOTATIONS {
        warn_of_annotation(&annotations, key, message, warnings);
    }
    volumes::warn(&spec, warnings);
    paths::warn(&spec, warnings);
    repeated(&spec.child("hostAliases"), "ip", "duplicate ip", warnings);
    let secrets = spec.child("imagePullSecrets");
    repeated(&secrets, "name", "duplicate name", warnings);
    for secret in secrets.items() {
        let name = secret.child("name");
        if name.text().is_empty() {
            warnings.add(format!("{}: invalid empty name \"\"", name.path));
        }
    }
    let overhead = spec.child("overhead");
    warn_of_fractions(&overhead, "memory", warnings);
    warn_of_fractions(&overhead, "ephemeral-storage", warnings);
    if spec.value.at(["securityContext", "seccompProfile"]).is_none() {
        warn_of_annotation(&annotations, "seccomp.security.alpha.kubernetes.io/pod", SECCOMP_DEAD, warnings);
    }
    for list in containers::LISTS {
        for container in spec.child(list).items() {
            if container.value.at(["securityContext", "seccompProfile"]).is_none() {
                let name = container.child("name").text();
                let key = format!("container.seccomp.security.alpha.kubernetes.io/{name}");
                warn_of_annotation(&annotations, &key, SECCOMP_DEAD, warnings);
            }
            if !is_pod {
                app_armor(&annotations, &spec, &container, warnings);
            }
            containers::warn(&container, warnings);
        }
    }
    containers::warn_of_ports(&spec, warnings);
    let grace = spec.child("terminationGracePeriodSeconds");
    if grace.int() < 0 {
        warnings.add(format!(
            "{}: must be >= 0; negative values are invalid and will be treated as 1",
            grace.path
        ));
    }
    affinity(&spec, warnings);
    addresses(&spec, warnings);
}

fn warn_of_annotation(annotations: &Field<'_, '_>, key: &str, message: &str, warnings: &mut Warnings) {
    if annotations.value.get(key).is_some() {
        warnings.add(format!("{}: {message}", annotations.path.key(key)));
    }
}

/// Selections by labels that nodes have under other names by now, and constraints that select no pod.
fn scheduling(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    node_labels::warn_of_keys(&spec.child("nodeSelector"), warnings);
    let affinity = spec.child("affinity");
    let node = affinity.child("nodeAffinity");
    let required = node.child("requiredDuringSchedulingIgnoredDuringExecution");
    for term in required.child("nodeSelectorTerms").items() {
        node_labels::warn_of_expressions(&term, warnings);
    }
    for term in node.child("preferredDuringSchedulingIgnoredDuringExecution").items() {
        node_labels::warn_of_expressions(&term.child("preference"), warnings);
    }
    for constraint in spec.child("topologySpreadConstraints").items() {
        node_labels::warn_of_text(&constraint.child("topologyKey"), warnings);
        needs_selector(&constraint.child("labelSelector"), warnings);
    }
}

fn affinity(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    let affinity = spec.child("affinity");
    for kind in ["podAffinity", "podAntiAffinity"] {
        let kind = affinity.child(kind);
        for term in kind.child("requiredDuringSchedulingIgnoredDuringExecution").items() {
            needs_selector(&term.child("labelSelector"), warnings);
        }
        for weighted in kind.child("preferredDuringSchedulingIgnoredDuringExecution").items() {
            needs_selector(&weighted.child("podAffinityTerm").child("labelSelector"), warnings);
        }
    }
}

fn needs_selector(selector: &Field<'_, '_>, warnings: &mut Warnings) {
    if !selector.is_present() {
        warnings.add(format!("{}: {NO_SELECTOR}", selector.path));
    }
}

/// Addresses whose form some programs misread.
fn addresses(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    for server in spec.child("dnsConfig").child("nameservers").items() {
        warnings.add(ip_warning(&server.path, server.text()).unwrap_or_default());
    }
    for alias in spec.child("hostAliases").items() {
        let ip = alias.child("ip");
        warnings.add(ip_warning(&ip.path, ip.text()).unwrap_or_default());
    }
}

/// Warns of elements whose `member` another element has too.
fn repeated(list: &Field<'_, '_>, member: &str, message: &str, warnings: &mut Warnings) {
    let mut seen = BTreeSet::new();
    for item in list.items() {
        let member = item.child(member);
        if !seen.insert(member.text()) {
            warnings.add(format!("{}: {message} {}", member.path, status::go_quote(member.text())));
        }
    }
}
