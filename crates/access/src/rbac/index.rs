//! Roles and bindings in the form authorization needs, read when first needed and kept until they change.

use std::collections::HashMap;
use std::sync::Arc;

use object::Text;
use parking_lot::RwLock;
use registry::Lookup;

use super::binding::{Binding, Bindings, RoleKey};
use super::{GROUP, Rule};

/// What has been read. A role that is not there is remembered as such.
#[derive(Default)]
struct Known {
    /// Goes up with every change, so that what was read before it is not kept after it.
    generation: u64,
    bindings: HashMap<Text, Arc<Bindings>>,
    roles: HashMap<RoleKey, Option<Arc<[Rule]>>>,
}

/// See the module. Nothing is kept for namespaces without bindings, so memory follows the objects.
pub(crate) struct Index {
    lookup: Arc<dyn Lookup>,
    known: RwLock<Known>,
}

impl Index {
    pub(crate) fn new(lookup: Arc<dyn Lookup>) -> Index {
        Index { lookup, known: RwLock::default() }
    }

    /// The bindings of a namespace; the cluster's if it is empty.
    pub(crate) fn bindings(&self, namespace: &str) -> Arc<Bindings> {
        let generation = {
            let known = self.known.read();
            if let Some(bindings) = known.bindings.get(namespace) {
                return bindings.clone();
            }
            known.generation
        };
        let resource = if namespace.is_empty() { "clusterrolebindings" } else { "rolebindings" };
        let objects = self.lookup.list(GROUP, resource, namespace);
        let bindings = Arc::new(Bindings::new(objects.iter().map(Binding::read).collect()));
        if !bindings.is_empty() {
            let mut known = self.known.write();
            if known.generation == generation {
                known.bindings.insert(Text::new(namespace), bindings.clone());
            }
        }
        bindings
    }

    /// The rules of a role; nothing if there is no such role.
    pub(crate) fn role(&self, key: &RoleKey) -> Option<Arc<[Rule]>> {
        let generation = {
            let known = self.known.read();
            if let Some(rules) = known.roles.get(key) {
                return rules.clone();
            }
            known.generation
        };
        let resource = if key.namespace.is_empty() { "clusterroles" } else { "roles" };
        let role = self.lookup.get(GROUP, resource, &key.namespace, &key.name);
        let rules: Option<Arc<[Rule]>> = role.map(|role| Rule::read_all(&role).into());
        let mut known = self.known.write();
        if known.generation == generation {
            known.roles.insert(key.clone(), rules.clone());
        }
        rules
    }

    /// Forgets what depends on a changed object.
    pub(crate) fn changed(&self, resource: &str, namespace: &str, name: &str) {
        let mut known = self.known.write();
        match resource {
            "roles" | "clusterroles" => {
                known.roles.remove(&RoleKey { namespace: Text::new(namespace), name: Text::new(name) });
            }
            "rolebindings" | "clusterrolebindings" => {
                known.bindings.remove(namespace);
            }
            _ => return,
        }
        known.generation += 1;
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut known = self.known.write();
        *known = Known { generation: known.generation + 1, ..Known::default() };
    }
}
