//! TaintNodesByCondition: a new node is tainted until it is known to be ready.

use object::{Map, Value};
use registry::{Attributes, Operation, Warnings};
use status::Result;

use crate::Plugin;

const NOT_READY: &str = "node.kubernetes.io/not-ready";

/// See the module.
pub(crate) struct TaintNodesByCondition;

impl Plugin for TaintNodesByCondition {
    fn name(&self) -> &'static str {
        "TaintNodesByCondition"
    }

    fn mutate(
        &self,
        attributes: &Attributes<'_>,
        object: &mut Value,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        let request = attributes.request;
        let node = request.resource.group.is_empty() && request.resource.resource == "nodes";
        if !node || request.subresource.is_some() || attributes.operation != Operation::Create {
            return Ok(());
        }
        let mut taints = object.items_at(["spec", "taints"]).to_vec();
        let known = taints
            .iter()
            .any(|taint| taint.str_at(["key"]) == NOT_READY && taint.str_at(["effect"]) == "NoSchedule");
        if !known {
            taints.push(Value::Object(Map::from_iter([("key", NOT_READY), ("effect", "NoSchedule")])));
            object.object_at("spec").insert("taints", taints);
        }
        Ok(())
    }
}
