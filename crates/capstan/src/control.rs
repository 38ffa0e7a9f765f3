//! What stands behind the server: the store, the registry over it, and the objects a fresh server has.

use std::io;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use cache::Caches;
use kinds::bootstrap;
use meta::{Clock, SystemClock, SystemRandomness};
use registry::{Registry, Resources};
use storage::{Compactor, Embedded, Store};

/// Opens the store in `data_directory` and serves every built-in kind from it. History is given up when it is older
/// than `compaction_interval`; zero keeps it for ever.
///
/// # Errors
/// If the store's files can't be read or written; the text names the file.
pub async fn open(data_directory: &Path, compaction_interval: Duration) -> io::Result<Arc<Registry>> {
    let options =
        storage::Options { directory: Some(data_directory.join("store")), ..storage::Options::ephemeral() };
    let store = tokio::task::spawn_blocking(move || Embedded::open(options))
        .await
        .map_err(io::Error::other)?
        .map_err(io::Error::other)?;
    let store: Arc<dyn Store> = Arc::new(store);
    if !compaction_interval.is_zero() {
        tokio::spawn(compact(Arc::downgrade(&store), compaction_interval));
    }
    let caches = Caches::follow(Arc::clone(&store), cache::Options::default());
    let registry = Registry::new(store, caches, Arc::new(SystemClock), Arc::new(SystemRandomness));
    let resources = kinds::resources(&schema::builtin()).into_iter().map(Arc::new).collect();
    registry.serve(Resources::new(resources)).await.map_err(io::Error::other)?;
    for (group, resource, subresource, creator) in kinds::creators() {
        registry.set_creator(group, resource, subresource, creator);
    }
    Ok(Arc::new(registry))
}

/// Compacts the store every `interval`, for as long as anybody else has it.
async fn compact(store: Weak<dyn Store>, interval: Duration) {
    let Some(mut compactor) = store.upgrade().map(|store| Compactor::new(&*store)) else { return };
    loop {
        tokio::time::sleep(interval).await;
        let Some(store) = store.upgrade() else { return };
        match compactor.step(&*store).await {
            Ok(revision) => tracing::debug!(revision, "compacted the store"),
            Err(error) => tracing::warn!(%error, "can't compact the store, trying again later"),
        }
    }
}

/// Writes the objects that a server has from the start and that are not there. `authentication` is what aggregated API
/// servers are told of who is to be believed.
///
/// # Errors
/// If the store does not take them.
pub async fn furnish(
    registry: &Registry,
    address: std::net::SocketAddr,
    service_ranges: Vec<String>,
    authentication: Vec<(String, String)>,
) -> io::Result<()> {
    let settings = bootstrap::Settings {
        address: address.ip(),
        port: address.port(),
        service_ranges,
        authentication,
        now: SystemClock.now().to_string(),
    };
    bootstrap::ensure(registry, &settings).await.map_err(io::Error::other)?;
    Ok(())
}
