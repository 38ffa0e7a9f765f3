//! `metadata.managedFields`: who owns what, decoded and encoded.

use std::cmp::Ordering;

use object::{Map, Text, Value, json};
use status::go_quote;

use super::Set;

/// How a manager writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// By server-side apply: what it leaves out next time goes away.
    Apply,
    /// By create, update or another kind of patch.
    Update,
}

impl Operation {
    /// The operation as an entry spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Apply => "Apply",
            Operation::Update => "Update",
        }
    }

    fn parse(text: &str) -> Option<Operation> {
        match text {
            "Apply" => Some(Operation::Apply),
            "Update" => Some(Operation::Update),
            _ => None,
        }
    }
}

/// One entry: what a manager owns by one way of writing, in one version, through one subresource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The manager's name.
    pub manager: Text,
    /// How it writes.
    pub operation: Operation,
    /// The `apiVersion` that `fields` is in.
    pub api_version: Text,
    /// The subresource it writes through; empty for the object itself.
    pub subresource: Text,
    /// When what it owns or set changed last (RFC 3339, seconds, UTC); appliers who changed nothing have none.
    pub time: Option<Text>,
    /// What it owns.
    pub fields: Set,
}

impl Entry {
    /// Whether both are the same manager: an applier has one entry whatever its version.
    pub(super) fn same_manager(&self, other: &Entry) -> bool {
        self.operation == other.operation
            && self.manager == other.manager
            && self.subresource == other.subresource
            && (self.operation == Operation::Apply || self.api_version == other.api_version)
    }

    /// A text that identifies the manager; conflicts and old updates are sorted by it.
    pub(super) fn identifier(&self) -> String {
        let version = if self.operation == Operation::Apply { "" } else { self.api_version.as_str() };
        let mut text = String::from("{");
        let fields = [
            ("manager", self.manager.as_str()),
            ("operation", self.operation.as_str()),
            ("apiVersion", version),
            ("subresource", &self.subresource),
        ];
        for (name, value) in fields.into_iter().filter(|field| !field.1.is_empty()) {
            let separator = if text.len() > 1 { "," } else { "" };
            text.push_str(&format!("{separator}\"{name}\":{}", json::to_string(&Value::from(value))));
        }
        text.push('}');
        text
    }

    /// The manager as conflicts name it: `"hpa" with subresource "scale" using apps/v1`.
    pub(super) fn description(&self) -> String {
        let mut text = go_quote(&self.manager);
        if !self.subresource.is_empty() {
            text.push_str(&format!(" with subresource {}", go_quote(&self.subresource)));
        }
        if self.operation == Operation::Update {
            text.push_str(&format!(" using {}", self.api_version));
        }
        text
    }

    fn decode(index: usize, value: &Value) -> Result<Entry, String> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("");
        let Some(operation) = Operation::parse(text("operation")) else {
            return Err("operation must be `Apply` or `Update`".to_owned());
        };
        if text("apiVersion").is_empty() {
            return Err("apiVersion must not be empty".to_owned());
        }
        match text("fieldsType") {
            "FieldsV1" => {}
            "" => return Err(format!("missing fieldsType in managed fields entry {index}")),
            other => {
                return Err(format!(
                    "invalid fieldsType {} in managed fields entry {index}",
                    go_quote(other)
                ));
            }
        }
        let fields = Set::from_fields_v1(value.get("fieldsV1").unwrap_or(&Value::Null))
            .map_err(|why| format!("error decoding versioned set for {}: {why}", text("manager")))?;
        let time = value.get("time").and_then(Value::as_str).map(Text::from);
        Ok(Entry {
            manager: text("manager").into(),
            operation,
            api_version: text("apiVersion").into(),
            subresource: text("subresource").into(),
            time,
            fields,
        })
    }

    fn encode(&self) -> Value {
        let mut entries: Vec<(Text, Value)> = Vec::with_capacity(7);
        entries.push((Text::const_new("apiVersion"), self.api_version.clone().into()));
        entries.push((Text::const_new("fieldsType"), "FieldsV1".into()));
        entries.push((Text::const_new("fieldsV1"), self.fields.to_fields_v1()));
        entries.push((Text::const_new("operation"), self.operation.as_str().into()));
        let optional = [
            (Text::const_new("manager"), Some(&self.manager).filter(|text| !text.is_empty())),
            (Text::const_new("subresource"), Some(&self.subresource).filter(|text| !text.is_empty())),
            (Text::const_new("time"), self.time.as_ref()),
        ];
        for (key, value) in optional {
            if let Some(value) = value {
                entries.push((key, value.clone().into()));
            }
        }
        Value::Object(Map::from_entries(entries))
    }

    /// The order of entries in an object: appliers first, then by time, manager, version and subresource.
    fn order(&self, other: &Entry) -> Ordering {
        self.operation
            .cmp(&other.operation)
            .then_with(|| self.seconds().cmp(other.seconds()))
            .then_with(|| self.manager.cmp(&other.manager))
            .then_with(|| self.api_version.cmp(&other.api_version))
            .then_with(|| self.subresource.cmp(&other.subresource))
    }

    /// The time, comparable as text to the second; empty if there is none.
    pub(super) fn seconds(&self) -> &str {
        self.time.as_deref().unwrap_or("")
    }
}

/// Decodes a `managedFields` list; null is an empty one. Fails with the reason when an entry makes no sense.
pub fn decode(managed_fields: &Value) -> Result<Vec<Entry>, String> {
    let items = managed_fields.as_array().map_or(&[][..], Vec::as_slice);
    let mut entries: Vec<Entry> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let entry = Entry::decode(index, item)?;
        match entries.iter_mut().find(|earlier| earlier.same_manager(&entry)) {
            Some(earlier) => *earlier = entry,
            None => entries.push(entry),
        }
    }
    Ok(entries)
}

/// Encodes entries as a `managedFields` list, sorted as the API sorts them.
pub fn encode(mut entries: Vec<Entry>) -> Value {
    entries.sort_by(Entry::order);
    Value::Array(entries.iter().map(Entry::encode).collect())
}

/// The `managedFields` of an object.
pub(super) fn of(object: &Value) -> &Value {
    const NONE: Value = Value::Null;
    object.at(["metadata", "managedFields"]).unwrap_or(&NONE)
}

/// Takes the `managedFields` out of an object.
pub(super) fn take(object: &mut Value) -> Option<Value> {
    object.get_mut("metadata")?.remove("managedFields")
}

/// Puts entries into an object, whose `managedFields` are absent if there are none.
pub(super) fn put(object: &mut Value, entries: Vec<Entry>) {
    if entries.is_empty() {
        take(object);
    } else {
        object.object_at("metadata").insert("managedFields", encode(entries));
    }
}

/// Puts the old times back where nothing but times changed between two versions of an object, so that a write
/// which changes nothing is seen to be none.
pub fn keep_times(old: &Value, new: &mut Value) {
    let (before, after) = (of(old), of(new));
    if before.is_null() || before == after || !same_but_times(before, after) {
        return;
    }
    let before = before.clone();
    let after = take(new).unwrap_or_default();
    new.object_at("metadata").insert("managedFields", before);
    if old != new {
        new.object_at("metadata").insert("managedFields", after);
    }
}

fn same_but_times(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_array(), b.as_array()) else { return false };
    let timeless = |map: &Map| map.iter().filter(|field| field.0 != "time").count();
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| {
            let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else { return false };
            timeless(a) == timeless(b)
                && a.iter().filter(|field| field.0 != "time").all(|(key, value)| b.get(key) == Some(value))
        })
}
