//! `serviceaccounts` of the core group.

use object::Value;
use registry::{Context, DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::{
    describe::{Describe, Types},
    fields::items_mut,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "serviceaccounts", "ServiceAccount", ServiceAccount)
        .short_names(&["sa"])
        .create_subresource("token", ("authentication.k8s.io", "v1", "TokenRequest"))
        .columns(crate::tables::NAME_AND_AGE)
        .finish()
}

/// Restricts pods to the secrets that their service account names.
const MOUNTABLE: &str = "kubernetes.io/enforce-mountable-secrets";

#[derive(Debug)]
struct ServiceAccount;

impl Strategy for ServiceAccount {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            delete_answer: DeleteAnswer::Object,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        let is_set = |object: &Value| object.at(["metadata", "annotations", MOUNTABLE]).is_some();
        if is_set(object) && !old.is_some_and(is_set) {
            context.warnings.add(format!(
                "metadata.annotations[{MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access \
                 to mounted secrets"
            ));
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        keep_names_of_secrets(object);
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, _old: &Value) {
        keep_names_of_secrets(object);
    }
}

/// References to secrets are names alone.
fn keep_names_of_secrets(object: &mut Value) {
    for secret in items_mut(object, "secrets") {
        secret.make_object().retain(|key, _| key == "name");
    }
}
