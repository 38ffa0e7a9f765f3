//! Which nodes objects belong to: kept up to date from the pods and volumes that change.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use object::{Text, Value};
use parking_lot::Mutex;
use registry::Lookup;

use super::references::{Kind, Target, claim_of, of_pod, secrets_of};

/// From how many changes on everything is read anew instead.
const MANY_CHANGES: usize = 10_000;

/// What belongs to a node: a pod (namespace and name) or a PersistentVolume (no namespace).
type Source = (Text, Text);

/// By what an object belongs to a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Owner {
    /// A pod on this node uses it.
    Node(Text),
    /// Whoever uses this claim needs it.
    Claim(Target),
}

#[derive(Default)]
struct Edges {
    /// How often an object belongs to an owner.
    owners: HashMap<Target, HashMap<Owner, usize>>,
    /// What each pod and volume says, to be taken back when it changes.
    sources: HashMap<Source, (Owner, Vec<Target>)>,
    changed: HashSet<Source>,
}

/// See the module. Nothing is kept until a node first asks.
pub(super) struct Graph {
    lookup: Arc<dyn Lookup>,
    edges: Mutex<Option<Edges>>,
}

impl Graph {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Graph {
        Graph { lookup, edges: Mutex::new(None) }
    }

    /// A pod or (with an empty namespace) a PersistentVolume has come, changed or gone.
    pub(super) fn changed(&self, namespace: &str, name: &str) {
        let mut edges = self.edges.lock();
        if let Some(known) = &mut *edges {
            known.changed.insert((Text::new(namespace), Text::new(name)));
            if known.changed.len() > MANY_CHANGES {
                *edges = None;
            }
        }
    }

    /// Anything may have changed.
    pub(super) fn changed_all(&self) {
        *self.edges.lock() = None;
    }

    /// Whether the object is used by a pod on the node.
    pub(super) fn belongs(&self, target: &Target, node: &str) -> bool {
        let mut edges = self.edges.lock();
        let edges = edges.get_or_insert_with(|| Edges::read(&*self.lookup));
        for source in std::mem::take(&mut edges.changed) {
            edges.refresh(&*self.lookup, source);
        }
        edges.belongs(target, node)
    }
}

impl Edges {
    fn read(lookup: &dyn Lookup) -> Edges {
        let mut edges = Edges::default();
        for resource in ["pods", "persistentvolumes"] {
            for object in lookup.list("", resource, "") {
                let text = |field| Text::new(object.str_at(["metadata", field]));
                edges.set((text("namespace"), text("name")), Some(&object));
            }
        }
        edges
    }

    fn refresh(&mut self, lookup: &dyn Lookup, source: Source) {
        let resource = if source.0.is_empty() { "persistentvolumes" } else { "pods" };
        let object = lookup.get("", resource, &source.0, &source.1);
        self.set(source, object.as_ref());
    }

    fn set(&mut self, source: Source, object: Option<&Value>) {
        if let Some((owner, targets)) = self.sources.remove(&source) {
            for target in targets {
                self.remove(&target, &owner);
            }
        }
        let edges = object.and_then(|object| {
            if source.0.is_empty() {
                Some((Owner::Claim(claim_of(object)?), secrets_of(object)))
            } else {
                let node = Some(object.str_at(["spec", "nodeName"])).filter(|node| !node.is_empty())?;
                Some((Owner::Node(Text::new(node)), of_pod(object)))
            }
        });
        if let Some((owner, targets)) = edges.filter(|(_, targets)| !targets.is_empty()) {
            for target in &targets {
                let owners = self.owners.entry(target.clone()).or_default();
                *owners.entry(owner.clone()).or_default() += 1;
            }
            self.sources.insert(source, (owner, targets));
        }
    }

    fn remove(&mut self, target: &Target, owner: &Owner) {
        let Some(owners) = self.owners.get_mut(target) else { return };
        if let Some(count) = owners.get_mut(owner) {
            *count -= 1;
            if *count == 0 {
                owners.remove(owner);
            }
        }
        if owners.is_empty() {
            self.owners.remove(target);
        }
    }

    fn belongs(&self, target: &Target, node: &str) -> bool {
        let Some(owners) = self.owners.get(target) else { return false };
        // Claims have nodes as owners only, so this ends.
        owners.contains_key(&Owner::Node(Text::new(node)))
            || target.kind == Kind::Secret
                && owners.keys().any(|owner| match owner {
                    Owner::Claim(claim) => self.belongs(claim, node),
                    Owner::Node(_) => false,
                })
    }
}
