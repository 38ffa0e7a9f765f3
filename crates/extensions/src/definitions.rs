//! All definitions there are, and the resources they become.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::sync::Arc;

use object::{Text, Value, json};
use registry::Resource;

use crate::conversion::Caller;
use crate::definition::Definition;
use crate::names::Taken;
use crate::{resources, version_order};

/// What is kept of a definition.
struct Entry {
    /// A digest of what its resources depend on.
    digest: u64,
    group: Text,
    names: Value,
    resources: Vec<Arc<Resource>>,
}

/// All definitions by name. A change of one makes that one's resources anew.
pub struct Definitions {
    builtin: Arc<schema::Schema>,
    caller: Arc<dyn Caller>,
    entries: BTreeMap<String, Entry>,
}

impl Definitions {
    /// None yet; `builtin` are the built-in types, `caller` asks webhooks.
    pub fn new(builtin: Arc<schema::Schema>, caller: Arc<dyn Caller>) -> Definitions {
        Definitions { builtin, caller, entries: BTreeMap::new() }
    }

    /// Takes a definition as it is since `revision`. Answers whether that changes what is served.
    pub fn set(&mut self, name: &str, object: &Value, revision: u64) -> bool {
        let digest = digest(object);
        if self.entries.get(name).is_some_and(|entry| entry.digest == digest) {
            return false;
        }
        let resources = resources::resources(Definition::read(object), &self.builtin, revision, &self.caller);
        let empty = resources.is_empty();
        let entry = Entry {
            digest,
            group: object.str_at(["spec", "group"]).into(),
            names: object.at(["status", "acceptedNames"]).cloned().unwrap_or_default(),
            resources,
        };
        let old = self.entries.insert(name.to_owned(), entry);
        !empty || old.is_some_and(|old| !old.resources.is_empty())
    }

    /// Forgets a definition. Answers whether that changes what is served.
    pub fn remove(&mut self, name: &str) -> bool {
        self.entries.remove(name).is_some_and(|entry| !entry.resources.is_empty())
    }

    /// The names that are given in a group.
    pub fn taken(&self, group: &str) -> Taken {
        let mut taken = Taken::default();
        for entry in self.entries.values().filter(|entry| entry.group == group) {
            taken.add(&entry.names);
        }
        taken
    }

    /// The definitions of a group, by name.
    pub fn of_group(&self, group: &str) -> Vec<String> {
        self.entries.iter().filter(|(_, entry)| entry.group == group).map(|(name, _)| name.clone()).collect()
    }

    /// The resources of one definition.
    pub fn of(&self, name: &str) -> &[Arc<Resource>] {
        self.entries.get(name).map_or(&[], |entry| &entry.resources)
    }

    /// All resources: groups by name, of each group the preferred version first.
    pub fn resources(&self) -> Vec<Arc<Resource>> {
        let mut all: Vec<Arc<Resource>> =
            self.entries.values().flat_map(|entry| entry.resources.iter().cloned()).collect();
        all.sort_by(|a, b| {
            a.group
                .cmp(&b.group)
                .then_with(|| version_order::compare(&a.version, &b.version))
                .then_with(|| a.resource.cmp(&b.resource))
        });
        all
    }
}

/// A digest of the parts of a definition that its resources are made of.
fn digest(object: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut bytes = Vec::new();
    for part in [object.get("spec"), object.at(["status", "acceptedNames"])] {
        json::write(&mut bytes, part.unwrap_or(&Value::Null));
    }
    hasher.write(&bytes);
    for kind in ["Established", "Terminating"] {
        hasher.write_u8(u8::from(crate::is_true(object, kind)));
    }
    hasher.finish()
}
