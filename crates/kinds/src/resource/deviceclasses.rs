//! `deviceclasses` of resource.k8s.io/v1.

use registry::{DeleteAnswer, Resource, Strategy, StrategyOptions};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "resource.k8s.io", "v1", "deviceclasses", "DeviceClass", DeviceClass)
        .cluster()
        .finish()
}

#[derive(Debug)]
struct DeviceClass;

impl Strategy for DeviceClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, delete_answer: DeleteAnswer::Object, ..StrategyOptions::USUAL }
    }
}
