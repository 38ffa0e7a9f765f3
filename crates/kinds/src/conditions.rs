//! Conditions of a status (API conventions, "Typical status properties").

use std::collections::BTreeSet;

use meta::names::{condition_reason, qualified_name};
use object::{Map, Value};
use status::{FieldError, FieldErrors};

use crate::checks::Field;
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

/// Checks a list of `metav1.Condition`.
pub(crate) fn validate(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_REASON: usize = 1024;
    const MAX_MESSAGE: usize = 32768;
    let mut seen = BTreeSet::new();
    for condition in list.items() {
        let (kind, reason) = (condition.child("type"), condition.child("reason"));
        if !seen.insert(kind.text()) {
            kind.duplicate(errors);
        }
        if kind.required(errors) {
            kind.name(errors, qualified_name);
        }
        condition.child("status").one_of(errors, &["False", "True", "Unknown"]);
        condition.child("observedGeneration").non_negative(errors);
        let time = condition.child("lastTransitionTime");
        if !time.is_present() {
            time.missing(errors, "must be set");
        }
        if reason.is_empty() {
            reason.missing(errors, "");
        } else {
            reason.name(errors, condition_reason);
            if reason.text().len() > MAX_REASON {
                errors.push(FieldError::too_long(&reason.path, MAX_REASON as i64));
            }
        }
        let message = condition.child("message");
        if message.text().len() > MAX_MESSAGE {
            errors.push(FieldError::too_long(&message.path, MAX_MESSAGE as i64));
        }
    }
}
