//! The volumes of a pod.

use std::collections::{BTreeMap, BTreeSet};

use object::Value;
use status::{FieldError, FieldErrors};

use super::{PodRules, claims, paths, references, source_files, sources};
use crate::checks::Field;

/// The kinds of sources in the order in which they are looked at.
const KINDS: &[&str] = &[
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// Good volumes by name.
pub(super) type Volumes<'v> = BTreeMap<&'v str, &'v Value>;

/// Checks the volumes and answers the good ones.
pub(super) fn validate<'v>(
    volumes: &Field<'v, '_>,
    rules: &PodRules<'_>,
    errors: &mut FieldErrors,
) -> Volumes<'v> {
    let mut good = Volumes::new();
    let created: BTreeSet<String> = volumes
        .items()
        .filter(|volume| volume.child("ephemeral").is_present() && !rules.name().is_empty())
        .map(|volume| format!("{}-{}", rules.name(), volume.child("name").text()))
        .collect();
    for volume in volumes.items() {
        let mut own = FieldErrors::new();
        source(&volume, rules, &mut own);
        let name = volume.child("name");
        if name.required(&mut own) {
            label(&name, &mut own);
        }
        if good.contains_key(name.text()) {
            name.duplicate(&mut own);
        }
        if own.is_empty() {
            good.insert(name.text(), volume.value);
        }
        errors.extend(own);
        let reference = volume.child("persistentVolumeClaim");
        let claim = reference.child("claimName");
        if reference.is_present() && created.contains(claim.text()) {
            let detail = "must not reference a PVC that gets created for an ephemeral volume";
            claim.invalid_text(errors, detail);
        }
    }
    good
}

/// A DNS label; dots have a message of their own.
pub(super) fn label(name: &Field<'_, '_>, errors: &mut FieldErrors) {
    name.name(errors, meta::names::dns1123_label);
}

fn source(volume: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    let name = volume.child("name");
    let found = sources::each_source(volume, KINDS, errors, |kind, source, errors| match kind {
        "emptyDir" => {
            let limit = source.child("sizeLimit");
            if references::is_negative(limit.value) {
                limit.forbidden(errors, "SizeLimit field must be a valid resource quantity");
            }
        }
        "gitRepo" => {
            source.child("repository").required(errors);
            paths::descending(&source.child("directory"), errors);
        }
        "secret" => source_files::keyed(source, "secretName", errors),
        "configMap" => source_files::keyed(source, "name", errors),
        "downwardAPI" => source_files::downward(source, errors),
        "projected" => source_files::projected(source, errors),
        "persistentVolumeClaim" => {
            source.child("claimName").required(errors);
        }
        "iscsi" => {
            sources::validate(kind, source, errors);
            let portal = source.child("targetPortal").text();
            let both = format!("{}:{portal}", name.text());
            if source.child("initiatorName").is_present() && both.len() > 64 {
                let detail = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if \
                              iscsi.initiatorName is specified.";
                name.invalid_text(errors, detail);
            }
        }
        "csi" => {
            sources::csi_driver_name(&source.child("driver"), errors);
            let secret = source.child("nodePublishSecretRef");
            if secret.is_present() {
                secret.child("name").required(errors);
            }
        }
        "ephemeral" => ephemeral(source, &name, rules, errors),
        "image" => {
            let policy = source.child("pullPolicy");
            if !policy.is_empty() {
                policy.one_of(errors, &["Always", "IfNotPresent", "Never"]);
            }
            if rules.is_pod() {
                source.child("reference").required(errors);
            }
        }
        _ => sources::validate(kind, source, errors),
    });
    if found == 0 {
        volume.missing(errors, "must specify a volume type");
    }
}

fn ephemeral(source: &Field<'_, '_>, name: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    let template = source.child("volumeClaimTemplate");
    if template.is_present() {
        claims::template(&template, errors);
    } else {
        template.missing(errors, "");
    }
    if rules.name().is_empty() || name.is_empty() {
        return;
    }
    let claim = format!("{}-{}", rules.name(), name.text());
    for message in meta::names::dns1123_subdomain(&claim) {
        let detail = format!("PVC name {}: {message}", status::go_quote(&claim));
        errors.push(FieldError::invalid(&name.path, name.text(), detail));
    }
}
