//! A binding as authorization needs it: whom it binds to which role, and how a reason names that.

use std::collections::HashMap;

use object::{Text, Value};
use registry::User;
use status::go_quote;

use crate::users;

/// Which role: of a namespace, or a ClusterRole if the namespace is empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RoleKey {
    pub(crate) namespace: Text,
    pub(crate) name: Text,
}

/// The role a binding refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleRef {
    pub(crate) kind: Text,
    pub(crate) name: Text,
}

impl RoleRef {
    /// Of a binding.
    pub(crate) fn read(binding: &Value) -> RoleRef {
        RoleRef {
            kind: Text::new(binding.str_at(["roleRef", "kind"])),
            name: Text::new(binding.str_at(["roleRef", "name"])),
        }
    }

    /// Where the role is; `namespace` is the binding's. The error is for people.
    pub(crate) fn key(&self, namespace: &str) -> Result<RoleKey, String> {
        let namespace = match self.kind.as_str() {
            "Role" => Text::new(namespace),
            "ClusterRole" => Text::default(),
            kind => return Err(format!("unsupported role reference kind: {}", go_quote(kind))),
        };
        Ok(RoleKey { namespace, name: self.name.clone() })
    }
}

#[derive(Clone, Debug)]
enum Subject {
    /// A user or a service account, by user name.
    User(Text),
    Group(Text),
    /// Of a kind that binds nobody.
    Nobody,
}

/// A RoleBinding, or a ClusterRoleBinding if the namespace is empty.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    name: Text,
    namespace: Text,
    role: RoleRef,
    key: Result<RoleKey, String>,
    /// Who, and how a reason names them.
    subjects: Vec<(Subject, String)>,
}

impl Binding {
    pub(crate) fn read(value: &Value) -> Binding {
        let namespace = value.str_at(["metadata", "namespace"]);
        let role = RoleRef::read(value);
        Binding {
            name: Text::new(value.str_at(["metadata", "name"])),
            namespace: Text::new(namespace),
            key: role.key(namespace),
            role,
            subjects: value.items_at(["subjects"]).iter().map(|item| subject(item, namespace)).collect(),
        }
    }

    /// Where the role is, or why it can't be anywhere.
    pub(crate) fn role_key(&self) -> Result<&RoleKey, &String> {
        self.key.as_ref()
    }

    /// Why the binding allows something to `user`; nothing if it does not bind them.
    pub(crate) fn reason(&self, user: &User) -> Option<String> {
        let (_, subject) = self.subjects.iter().find(|(subject, _)| match subject {
            Subject::User(name) => *name == user.name,
            Subject::Group(name) => users::in_group(user, name),
            Subject::Nobody => false,
        })?;
        let (kind, name) = match self.namespace.as_str() {
            "" => ("ClusterRoleBinding", go_quote(&self.name)),
            namespace => ("RoleBinding", go_quote(&format!("{}/{namespace}", self.name))),
        };
        let role = go_quote(&self.role.name);
        Some(format!("RBAC: allowed by {kind} {name} of {} {role} to {subject}", self.role.kind))
    }
}

fn subject(value: &Value, binding_namespace: &str) -> (Subject, String) {
    let (kind, name) = (value.str_at(["kind"]), value.str_at(["name"]));
    if kind != "ServiceAccount" {
        let subject = match kind {
            "User" => Subject::User(Text::new(name)),
            "Group" => Subject::Group(Text::new(name)),
            _ => Subject::Nobody,
        };
        return (subject, format!("{kind} {}", go_quote(name)));
    }
    let namespace = match value.str_at(["namespace"]) {
        "" => binding_namespace,
        namespace => namespace,
    };
    let subject = match namespace {
        "" => Subject::Nobody,
        namespace => Subject::User(Text::new(users::service_account_name(namespace, name))),
    };
    (subject, format!("{kind} {}", go_quote(&format!("{name}/{namespace}"))))
}

/// The bindings of one namespace (or the cluster's), found by whom they bind.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    bindings: Vec<Binding>,
    users: HashMap<Text, Vec<usize>>,
    groups: HashMap<Text, Vec<usize>>,
}

impl Bindings {
    pub(crate) fn new(bindings: Vec<Binding>) -> Bindings {
        let mut all = Bindings { bindings, ..Bindings::default() };
        for (number, binding) in all.bindings.iter().enumerate() {
            for (subject, _) in &binding.subjects {
                let (map, name) = match subject {
                    Subject::User(name) => (&mut all.users, name),
                    Subject::Group(name) => (&mut all.groups, name),
                    Subject::Nobody => continue,
                };
                map.entry(name.clone()).or_default().push(number);
            }
        }
        all
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }

    /// The bindings that bind `user`, each once, in the order of their names.
    pub(crate) fn of(&self, user: &User) -> impl Iterator<Item = &Binding> {
        let by_group = user.groups.iter().filter_map(|group| self.groups.get(group.as_str()));
        let found = self.users.get(user.name.as_str()).into_iter().chain(by_group);
        let mut numbers: Vec<usize> = found.flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.bindings.get(number))
    }
}
