//! NamespaceLifecycle: nothing is created where no namespace is or where it is going, and three stay for ever.

use object::Value;
use registry::{Attributes, Operation, Warnings};
use status::{Cause, Result, Status};

use crate::Plugin;

/// The namespaces that can't be deleted.
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// See the module.
pub(crate) struct NamespaceLifecycle;

impl Plugin for NamespaceLifecycle {
    fn name(&self) -> &'static str {
        "NamespaceLifecycle"
    }

    fn mutate(
        &self,
        attributes: &Attributes<'_>,
        _object: &mut Value,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        let request = attributes.request;
        let resource = &request.resource;
        let review = resource.group == "authorization.k8s.io";
        if attributes.operation != Operation::Create || !resource.namespaced || review {
            return Ok(());
        }
        let namespace = request.namespace.as_str();
        let Some(found) = attributes.lookup.get("", "namespaces", "", namespace) else {
            return Err(Status::not_found("", "namespaces", namespace));
        };
        if found.str_at(["status", "phase"]) != "Terminating"
            && found.at(["metadata", "deletionTimestamp"]).is_none()
        {
            return Ok(());
        }
        let why = format_args!(
            "unable to create new content in namespace {namespace} because it is being terminated"
        )
        .to_string();
        Err(Status::forbidden(&resource.group, &resource.resource, attributes.name, why).with_cause(Cause {
            reason: "NamespaceTerminating".to_owned(),
            message: format!("namespace {namespace} is being terminated"),
            field: "metadata.namespace".to_owned(),
        }))
    }

    fn validate(
        &self,
        attributes: &Attributes<'_>,
        _object: Option<&Value>,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        let resource = &attributes.request.resource;
        let namespaces = resource.group.is_empty() && resource.resource == "namespaces";
        if attributes.operation == Operation::Delete && namespaces && IMMORTAL.contains(&attributes.name) {
            return Err(Status::forbidden(
                "",
                "namespaces",
                attributes.name,
                "this namespace may not be deleted",
            ));
        }
        Ok(())
    }
}
