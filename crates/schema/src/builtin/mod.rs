//! The types of the built-in kinds: data files, one per API group, embedded and read once.

mod build;
mod expression;
mod read;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use crate::Schema;
pub(crate) use build::sorted;

macro_rules! files {
    ($($name:literal)*) => { &[$(include_str!(concat!("../../data/types/", $name, ".types"))),*] };
}

const FILES: &[&str] = files! {
    "admissionregistration" "apiextensions" "apimachinery" "apiregistration" "apps" "authentication" "authorization"
    "autoscaling" "batch" "certificates" "coordination" "core" "discovery" "events" "flowcontrol" "networking"
    "node" "policy" "rbac" "resource" "scheduling" "storage"
};

static BUILTIN: LazyLock<Arc<Schema>> =
    LazyLock::new(|| Arc::new(parse(FILES).expect("the embedded types are well formed, as a test proves")));

/// The types of every built-in kind. The first call reads the data files, in about a millisecond.
pub fn builtin() -> Arc<Schema> {
    BUILTIN.clone()
}

/// A schema from texts in the form of `data/types`.
///
/// ```text
/// package io.k8s.api.apps.v1                  full names begin with this
/// import metav1 io.k8s...meta.v1              `metav1.ObjectMeta` means that package's
/// type PolicyType string = Recreate | Rolling a named text (list, map), with its values where they are known
/// type Deployment struct kind=apps/v1/Deployment
///   embed    -  metav1.TypeMeta               an embedded struct, with its protobuf number
///   metadata 1  metav1.ObjectMeta omitempty   field, protobuf number, Go type, attributes
/// ```
///
/// Fields stand in the order in which they are written. Attributes: `omitempty`, `omitzero`, `required`,
/// `list=atomic|set|map(keys)`, `map=atomic|granular`, `patch=strategies(merge key)`, `default=JSON` (`none` where a
/// zero value would be expected). A struct can be `atomic`.
///
/// # Errors
/// The line that is wrong, and why.
pub fn parse(texts: &[&str]) -> Result<Schema, String> {
    let mut declarations = Vec::new();
    for text in texts {
        read::read(text, &mut declarations)?;
    }
    build::build(&declarations)
}
