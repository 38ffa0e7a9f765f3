//! What every namespace has: the `default` service account, and the certificate that pods trust.

use std::sync::Arc;

use object::{Map, Value};
use registry::Resource;

use crate::Settings;
use crate::client::{Client, read};

const ROOT_CERTIFICATE: &str = "kube-root-ca.crt";

/// Follows namespaces, and puts back what is removed from them.
pub(crate) async fn run(client: Client, settings: Settings) {
    let kinds = [("", "namespaces"), ("", "serviceaccounts"), ("", "configmaps")];
    let [Some(namespaces), Some(accounts), Some(maps)] =
        kinds.map(|(group, plural)| client.resource(group, plural))
    else {
        return;
    };
    let keeper = Keeper { client, namespaces, accounts, maps, settings };
    tokio::join!(
        keeper.follow(&keeper.namespaces),
        keeper.follow(&keeper.accounts),
        keeper.follow(&keeper.maps)
    );
}

struct Keeper {
    client: Client,
    namespaces: Arc<Resource>,
    accounts: Arc<Resource>,
    maps: Arc<Resource>,
    settings: Settings,
}

impl Keeper {
    /// Looks at the namespace of whatever changes in a resource that matters here.
    async fn follow(&self, resource: &Arc<Resource>) {
        let namespaces = Arc::ptr_eq(resource, &self.namespaces);
        loop {
            let Ok(mut watch) = self.client.watch(resource).await else { return };
            for object in std::mem::take(&mut watch.initial).iter().filter(|_| namespaces) {
                self.complete(object.name()).await;
            }
            while let Ok(events) = watch.cursor.next().await {
                for event in &events {
                    let Some(object) = event.object() else { continue };
                    let gone = event.event.current.is_none();
                    match (namespaces, gone) {
                        (true, false) => self.complete(object.name()).await,
                        (false, true) if matches!(object.name(), "default" | ROOT_CERTIFICATE) => {
                            self.complete(object.namespace()).await;
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// Makes what a namespace lacks, unless it is going.
    async fn complete(&self, namespace: &str) {
        let found =
            self.client.list(&self.namespaces, "").into_iter().find(|object| object.name() == namespace);
        let Some(known) = found.and_then(|object| read(&object)) else { return };
        if registry::metadata::is_deleting(&known) {
            return;
        }
        let account = named("default");
        let mut made = vec![(&self.accounts, account)];
        if !self.settings.root_authority.is_empty() {
            let mut map = named(ROOT_CERTIFICATE);
            map.object_at("data").insert("ca.crt", self.settings.root_authority.as_str());
            map.object_at("metadata").insert(
                "annotations",
                Map::from_iter([(
                    "kubernetes.io/description",
                    "Holds the certificates that verify the API server; put here anew when it is removed.",
                )]),
            );
            made.push((&self.maps, map));
        }
        for (resource, object) in made {
            let name = registry::metadata::name(&object).to_owned();
            let there = self.client.list(resource, namespace).iter().any(|known| known.name() == name);
            if there {
                continue;
            }
            if let Err(error) = self.client.create(resource, namespace, &object).await {
                tracing::debug!(namespace, name, %error, "can't complete a namespace");
            }
        }
    }
}

fn named(name: &str) -> Value {
    let mut object = Value::object();
    object.object_at("metadata").insert("name", name);
    object
}
