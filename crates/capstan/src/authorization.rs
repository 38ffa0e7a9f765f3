//! Who decides what may be done: the modes of `--authorization-mode`, put together as the server asks them.

use std::sync::Arc;

use access::authorization::{AlwaysAllow, Attributes, Authorizer, Chain, Decision, PrivilegedGroup};
use access::rbac::RbacAuthorizer;
use registry::{ListOptions, Lookup, Registry, Request, User, Verb};
use server::access as serving;

/// The authorizers of `modes`, in order, after the group that may do everything.
pub fn authorizer(modes: &[String], registry: &Arc<Registry>) -> Arc<dyn serving::Authorizer> {
    let mut authorizers: Vec<Arc<dyn Authorizer>> = vec![Arc::new(PrivilegedGroup)];
    for mode in modes {
        match mode.as_str() {
            "AlwaysAllow" => authorizers.push(Arc::new(AlwaysAllow)),
            "RBAC" => {
                let lookup: Arc<dyn Lookup> = Arc::clone(registry) as Arc<dyn Lookup>;
                let rbac = Arc::new(RbacAuthorizer::new(lookup));
                for plural in ["roles", "rolebindings", "clusterroles", "clusterrolebindings"] {
                    tokio::spawn(follow(Arc::clone(registry), plural, Arc::clone(&rbac)));
                }
                authorizers.push(rbac);
            }
            _ => {}
        }
    }
    Arc::new(Adapter(Chain::new(authorizers)))
}

/// Tells `rbac` of every change of a resource.
async fn follow(registry: Arc<Registry>, plural: &'static str, rbac: Arc<RbacAuthorizer>) {
    let Some(resource) = registry.resources().get("rbac.authorization.k8s.io", "v1", plural).cloned() else {
        return;
    };
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
        rbac.changed_all();
        let Ok(mut watch) = watch else { return };
        while let Ok(events) = watch.cursor.next().await {
            for object in events.iter().filter_map(|event| event.object()) {
                rbac.changed(plural, object.namespace(), object.name());
            }
        }
    }
}

/// The chain under the server's own trait.
struct Adapter(Chain);

impl serving::Authorizer for Adapter {
    fn authorize<'a>(
        &'a self,
        attributes: &'a serving::Attributes<'a>,
    ) -> serving::Answer<'a, serving::Decision> {
        Box::pin(async move {
            let attributes = Attributes {
                user: attributes.user,
                verb: attributes.verb,
                resource_request: attributes.resource_request,
                path: attributes.path,
                group: attributes.group,
                version: attributes.version,
                namespace: attributes.namespace,
                resource: attributes.resource,
                subresource: attributes.subresource,
                name: attributes.name,
                field_selector: attributes.field_selector,
                label_selector: attributes.label_selector,
            };
            match self.0.authorize(&attributes).await {
                Decision::Allow(_) => serving::Decision::Allow,
                Decision::Deny(reason) => serving::Decision::Deny(reason),
                Decision::NoOpinion(reason) => serving::Decision::NoOpinion(reason),
            }
        })
    }
}
