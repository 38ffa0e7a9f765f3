//! The objects that tokens are about.

use meta::time::Time;
use object::Value;
use registry::Lookup;

use super::claims::{LEEWAY, Reference};

/// The plural of an object that tokens can be bound to.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    ServiceAccount,
    Pod,
    Secret,
    Node,
}

impl Kind {
    /// The plural.
    pub(super) fn resource(self) -> &'static str {
        match self {
            Kind::ServiceAccount => "serviceaccounts",
            Kind::Pod => "pods",
            Kind::Secret => "secrets",
            Kind::Node => "nodes",
        }
    }

    /// The object; the namespace does not matter for nodes.
    pub(super) fn get(self, lookup: &dyn Lookup, namespace: &str, name: &str) -> Option<Value> {
        let namespace = if matches!(self, Kind::Node) { "" } else { namespace };
        lookup.get("", self.resource(), namespace, name)
    }
}

/// Whether the object has been deleted for longer than clocks differ, though it is still there.
pub(super) fn is_deleted(object: &Value, now: i64) -> bool {
    let time = object.str_at(["metadata", "deletionTimestamp"]);
    Time::parse(time).is_ok_and(|time| time.unix() < now.saturating_sub(LEEWAY))
}

/// Whether an object that a token is bound to is still the one it was bound to. `what` names it in the error.
pub(super) fn check_bound(
    object: Option<Value>,
    reference: &Reference,
    now: i64,
    what: &str,
) -> Result<(), String> {
    let invalidated = || "service account token has been invalidated".to_owned();
    let object = object.ok_or_else(invalidated)?;
    let uid = object.str_at(["metadata", "uid"]);
    if uid != reference.uid {
        let claimed = &reference.uid;
        return Err(format!(
            "{what} UID ({uid}) does not match service account {what} ref claim ({claimed})"
        ));
    }
    if is_deleted(&object, now) { Err(invalidated()) } else { Ok(()) }
}
