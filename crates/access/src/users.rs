//! Names that mean something to the API itself: users, groups, and the names of service accounts and nodes.
//!
//! Source: "Authenticating", "Service account tokens" and "Node authorization" of the Kubernetes documentation.

use std::sync::Arc;

use meta::names;
use registry::User;

/// The user of a request without credentials.
pub const ANONYMOUS: &str = "system:anonymous";
/// The group of all users who are not anonymous.
pub const AUTHENTICATED: &str = "system:authenticated";
/// The group of anonymous users.
pub const UNAUTHENTICATED: &str = "system:unauthenticated";
/// The group whose members may do everything.
pub const MASTERS: &str = "system:masters";
/// The group of kubelets.
pub const NODES: &str = "system:nodes";
/// The group of all service accounts.
pub const SERVICE_ACCOUNTS: &str = "system:serviceaccounts";

/// The extra attribute that names the credential, such as `JTI=` and a token's id.
pub const CREDENTIAL_ID: &str = "authentication.kubernetes.io/credential-id";
/// The extra attribute with the name of the pod a token is bound to.
pub const POD_NAME: &str = "authentication.kubernetes.io/pod-name";
/// The extra attribute with the uid of the pod a token is bound to.
pub const POD_UID: &str = "authentication.kubernetes.io/pod-uid";
/// The extra attribute with the name of the node a token's pod runs on, or the token is bound to.
pub const NODE_NAME: &str = "authentication.kubernetes.io/node-name";
/// The extra attribute with the uid of that node.
pub const NODE_UID: &str = "authentication.kubernetes.io/node-uid";

const SERVICE_ACCOUNT_PREFIX: &str = "system:serviceaccount:";
const NODE_PREFIX: &str = "system:node:";

/// The user of a request without credentials.
pub fn anonymous() -> User {
    User { name: ANONYMOUS.to_owned(), groups: vec![UNAUTHENTICATED.to_owned()], ..User::default() }
}

/// Whether the user is in `group`.
pub fn in_group(user: &User, group: &str) -> bool {
    user.groups.iter().any(|name| name == group)
}

/// Adds a group unless the user is in it.
pub(crate) fn ensure_group(user: &mut User, group: &str) {
    if !in_group(user, group) {
        user.groups.push(group.to_owned());
    }
}

/// Adds [`AUTHENTICATED`] to a user who has proved who they are, unless they are anonymous.
pub(crate) fn ensure_authenticated(user: &mut Arc<User>) {
    if user.name != ANONYMOUS && !in_group(user, UNAUTHENTICATED) && !in_group(user, AUTHENTICATED) {
        Arc::make_mut(user).groups.push(AUTHENTICATED.to_owned());
    }
}

/// The user name of a service account.
pub fn service_account_name(namespace: &str, name: &str) -> String {
    format!("{SERVICE_ACCOUNT_PREFIX}{namespace}:{name}")
}

/// The groups of the service accounts of a namespace.
pub fn service_account_groups(namespace: &str) -> Vec<String> {
    vec![SERVICE_ACCOUNTS.to_owned(), format!("{SERVICE_ACCOUNTS}:{namespace}")]
}

/// Namespace and name, if this is a service account's user name.
pub fn split_service_account(user_name: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user_name.strip_prefix(SERVICE_ACCOUNT_PREFIX)?.split_once(':')?;
    let good = names::dns1123_label(namespace).is_empty() && names::dns1123_subdomain(name).is_empty();
    good.then_some((namespace, name))
}

/// The node's name, if this is a node's user name.
pub fn split_node(user_name: &str) -> Option<&str> {
    user_name.strip_prefix(NODE_PREFIX).filter(|name| names::dns1123_subdomain(name).is_empty())
}

/// Whom a user is for the node authorizer: nothing if no node, an empty name if an unnamed one.
pub fn node_identity(user: &User) -> Option<&str> {
    let name = user.name.strip_prefix(NODE_PREFIX)?;
    in_group(user, NODES).then_some(name)
}

/// The value of an extra attribute that has exactly one.
pub fn extra_value<'u>(user: &'u User, key: &str) -> &'u str {
    match user.extra.iter().find(|(name, _)| name == key).map(|(_, values)| values.as_slice()) {
        Some([value]) => value,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_service_accounts_and_nodes_are_taken_apart() {
        for (name, parts) in [
            ("system:serviceaccount:ns:a", Some(("ns", "a"))),
            ("system:serviceaccount:ns:a.b", Some(("ns", "a.b"))),
            ("system:serviceaccount:ns:Bad_Name", None),
            ("system:serviceaccount:ns", None),
            ("system:serviceaccount:n.s:a", None),
            ("system:serviceaccount:ns:a:b", None),
            ("system:serviceaccount::a", None),
            ("ns:a", None),
        ] {
            assert_eq!(split_service_account(name), parts, "{name}");
        }
        for (name, node) in
            [("system:node:n1", Some("n1")), ("system:node:", None), ("system:node:N_1", None)]
        {
            assert_eq!(split_node(name), node, "{name}");
        }
    }

    #[test]
    fn a_node_is_in_the_group_of_nodes() {
        let user = |name: &str, groups: &[&str]| User {
            name: name.to_owned(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            ..User::default()
        };
        assert_eq!(node_identity(&user("system:node:n1", &[NODES])), Some("n1"));
        assert_eq!(node_identity(&user("system:node:", &[NODES])), Some(""));
        assert_eq!(node_identity(&user("system:node:n1", &[])), None);
        assert_eq!(node_identity(&user("n1", &[NODES])), None);
    }
}
