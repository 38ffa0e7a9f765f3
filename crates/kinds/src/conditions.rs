//! Conditions of a status (API conventions, "Typical status properties").

use object::{Map, Value};

use crate::fields::text;

/// Puts a condition into `status.conditions`, in place of the one of its type. Its time of transition is kept as
/// long as its status stays the same.
pub(crate) fn set(status: &mut Map, mut condition: Value, now: &str) {
    let list = status.get_or_insert_with("conditions", || Vec::new().into());
    let Some(list) = list.as_array_mut() else { return };
    let known = list.iter_mut().find(|known| text(known, "type") == text(&condition, "type"));
    let since = known
        .as_ref()
        .filter(|known| text(known, "status") == text(&condition, "status"))
        .and_then(|known| known.get("lastTransitionTime").cloned());
    condition.set("lastTransitionTime", since.unwrap_or_else(|| now.into()));
    match known {
        Some(known) => *known = condition,
        None => list.push(condition),
    }
}

/// The condition of a type.
pub(crate) fn find<'v>(status: &'v Value, kind: &str) -> Option<&'v Value> {
    status.items_at(["conditions"]).iter().find(|condition| text(condition, "type") == kind)
}
