//! Priority: a pod's class becomes its priority and its preemption policy.

use object::Value;
use registry::{Attributes, Warnings};
use status::Result;
use status::Status;

use crate::{Plugin, pod};

/// See the module.
pub(crate) struct Priority;

impl Plugin for Priority {
    fn name(&self) -> &'static str {
        "Priority"
    }

    fn mutate(
        &self,
        attributes: &Attributes<'_>,
        object: &mut Value,
        old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        if !pod::is_pod(attributes) {
            return Ok(());
        }
        if !pod::is_created(attributes) {
            keep(object, old);
            return Ok(());
        }
        let (name, value, policy) = class_of(attributes, object)?;
        let given = object.at(["spec", "priority"]).and_then(Value::as_i64);
        if given.is_some_and(|given| given != value) {
            return Err(refused(
                attributes,
                &format!(
                    "the integer value of priority ({}) must not be provided in pod spec; priority admission controller \
                     computed {value} from the given PriorityClass name",
                    given.unwrap_or(0)
                ),
            ));
        }
        let given_policy = object.str_at(["spec", "preemptionPolicy"]);
        let has_policy = object.at(["spec", "preemptionPolicy"]).is_some_and(|value| !value.is_null());
        if has_policy && given_policy != policy {
            return Err(refused(
                attributes,
                &format!(
                    "the string value of PreemptionPolicy ({given_policy}) must not be provided in pod spec; priority \
                     admission controller computed {policy} from the given PriorityClass name"
                ),
            ));
        }
        let spec = object.object_at("spec");
        if !name.is_empty() {
            spec.insert("priorityClassName", name);
        }
        spec.insert("priority", value);
        spec.insert("preemptionPolicy", policy);
        Ok(())
    }
}

/// An update that leaves the priority out keeps it.
fn keep(pod: &mut Value, old: Option<&Value>) {
    for field in ["priority", "preemptionPolicy"] {
        let known = old.and_then(|old| old.at(["spec", field])).filter(|value| !value.is_null());
        if let Some(known) = known
            && pod.at(["spec", field]).is_none_or(Value::is_null)
        {
            pod.object_at("spec").insert(field, known.clone());
        }
    }
}

/// Name, value and preemption policy of the pod's class, of the default class if it names none, or of no class.
fn class_of(attributes: &Attributes<'_>, pod: &Value) -> Result<(String, i64, String)> {
    let named = pod.str_at(["spec", "priorityClassName"]);
    let class = if named.is_empty() {
        let classes = attributes.lookup.list("scheduling.k8s.io", "priorityclasses", "");
        let defaults = classes
            .into_iter()
            .filter(|class| class.get("globalDefault").and_then(Value::as_bool) == Some(true));
        match defaults.min_by_key(value_of) {
            Some(class) => class,
            None => return Ok((String::new(), 0, "PreemptLowerPriority".to_owned())),
        }
    } else {
        attributes
            .lookup
            .get("scheduling.k8s.io", "priorityclasses", "", named)
            .ok_or_else(|| refused(attributes, &format!("no PriorityClass with name {named} was found")))?
    };
    let policy = match class.str_at(["preemptionPolicy"]) {
        "" => "PreemptLowerPriority",
        policy => policy,
    };
    Ok((class.str_at(["metadata", "name"]).to_owned(), value_of(&class), policy.to_owned()))
}

fn value_of(class: &Value) -> i64 {
    class.get("value").and_then(Value::as_i64).unwrap_or(0)
}

fn refused(attributes: &Attributes<'_>, why: &str) -> Box<Status> {
    Status::forbidden("", "pods", attributes.name, why)
}
