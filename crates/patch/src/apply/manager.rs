//! Field management of whole writes: what the registry calls.

use std::sync::LazyLock;

use object::{Text, Value};
use schema::zero;
use status::{Reason, Result, Status};

use super::managed::{self, Entry, Operation};
use super::node::Node;
use super::ownership::{Failure, Write, give};
use super::validate::{Duplicates, validate};
use super::{Set, Versions, cap, conflict, last_applied};

/// What nobody owns: an object's identity and what the system writes.
static UNOWNED: LazyLock<Set> = LazyLock::new(|| {
    let metadata = [
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
    ];
    let mut set = Set::of_fields([["apiVersion"], ["kind"], ["metadata"]]);
    set.unite(Set::of_fields(metadata.map(|field| ["metadata", field])));
    set
});

/// The manager who gets what was there before the first apply.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

/// Who writes what, when.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The versions of the kind.
    pub versions: &'a dyn Versions,
    /// The `apiVersion` of the request, which all objects here are in.
    pub api_version: &'a str,
    /// The kind of the request.
    pub kind: &'a str,
    /// The manager: `fieldManager`, or what the user agent says; `unknown` if empty.
    pub manager: &'a str,
    /// The subresource written to; empty for the object itself.
    pub subresource: &'a str,
    /// The time, RFC 3339 with seconds, UTC.
    pub now: &'a str,
}

impl<'a> Context<'a> {
    fn write(&self) -> Option<Write<'a>> {
        let ty = self.versions.ty(self.api_version)?;
        Some(Write { versions: self.versions, api_version: self.api_version, node: Node::root(ty) })
    }

    /// What an object of the kind is before anything is written: live where nothing is stored.
    fn nothing(&self) -> Value {
        self.versions.ty(self.api_version).map_or_else(Value::object, zero)
    }

    fn entry(&self, manager: &str, operation: Operation) -> Entry {
        Entry {
            manager: Text::from(if manager.is_empty() { "unknown" } else { manager }),
            operation,
            api_version: self.api_version.into(),
            subresource: self.subresource.into(),
            time: Some(self.now.into()),
            fields: Set::new(),
        }
    }

    /// Gives `manager` what an update from `old` to `new` changed.
    fn track(&self, write: &Write<'_>, old: &Value, new: &Value, entries: &mut Vec<Entry>, manager: &str) {
        let mut taken = write.update(old, new, entries);
        taken.subtract(&UNOWNED);
        if !taken.is_empty() {
            give(entries, self.entry(manager, Operation::Update), taken);
        }
        cap::cap_updaters(entries);
    }
}

/// Tracks a create (`live` is nothing) or an update by any way but apply: writes `new`'s `metadata.managedFields`.
///
/// Both objects are defaulted and in normal form. An object that is not tracked yet stays so until its first
/// apply, unless this creates it. A client may replace the entries, or clear them with `[]` or `[{}]`; what it
/// sends and can't be read is passed over.
pub fn update(context: &Context<'_>, live: Option<&Value>, new: &mut Value) {
    let sent = managed::take(new);
    let stored = live.map_or(&Value::Null, managed::of);
    let mut entries = starting_entries(context, sent.as_ref(), stored);
    if live.is_some() && entries.is_empty() {
        return;
    }
    if let Some(write) = context.write() {
        let nothing = if live.is_none() { context.nothing() } else { Value::Null };
        let live = live.unwrap_or(&nothing);
        let fits = |object| validate(write.node, object, Duplicates::Tolerated).is_ok();
        if fits(live) && fits(new) {
            context.track(&write, live, new, &mut entries, context.manager);
        }
    }
    managed::put(new, entries);
}

/// The entries that an update begins with: the client's if it sent any that can be read, else the stored ones.
fn starting_entries(context: &Context<'_>, sent: Option<&Value>, stored: &Value) -> Vec<Entry> {
    let stored = || managed::decode(stored).unwrap_or_default();
    let Some(sent) = sent.filter(|_| context.subresource.is_empty()) else { return stored() };
    if is_reset(sent) {
        return Vec::new();
    }
    match managed::decode(sent) {
        Ok(entries) if !entries.is_empty() => entries,
        _ => stored(),
    }
}

/// Whether the client clears the entries: `[]` or `[{}]`.
fn is_reset(sent: &Value) -> bool {
    match sent.as_array().map(Vec::as_slice) {
        Some([]) => true,
        Some([Value::Object(only)]) => only.values().all(Value::is_null),
        _ => false,
    }
}

/// Applies a configuration to the live object (or to nothing, which creates it) and returns the new object with
/// its `metadata.managedFields`, not yet in normal form.
///
/// Fails with 400 for a configuration of another version or kind or with managed fields of its own, with 500 for
/// one that does not fit the type, and with 409 for one that would change what others own, unless it is forced.
pub fn apply(context: &Context<'_>, live: Option<&Value>, applied: Value, force: bool) -> Result<Value> {
    let write = context.write().ok_or_else(|| internal(format!("{} is not served", context.api_version)))?;
    let live = live.cloned().unwrap_or_else(|| context.nothing());
    let mut entries = managed::decode(managed::of(&live))
        .map_err(|why| internal(format!("failed to decode managed fields: {why}")))?;
    check_applied(context, &write, &applied)?;
    validate(write.node, &live, Duplicates::Tolerated).map_err(|why| {
        internal(format!("failed to create typed live object ({}): {why}", describe(context, &live)))
    })?;
    if entries.is_empty() {
        context.track(&write, &context.nothing(), &live, &mut entries, BEFORE_FIRST_APPLY);
    }

    let kubectl = context.manager == last_applied::KUBECTL;
    let named = describe(context, &applied);
    let kept = kubectl.then(|| applied.clone());
    let merged = merge(context, &write, &live, applied, &mut entries, force)?;
    let changed = merged.is_some();
    let mut object = merged.unwrap_or(live);
    if changed {
        context.versions.accept(&object).map_err(|why| {
            internal(format!("failed to convert new object ({named}) to proper version: {why}"))
        })?;
    }
    if let Some(text) = kept.and_then(|applied| last_applied::updated(&object, &applied)) {
        last_applied::set(&mut object, text);
    }
    managed::put(&mut object, entries);
    Ok(object)
}

/// Merges and tracks. What kubectl wrote by client-side apply it may take over.
fn merge(
    context: &Context<'_>,
    write: &Write<'_>,
    live: &Value,
    applied: Value,
    entries: &mut Vec<Entry>,
    force: bool,
) -> Result<Option<Value>> {
    let writer = context.entry(context.manager, Operation::Apply);
    let again =
        (!force && context.manager == last_applied::KUBECTL).then(|| (entries.clone(), applied.clone()));
    let mut outcome = write.apply(live, applied, entries, &writer, force);
    if let (Err(Failure::Conflicts(conflicts)), Some((before, applied))) = (&mut outcome, again)
        && let Some(allowed) = last_applied::allowed(write, live)
    {
        conflicts.retain_mut(|conflict| {
            conflict.fields.subtract(&allowed);
            !conflict.fields.is_empty()
        });
        if conflicts.is_empty() {
            *entries = before;
            outcome = write.apply(live, applied, entries, &writer, true);
        }
    }
    let merged = outcome.map_err(|failure| match failure {
        Failure::Conflicts(conflicts) => conflict::status(conflicts),
        Failure::Other(why) => internal(why),
    })?;
    if let Some(index) = entries.iter().position(|entry| entry.same_manager(&writer)) {
        entries[index].fields.subtract(&UNOWNED);
        if merged.is_some() {
            entries[index].time.clone_from(&writer.time);
        }
        if entries[index].fields.is_empty() {
            entries.remove(index);
        }
    }
    Ok(merged)
}

fn check_applied(context: &Context<'_>, write: &Write<'_>, applied: &Value) -> Result<()> {
    let (api_version, kind) = (applied.str_at(["apiVersion"]), applied.str_at(["kind"]));
    if api_version != context.api_version || kind != context.kind {
        return Err(Status::bad_request(format!("invalid object type: {}", kind_text(api_version, kind))));
    }
    if !managed::of(applied).is_null() {
        return Err(Status::bad_request("metadata.managedFields must be nil"));
    }
    validate(write.node, applied, Duplicates::Refused).map_err(|why| {
        internal(format!("failed to create typed patch object ({}): {why}", describe(context, applied)))
    })
}

/// `namespace/name; group/version, Kind=K` of an applied configuration, as it states them.
fn describe(context: &Context<'_>, applied: &Value) -> String {
    let (namespace, name) = (applied.str_at(["metadata", "namespace"]), applied.str_at(["metadata", "name"]));
    format!("{namespace}/{name}; {}", kind_text(context.api_version, context.kind))
}

fn kind_text(api_version: &str, kind: &str) -> String {
    match api_version.contains('/') {
        _ if api_version.matches('/').count() > 1 => "/, Kind=".to_owned(),
        true => format!("{api_version}, Kind={kind}"),
        false => format!("/{api_version}, Kind={kind}"),
    }
}

/// A failure that the API answers without a reason, as 500.
fn internal(message: String) -> Box<Status> {
    Status::failure(Reason::Unknown, message)
}
