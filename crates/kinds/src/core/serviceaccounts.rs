//! `serviceaccounts` of the core group.

use registry::{DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "serviceaccounts", "ServiceAccount", ServiceAccount)
        .short_names(&["sa"])
        .create_subresource("token", ("authentication.k8s.io", "v1", "TokenRequest"))
        .finish()
}

#[derive(Debug)]
struct ServiceAccount;

impl Strategy for ServiceAccount {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}
