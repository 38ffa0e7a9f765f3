//! What the tests of this crate share: objects in memory.

use std::sync::Arc;

use object::{Value, json};
use parking_lot::Mutex;
use registry::{Lookup, User};

/// An object's place and the object.
type Entry = ((String, String, String, String), Value);

/// Objects in memory, to read and to change.
#[derive(Default)]
pub(crate) struct Objects(Mutex<Vec<Entry>>);

impl Objects {
    /// `resource` is `plural` or `plural.group`; the place is taken from the object's metadata.
    pub(crate) fn put(&self, resource: &str, text: &str) {
        let value = parse(text);
        let place = |field| value.str_at(["metadata", field]).to_owned();
        let (plural, group) = resource.split_once('.').unwrap_or((resource, ""));
        let key = (group.to_owned(), plural.to_owned(), place("namespace"), place("name"));
        let mut entries = self.0.lock();
        entries.retain(|entry| entry.0 != key);
        entries.push((key, value));
        entries.sort_by(|a, b| a.0.cmp(&b.0));
    }

    pub(crate) fn remove(&self, resource: &str, namespace: &str, name: &str) {
        let (plural, group) = resource.split_once('.').unwrap_or((resource, ""));
        self.0.lock().retain(|((g, r, ns, n), _)| {
            (g.as_str(), r.as_str(), ns.as_str(), n.as_str()) != (group, plural, namespace, name)
        });
    }
}

impl Lookup for Objects {
    fn get(&self, group: &str, resource: &str, namespace: &str, name: &str) -> Option<Value> {
        let entries = self.0.lock();
        let found = entries.iter().find(|((g, r, ns, n), _)| {
            (g.as_str(), r.as_str(), ns.as_str(), n.as_str()) == (group, resource, namespace, name)
        });
        found.map(|entry| entry.1.clone())
    }

    fn list(&self, group: &str, resource: &str, namespace: &str) -> Vec<Value> {
        let entries = self.0.lock();
        let wanted = entries.iter().filter(|((g, r, ns, _), _)| {
            g == group && r == resource && (namespace.is_empty() || ns == namespace)
        });
        wanted.map(|entry| entry.1.clone()).collect()
    }
}

/// JSON as a value.
pub(crate) fn parse(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("the test's JSON is well formed")
}

/// A user in these groups.
pub(crate) fn user(name: &str, groups: &[&str]) -> User {
    User {
        name: name.to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..User::default()
    }
}

/// Roles and bindings: `role` and its binding to `subject`, in a namespace or (if it is empty) the cluster.
pub(crate) fn grant(objects: &Objects, namespace: &str, name: &str, subject: &str, rules: &str) {
    let (prefix, kind, metadata) = match namespace {
        "" => ("cluster", "ClusterRole", format!(r#"{{"name":"{name}"}}"#)),
        _ => ("", "Role", format!(r#"{{"name":"{name}","namespace":"{namespace}"}}"#)),
    };
    let group = crate::rbac::GROUP;
    objects.put(&format!("{prefix}roles.{group}"), &format!(r#"{{"metadata":{metadata},"rules":{rules}}}"#));
    objects.put(
        &format!("{prefix}rolebindings.{group}"),
        &format!(
            r#"{{"metadata":{metadata},"roleRef":{{"apiGroup":"{group}","kind":"{kind}","name":"{name}"}},"subjects":[{subject}]}}"#
        ),
    );
}

/// An RBAC authorizer over `objects`.
pub(crate) fn rbac(objects: &Arc<Objects>) -> Arc<crate::rbac::RbacAuthorizer> {
    Arc::new(crate::rbac::RbacAuthorizer::new(objects.clone()))
}
