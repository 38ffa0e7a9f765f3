//! StorageObjectInUseProtection: volumes and claims get the finalizer that keeps them while they are used.

use object::Value;
use registry::{Attributes, Operation, Warnings};
use status::Result;

use crate::Plugin;

/// Group, resource and finalizer.
const PROTECTED: [(&str, &str, &str); 3] = [
    ("", "persistentvolumes", "kubernetes.io/pv-protection"),
    ("", "persistentvolumeclaims", "kubernetes.io/pvc-protection"),
    ("storage.k8s.io", "volumeattributesclasses", "kubernetes.io/vac-protection"),
];

/// See the module.
pub(crate) struct StorageObjectInUseProtection;

impl Plugin for StorageObjectInUseProtection {
    fn name(&self) -> &'static str {
        "StorageObjectInUseProtection"
    }

    fn mutate(
        &self,
        attributes: &Attributes<'_>,
        object: &mut Value,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        let resource = &attributes.request.resource;
        let protected = PROTECTED
            .iter()
            .find(|(group, plural, _)| resource.group == *group && resource.resource == *plural);
        let Some((_, _, finalizer)) = protected.filter(|_| attributes.operation == Operation::Create) else {
            return Ok(());
        };
        let mut finalizers = object.items_at(["metadata", "finalizers"]).to_vec();
        if attributes.request.subresource.is_none()
            && !finalizers.iter().any(|known| known.as_str() == Some(finalizer))
        {
            finalizers.push((*finalizer).into());
            registry::metadata::set_finalizers(object, finalizers);
        }
        Ok(())
    }
}
