//! `storageclasses` of storage.k8s.io/v1.

use std::collections::{BTreeMap, BTreeSet};

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::default_absent;
use crate::tables::{Column, Columns, name_of_class};

/// How many parameters there may be, and how many bytes they may have in all.
const MAX_PARAMETERS: i64 = 512;
const MAX_PARAMETERS_SIZE: i64 = 256 * 1024;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "storage.k8s.io", "v1", "storageclasses", "StorageClass", StorageClass)
        .cluster()
        .short_names(&["sc"])
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Provisioner", "What makes its volumes."),
        Column::text("ReclaimPolicy", "What becomes of them after their claims."),
        Column::text("VolumeBindingMode", "When claims are bound."),
        Column::text("AllowVolumeExpansion", "Whether volumes can grow."),
        Column::AGE,
    ],
    |class, row| {
        const DEFAULT: &[&str] = &[
            "storageclass.kubernetes.io/is-default-class",
            "storageclass.beta.kubernetes.io/is-default-class",
        ];
        name_of_class(class, DEFAULT, row);
        row.text(class.str_at(["provisioner"]));
        row.text_or(class.str_at(["reclaimPolicy"]), "Delete");
        row.text_or(class.str_at(["volumeBindingMode"]), "Immediate");
        row.flag(class.get("allowVolumeExpansion").and_then(Value::as_bool).unwrap_or(false));
        row.age(class);
    },
);

#[derive(Debug)]
struct StorageClass;

impl Strategy for StorageClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            delete_answer: DeleteAnswer::Object,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        default_absent(object, "reclaimPolicy", "Delete");
        default_absent(object, "volumeBindingMode", "Immediate");
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate(&Field::root(object), errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (class, old) = (Field::root(object), Field::root(old));
        validate(&class, errors);
        for field in ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] {
            class.child(field).immutable(errors, &old.child(field));
        }
    }
}

fn validate(class: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_provisioner(&class.child("provisioner"), errors);
    validate_parameters(&class.child("parameters"), errors);
    let reclaim_policy = class.child("reclaimPolicy");
    if !reclaim_policy.is_empty() {
        reclaim_policy.one_of(errors, &["Delete", "Retain"]);
    }
    let mode = class.child("volumeBindingMode");
    match mode.present() {
        Some(mode) => mode.one_of(errors, &["Immediate", "WaitForFirstConsumer"]),
        None => mode.missing(errors, ""),
    }
    validate_topologies(&class.child("allowedTopologies"), errors);
}

/// Checks the name of what makes volumes.
pub(super) fn validate_provisioner(provisioner: &Field<'_, '_>, errors: &mut FieldErrors) {
    if provisioner.required(errors) {
        let name = provisioner.text().to_lowercase();
        for message in meta::names::qualified_name(&name) {
            errors.push(FieldError::invalid(&provisioner.path, name.as_str(), message));
        }
    }
}

/// Checks the parameters of a storage class or of a volume attributes class.
pub(super) fn validate_parameters(parameters: &Field<'_, '_>, errors: &mut FieldErrors) {
    if parameters.entries().count() as i64 > MAX_PARAMETERS {
        errors.push(FieldError::too_long(&parameters.path, MAX_PARAMETERS));
        return;
    }
    let mut size = 0;
    for (key, value) in parameters.entries() {
        if key.is_empty() {
            errors.push(FieldError::invalid(&parameters.path, key, "field can not be empty."));
        }
        size += (key.len() + value.as_str().unwrap_or("").len()) as i64;
    }
    if size > MAX_PARAMETERS_SIZE {
        errors.push(FieldError::too_long(&parameters.path, MAX_PARAMETERS_SIZE));
    }
}

fn validate_topologies(topologies: &Field<'_, '_>, errors: &mut FieldErrors) {
    // The original compares each term with as many empty ones as there are terms, too.
    let mut seen = vec![BTreeMap::new(); topologies.list().len()];
    for term in topologies.items() {
        let requirements = term.child("matchLabelExpressions");
        let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for requirement in requirements.items() {
            let values = requirement.child("values");
            if values.required(errors) {
                values.distinct_texts(errors);
            }
            let key = requirement.child("key");
            key.name(errors, meta::names::label_key);
            if keys.contains_key(key.text()) {
                key.duplicate(errors);
            }
            keys.insert(key.text(), values.texts().collect());
        }
        for _ in seen.iter().filter(|other| **other == keys) {
            errors.push(FieldError::duplicate(&requirements.path, ""));
        }
        seen.push(keys);
    }
}
