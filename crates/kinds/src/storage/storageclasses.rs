//! `storageclasses` of storage.k8s.io/v1.

use registry::{DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "storage.k8s.io", "v1", "storageclasses", "StorageClass", StorageClass)
        .cluster()
        .short_names(&["sc"])
        .finish()
}

#[derive(Debug)]
struct StorageClass;

impl Strategy for StorageClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}
