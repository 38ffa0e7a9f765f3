//! May they: the modes of `--authorization-mode`, and the changes of objects that they are told of.

use std::sync::Arc;

use ::access::authorization::{AlwaysAllow, AlwaysDeny, Authorizer, Chain, PrivilegedGroup};
use ::access::node::NodeAuthorizer;
use ::access::rbac::{self, RbacAuthorizer};
use registry::{ListOptions, Lookup, Registry, Request, User, Verb};

const RBAC_RESOURCES: &[&str] = &["roles", "rolebindings", "clusterroles", "clusterrolebindings"];
const NODE_RESOURCES: &[&str] = &["pods", "persistentvolumes"];

/// The authorizers of `modes`, in order, after the group that may do everything; and what is known of roles, which
/// escalation checks need whatever the modes are.
pub(super) fn authorizer(
    modes: &[String],
    registry: &Arc<Registry>,
) -> (Arc<dyn Authorizer>, Arc<RbacAuthorizer>) {
    let lookup = || Arc::clone(registry) as Arc<dyn Lookup>;
    let roles = Arc::new(RbacAuthorizer::new(lookup()));
    for plural in RBAC_RESOURCES {
        let told = Arc::clone(&roles);
        let change = move |change: Change<'_>| match change {
            Change::Anything => told.changed_all(),
            Change::Object(namespace, name) => told.changed(plural, namespace, name),
        };
        tokio::spawn(follow(Arc::clone(registry), (rbac::GROUP, plural), change));
    }
    let mut authorizers: Vec<Arc<dyn Authorizer>> = vec![Arc::new(PrivilegedGroup)];
    for mode in modes {
        authorizers.push(match mode.as_str() {
            "AlwaysAllow" => Arc::new(AlwaysAllow),
            "Node" => node(registry, lookup()),
            "RBAC" => Arc::clone(&roles) as Arc<dyn Authorizer>,
            _ => Arc::new(AlwaysDeny),
        });
    }
    (Arc::new(Chain::new(authorizers)), roles)
}

fn node(registry: &Arc<Registry>, lookup: Arc<dyn Lookup>) -> Arc<NodeAuthorizer> {
    let nodes = Arc::new(NodeAuthorizer::new(lookup));
    for plural in NODE_RESOURCES {
        let told = Arc::clone(&nodes);
        let change = move |change: Change<'_>| match change {
            Change::Anything => told.changed_all(),
            Change::Object(namespace, name) => told.changed(plural, namespace, name),
        };
        tokio::spawn(follow(Arc::clone(registry), ("", plural), change));
    }
    nodes
}

/// What has changed.
#[derive(Clone, Copy)]
enum Change<'a> {
    /// Perhaps everything.
    Anything,
    /// The object of this namespace and name.
    Object(&'a str, &'a str),
}

/// Tells of every change of a resource's objects.
async fn follow(
    registry: Arc<Registry>,
    (group, plural): (&'static str, &'static str),
    changed: impl Fn(Change<'_>) + Send,
) {
    let Some(resource) = registry.resources().preferred(group, plural).cloned() else { return };
    let request = Request {
        verb: Verb::Watch,
        resource,
        subresource: None,
        namespace: "".into(),
        name: "".into(),
        user: Arc::new(User::default()),
        user_agent: "capstan/authorizer".into(),
    };
    loop {
        let watch = registry.watch(&request, &ListOptions::default()).await;
        changed(Change::Anything);
        let Ok(mut watch) = watch else { return };
        while let Ok(events) = watch.cursor.next().await {
            for object in events.iter().filter_map(|event| event.object()) {
                changed(Change::Object(object.namespace(), object.name()));
            }
        }
    }
}
