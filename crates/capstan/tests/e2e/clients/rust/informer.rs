//! An informer over the labelled config maps of a namespace; writes what it is told, a line each.
//!
//! Usage: informer NAMESPACE, with KUBECONFIG set.

use std::collections::BTreeSet;

use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{Config, Event, watcher};
use kube::{Api, Client, ResourceExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let namespace = std::env::args().nth(1).ok_or("usage: informer NAMESPACE")?;
    let api: Api<ConfigMap> = Api::namespaced(Client::try_default().await?, &namespace);
    let mut events = watcher(api, Config::default().labels("informed=yes")).default_backoff().boxed();
    let mut known = BTreeSet::new();
    while let Some(event) = events.next().await {
        let (event, object) = match event {
            Ok(Event::Apply(object) | Event::InitApply(object)) => {
                (if known.insert(object.name_any()) { "ADDED" } else { "MODIFIED" }, object)
            }
            Ok(Event::Delete(object)) => {
                known.remove(&object.name_any());
                ("DELETED", object)
            }
            // The watcher connects again by itself.
            Ok(Event::Init | Event::InitDone) | Err(_) => continue,
        };
        println!("{event} {} {}", object.name_any(), object.data.unwrap_or_default()["round"]);
    }
    Ok(())
}
