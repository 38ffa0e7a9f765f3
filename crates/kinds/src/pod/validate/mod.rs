//! The rules of pods and pod templates, in the order in which the original reports what is wrong.

mod affinity;
mod annotations;
mod claims;
mod containers;
mod environment;
mod iscsi;
mod mounts;
mod network;
mod paths;
mod probes;
mod references;
mod requirements;
mod scheduling;
mod security;
mod source_files;
mod sources;
mod sysctls;
mod volumes;
mod windows;

use meta::names::{dns1123_label, dns1123_subdomain, in_range};
use object::Value;
use schema::TypeRef;
use status::{BadValue, FieldError, FieldErrors};

pub(crate) use affinity::node_selector;
pub(crate) use claims::{VOLUME_MODES, access_modes, class_name, spec as claim_spec};
pub(crate) use containers::image_of_pod;
pub(crate) use paths::no_backsteps;
pub(crate) use probes::port;
pub(crate) use requirements::{amount, container_resource, is_standard, name as resource_name};
pub(crate) use sources::{csi_driver_name, validate as volume_source};

use crate::checks::Field;
use crate::{internal, tolerations};

const RESTART_POLICIES: &[&str] = &["Always", "OnFailure", "Never"];
const DNS_POLICIES: &[&str] = &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

/// What a pod's spec is checked with.
pub(crate) struct PodRules<'a> {
    /// Any built-in type: the way to the others, whose names messages show.
    pub(crate) types: TypeRef<'a>,
    /// The pod's metadata; absent for a template.
    pub(crate) metadata: Option<&'a Value>,
}

impl PodRules<'_> {
    fn is_pod(&self) -> bool {
        self.metadata.is_some()
    }

    fn name(&self) -> &str {
        self.metadata.map_or("", |metadata| metadata.str_at(["name"]))
    }

    /// A value of the core type `of` as messages show it.
    fn shown(&self, of: &str, value: &Value) -> BadValue {
        internal::bad_value(self.types.schema.named(&format!("io.k8s.api.core.v1.{of}")), value)
    }
}

/// A pod that is being made.
pub(crate) fn pod_create(pod: &Value, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let root = Field::root(pod);
    pod_always(&root, types, errors);
    let spec = root.child("spec");
    let ephemeral = spec.child("ephemeralContainers");
    if !ephemeral.is_empty() {
        ephemeral.forbidden(errors, "cannot be set on create");
    }
    let node = spec.child("nodeName");
    if !node.is_empty() && !spec.child("schedulingGates").is_empty() {
        node.forbidden(errors, "cannot be set until all schedulingGates have been cleared");
    }
    annotations::match_fields(&root, errors);
}

/// A pod, new or changed.
pub(crate) fn pod_always(pod: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let (metadata, spec) = (pod.child("metadata"), pod.child("spec"));
    annotations::validate(&metadata.child("annotations"), &spec, errors);
    let rules = PodRules { types, metadata: Some(metadata.value) };
    pod_spec(&spec, &rules, errors);
    if spec.child("serviceAccountName").is_empty() {
        for volume in spec.child("volumes").items() {
            let projected = volume.child("projected");
            for source in projected.child("sources").items() {
                let token = source.child("serviceAccountToken");
                if token.is_present() {
                    token.forbidden(errors, "must not be specified when serviceAccountName is not set");
                }
            }
        }
    }
    for list in ["containers", "initContainers"] {
        for container in spec.child(list).items() {
            containers::image_of_pod(&container, errors);
        }
    }
}

/// A pod template: metadata and spec.
pub(crate) fn pod_template(template: &Field<'_, '_>, types: TypeRef<'_>, errors: &mut FieldErrors) {
    let spec = template.child("spec");
    template_metadata(template, errors);
    pod_spec(&spec, &PodRules { types, metadata: None }, errors);
    annotations::match_fields(template, errors);
    let ephemeral = spec.child("ephemeralContainers");
    if !ephemeral.is_empty() {
        ephemeral.forbidden(errors, "ephemeral containers not allowed in pod template");
    }
}

/// A pod template's metadata. Errors leave "metadata" out of their paths.
pub(crate) fn template_metadata(template: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (metadata, spec) = (template.child("metadata"), template.child("spec"));
    let pairs = |field: &str| {
        let map = metadata.value.get(field).and_then(Value::as_object);
        map.into_iter().flat_map(|map| map.iter()).map(|(key, value)| (key, value.as_str().unwrap_or("")))
    };
    let shown = Field { value: metadata.value, path: template.path };
    errors.extend(meta::names::check_labels(&shown.path.child("labels"), pairs("labels")));
    let path = shown.path.child("annotations");
    errors.extend(meta::names::check_annotations(&path, pairs("annotations")));
    annotations::validate(&shown.child("annotations"), &spec, errors);
}

/// A pod's spec.
pub(crate) fn pod_spec(spec: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    let users = spec.child("hostUsers");
    let around = containers::Surroundings {
        volumes: volumes::validate(&spec.child("volumes"), rules, errors),
        claims: containers::claim_names(spec.value),
        grace: spec.child("terminationGracePeriodSeconds").int(),
        restart_policy: spec.value.str_at(["restartPolicy"]),
        host_users: !users.is_present() || users.flag(),
    };
    resource_claims(&spec.child("resourceClaims"), rules, errors);
    containers::validate(spec, &around, rules, errors);
    requirements::of_pod(spec, errors);
    spec.child("restartPolicy").required_one_of(errors, RESTART_POLICIES);
    spec.child("dnsPolicy").required_one_of(errors, DNS_POLICIES);
    labels(&spec.child("nodeSelector"), errors);
    security::of_pod(spec, rules, errors);
    affinity::validate(&spec.child("affinity"), errors);
    network::dns(spec, errors);
    scheduling::readiness_gates(&spec.child("readinessGates"), errors);
    scheduling::gates(&spec.child("schedulingGates"), errors);
    scheduling::spread(&spec.child("topologySpreadConstraints"), rules, errors);
    windows::host_process(spec, errors);
    security::host_users(spec, errors);
    for field in ["serviceAccountName", "nodeName"] {
        let field = spec.child(field);
        if !field.is_empty() {
            field.name(errors, dns1123_subdomain);
        }
    }
    let deadline = spec.child("activeDeadlineSeconds");
    if deadline.is_present() {
        for message in in_range(deadline.int(), 1, i32::MAX.into()) {
            deadline.invalid(errors, message);
        }
    }
    network::host_names(spec, errors);
    tolerations::validate(&spec.child("tolerations"), errors);
    network::host_aliases(&spec.child("hostAliases"), errors);
    rest(spec, errors);
}

fn rest(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let priority = spec.child("priorityClassName");
    if !priority.is_empty() {
        priority.name(errors, dns1123_subdomain);
    }
    let runtime = spec.child("runtimeClassName");
    if runtime.is_present() {
        runtime.name(errors, dns1123_subdomain);
    }
    let preemption = spec.child("preemptionPolicy");
    if preemption.is_present() {
        preemption.required_one_of(errors, &["Never", "PreemptLowerPriority"]);
    }
    requirements::overhead(&spec.child("overhead"), errors);
    windows::operating_system(spec, errors);
    network::host_name_override(spec, errors);
}

fn labels(map: &Field<'_, '_>, errors: &mut FieldErrors) {
    let pairs = map.entries().map(|(key, value)| (key, value.as_str().unwrap_or("")));
    errors.extend(meta::names::check_labels(&map.path, pairs));
}

fn resource_claims(claims: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    let mut names: Vec<&str> = Vec::new();
    for claim in claims.items() {
        let name = claim.child("name");
        if name.required(errors) {
            if names.contains(&name.text()) {
                name.duplicate(errors);
            }
            name.name(errors, dns1123_label);
            names.push(name.text());
        }
        let (given, template) = (claim.child("resourceClaimName"), claim.child("resourceClaimTemplateName"));
        let problem = match (given.is_present(), template.is_present()) {
            (true, true) => {
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
            }
            (false, false) => "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            _ => "",
        };
        if !problem.is_empty() {
            let value = rules.shown("PodResourceClaim", claim.value);
            errors.push(FieldError::invalid(&claim.path, value, problem));
        }
        for reference in [given, template] {
            if reference.is_present() {
                reference.name(errors, dns1123_subdomain);
            }
        }
    }
}
