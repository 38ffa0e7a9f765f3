//! The defaults of pods and pod templates.

use object::Value;

use super::{image, resources};
use crate::fields::{
    default_absent, default_number, default_to, flag, int, items_mut, present_mut, round_resources, text,
};

const CONTAINER_LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Fills a whole pod.
pub(crate) fn default_pod(pod: &mut Value) {
    let spec = pod.make_object().get_or_insert_with("spec", Value::object);
    default_spec(spec);
    for list in ["containers", "initContainers"] {
        items_mut(spec, list).iter_mut().for_each(request_what_is_limited);
    }
    resources::default_pod_level(spec);
    default_to(spec, "enableServiceLinks", true);
    if flag(spec, "hostNetwork") {
        for list in ["containers", "initContainers"] {
            items_mut(spec, list).iter_mut().for_each(publish_on_host);
        }
    }
    if let Some(status) = present_mut(pod, "status") {
        for list in ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] {
            for container in items_mut(status, list) {
                round_resources(container, "allocatedResources");
                if let Some(resources) = present_mut(container, "resources") {
                    round_requirements(resources);
                }
            }
        }
    }
}

/// Fills a pod template. Unlike a pod's, its containers' requests stay as they are.
pub(crate) fn default_template(template: &mut Value) {
    default_spec(template.make_object().get_or_insert_with("spec", Value::object));
}

fn default_spec(spec: &mut Value) {
    name_service_account(spec);
    default_to(spec, "dnsPolicy", "ClusterFirst");
    default_to(spec, "restartPolicy", "Always");
    default_to(spec, "securityContext", Value::object());
    default_to(spec, "terminationGracePeriodSeconds", 30);
    default_to(spec, "schedulerName", "default-scheduler");
    items_mut(spec, "volumes").iter_mut().for_each(default_volume);
    for list in CONTAINER_LISTS {
        items_mut(spec, list).iter_mut().for_each(default_container);
    }
    round_resources(spec, "overhead");
    if let Some(resources) = present_mut(spec, "resources") {
        round_requirements(resources);
    }
}

/// `serviceAccount` is the older name of `serviceAccountName`, and always says the same.
pub(crate) fn name_service_account(spec: &mut Value) {
    let older = text(spec, "serviceAccount").to_owned();
    default_to(spec, "serviceAccountName", older);
    let name = text(spec, "serviceAccountName").to_owned();
    if name.is_empty() {
        spec.remove("serviceAccount");
        spec.remove("serviceAccountName");
    } else {
        spec.set("serviceAccount", name);
    }
}

fn round_requirements(resources: &mut Value) {
    round_resources(resources, "limits");
    round_resources(resources, "requests");
}

fn request_what_is_limited(container: &mut Value) {
    let Some(resources) = present_mut(container, "resources") else { return };
    let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else { return };
    let requests = resources.object_at("requests");
    for (name, limit) in limits.iter() {
        requests.get_or_insert_with(name, || limit.clone());
    }
}

fn publish_on_host(container: &mut Value) {
    for port in items_mut(container, "ports") {
        let number = int(port, "containerPort");
        default_number(port, "hostPort", number);
    }
}

fn default_container(container: &mut Value) {
    let policy = image::pull_policy(text(container, "image"));
    default_to(container, "imagePullPolicy", policy);
    default_to(container, "terminationMessagePath", "/dev/termination-log");
    default_to(container, "terminationMessagePolicy", "File");
    for port in items_mut(container, "ports") {
        default_to(port, "protocol", "TCP");
    }
    for variable in items_mut(container, "env") {
        let Some(source) = present_mut(variable, "valueFrom") else { continue };
        default_field_reference(source);
        if let Some(file) = present_mut(source, "fileKeyRef") {
            default_to(file, "optional", false);
        }
    }
    if let Some(resources) = present_mut(container, "resources") {
        round_requirements(resources);
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = present_mut(container, probe) {
            default_probe(probe);
        }
    }
    if let Some(lifecycle) = present_mut(container, "lifecycle") {
        for hook in ["postStart", "preStop"] {
            if let Some(hook) = present_mut(lifecycle, hook) {
                default_http_get(hook);
            }
        }
    }
}

fn default_field_reference(holder: &mut Value) {
    if let Some(reference) = present_mut(holder, "fieldRef") {
        default_to(reference, "apiVersion", "v1");
    }
}

fn default_http_get(handler: &mut Value) {
    if let Some(http) = present_mut(handler, "httpGet") {
        default_to(http, "path", "/");
        default_to(http, "scheme", "HTTP");
    }
}

fn default_probe(probe: &mut Value) {
    for (field, value) in
        [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
    {
        default_number(probe, field, value);
    }
    default_http_get(probe);
    if let Some(grpc) = present_mut(probe, "grpc") {
        default_to(grpc, "service", "");
    }
}

/// Whether a volume says nothing but its name.
fn has_no_source(volume: &Value) -> bool {
    volume.as_object().is_none_or(|map| map.iter().all(|(key, value)| key == "name" || value.is_null()))
}

/// What the sources of volumes leave open: source, field, value.
const SOURCE_TEXTS: &[(&str, &str, &str)] = &[
    ("hostPath", "type", ""),
    ("iscsi", "iscsiInterface", "default"),
    ("rbd", "pool", "rbd"),
    ("rbd", "user", "admin"),
    ("rbd", "keyring", "/etc/ceph/keyring"),
    ("azureDisk", "cachingMode", "ReadWrite"),
    ("azureDisk", "kind", "Shared"),
    ("azureDisk", "fsType", "ext4"),
    ("scaleIO", "storageMode", "ThinProvisioned"),
    ("scaleIO", "fsType", "xfs"),
];

/// Fills what the sources that pods and persistent volumes share leave open.
pub(crate) fn default_volume_source(holder: &mut Value) {
    for (source, field, value) in SOURCE_TEXTS {
        if let Some(source) = present_mut(holder, source) {
            default_absent(source, field, *value);
        }
    }
    if let Some(disk) = present_mut(holder, "azureDisk") {
        default_to(disk, "readOnly", false);
    }
}

fn default_volume(volume: &mut Value) {
    if has_no_source(volume) {
        volume.set("emptyDir", Value::object());
    }
    default_volume_source(volume);
    const DEFAULT_MODE: i64 = 0o644;
    for source in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = present_mut(volume, source) {
            default_to(source, "defaultMode", DEFAULT_MODE);
        }
    }
    if let Some(downward) = present_mut(volume, "downwardAPI") {
        items_mut(downward, "items").iter_mut().for_each(default_field_reference);
    }
    if let Some(projected) = present_mut(volume, "projected") {
        items_mut(projected, "sources").iter_mut().for_each(default_projection);
    }
    if let Some(template) =
        present_mut(volume, "ephemeral").and_then(|of| present_mut(of, "volumeClaimTemplate"))
    {
        default_claim_spec(template.make_object().get_or_insert_with("spec", Value::object));
    }
    if let Some(image) = present_mut(volume, "image") {
        let policy = image::pull_policy(text(image, "reference"));
        default_to(image, "pullPolicy", policy);
    }
}

fn default_projection(source: &mut Value) {
    const TOKEN_SECONDS: i64 = 3600;
    if let Some(downward) = present_mut(source, "downwardAPI") {
        items_mut(downward, "items").iter_mut().for_each(default_field_reference);
    }
    if let Some(token) = present_mut(source, "serviceAccountToken") {
        default_to(token, "expirationSeconds", TOKEN_SECONDS);
    }
    const CERTIFICATE_SECONDS: i64 = 24 * 3600;
    if let Some(certificate) = present_mut(source, "podCertificate") {
        default_to(certificate, "maxExpirationSeconds", CERTIFICATE_SECONDS);
    }
}

/// Fills the spec of a persistent volume claim or of its template.
pub(crate) fn default_claim_spec(spec: &mut Value) {
    default_absent(spec, "volumeMode", "Filesystem");
    if let Some(resources) = present_mut(spec, "resources") {
        round_requirements(resources);
    }
}
