//! `/metrics`: what is measured, under kube-apiserver's names, in Prometheus' text format.
//!
//! Counting is a look into a table that is read without a lock and an atomic addition; a lock is taken only when a
//! series is seen for the first time. The number of series is bounded.

mod process;
mod series;

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use access::authorization::Attributes;
pub(crate) use series::Count;
use series::{Durations, Family};

use crate::api::{Api, Served};
use crate::exchange::Exchange;

/// What is counted while requests are answered.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Family<Count>,
    durations: Family<Durations>,
    long_running: Family<Count>,
    watch_events: Family<Count>,
    /// Handshakes that failed.
    pub(crate) handshake_errors: Count,
}

/// A long-running request; it is no longer counted when this is dropped.
pub(crate) struct LongRunning(Arc<Count>);

impl Drop for LongRunning {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// Counts a request that was answered with `code` after `time`.
    pub(crate) fn answered(&self, exchange: &Exchange, served: &Served, code: u16, time: Duration) {
        let labels = labels(exchange, served);
        if !exchange.info.long_running() {
            self.durations.with(&labels, |durations| durations.add(time));
        }
        self.requests.with(&format!("{labels},code=\"{code}\""), Count::add);
    }

    /// Counts a request as under way for as long as the answer is kept.
    pub(crate) fn long_running(&self, request: &registry::Request) -> LongRunning {
        let resource = &request.resource;
        let labels = format!(
            "component=\"apiserver\",group=\"{}\",resource=\"{}\",scope=\"{}\",subresource=\"\",verb=\"WATCH\",version=\"{}\"",
            resource.group,
            resource.resource,
            scope(&request.name, &request.namespace, true),
            resource.version
        );
        let count = self.long_running.get(&labels);
        count.add();
        LongRunning(count)
    }

    /// Where the events of watches on `resource` are counted.
    pub(crate) fn watch_events(&self, resource: &registry::Resource) -> Arc<Count> {
        let (group, version, name) = (&resource.group, &resource.version, &resource.resource);
        self.watch_events.get(&format!("group=\"{group}\",resource=\"{name}\",version=\"{version}\""))
    }
}

/// The labels of a request. Names that nobody serves are left out: clients must not be able to invent series.
fn labels(exchange: &Exchange, served: &Served) -> String {
    let Attributes { group, version, resource, subresource, verb, .. } = exchange.attributes();
    let known = served.catalog.group(group).is_some_and(|known| {
        let mut resources =
            known.versions.iter().filter(|known| known.name == version).flat_map(|v| &v.resources);
        resources.any(|known| {
            let mut below = known.subresources.iter();
            known.resource == resource
                && (subresource.is_empty() || below.any(|known| known.name == subresource))
        })
    });
    let info = &exchange.info;
    let (group, version, resource, subresource, scope) = match known && info.resource_request {
        true => {
            let collection = matches!(verb, "list" | "watch" | "deletecollection");
            (group, version, resource, subresource, scope(&info.name, &info.namespace, collection))
        }
        false => ("", "", "", "", ""),
    };
    let dry_run = if exchange.query.get("dryRun") == Some("All") { "All" } else { "" };
    format!(
        "component=\"apiserver\",dry_run=\"{dry_run}\",group=\"{group}\",resource=\"{resource}\",\
         scope=\"{scope}\",subresource=\"{subresource}\",verb=\"{}\",version=\"{version}\"",
        shown_verb(exchange, known)
    )
}

/// The verb as metrics have it: that of HTTP, or what it stands for.
fn shown_verb(exchange: &Exchange, known: bool) -> &'static str {
    match (exchange.info.verb.as_str(), exchange.parts.method.as_str()) {
        ("list", _) if known => "LIST",
        ("watch", _) if known => "WATCH",
        ("deletecollection", _) if known => "DELETECOLLECTION",
        ("patch", _)
            if exchange
                .header(http::header::CONTENT_TYPE)
                .is_some_and(|text| text.contains("apply-patch")) =>
        {
            "APPLY"
        }
        (_, "GET") => "GET",
        (_, "HEAD") => "HEAD",
        (_, "POST") => "POST",
        (_, "PUT") => "PUT",
        (_, "PATCH") => "PATCH",
        (_, "DELETE") => "DELETE",
        (_, "OPTIONS") => "OPTIONS",
        _ => "other",
    }
}

fn scope(name: &str, namespace: &str, collection: bool) -> &'static str {
    match (name.is_empty() || collection, namespace.is_empty()) {
        (false, _) => "resource",
        (true, false) => "namespace",
        (true, true) => "cluster",
    }
}

/// The page.
pub(crate) fn page(api: &Api) -> String {
    let mut out = String::new();
    let metrics = &api.metrics;
    metrics.requests.write(&mut out, "apiserver_request_total", "counter", "Requests answered.");
    metrics.durations.write(
        &mut out,
        "apiserver_request_duration_seconds",
        "histogram",
        "How long answers took, watches and streams apart.",
    );
    metrics.long_running.write(&mut out, "apiserver_longrunning_requests", "gauge", "Watches that are open.");
    metrics.watch_events.write(
        &mut out,
        "apiserver_watch_events_total",
        "counter",
        "Events sent to watches.",
    );
    head(&mut out, "apiserver_current_inflight_requests", "gauge", "Requests being answered.");
    for (kind, limit) in [("mutating", &api.writes), ("readOnly", &api.reads)] {
        let _ = writeln!(
            out,
            "apiserver_current_inflight_requests{{request_kind=\"{kind}\"}} {}",
            limit.under_way()
        );
    }
    head(&mut out, "apiserver_tls_handshake_errors_total", "counter", "TLS handshakes that failed.");
    let errors = metrics.handshake_errors.0.load(Ordering::Relaxed);
    let _ = writeln!(out, "apiserver_tls_handshake_errors_total {errors}");
    objects(&mut out, api);
    build(&mut out);
    process::write(&mut out);
    out
}

/// How many objects of each stored resource there are.
fn objects(out: &mut String, api: &Api) {
    let resources = api.registry.resources();
    let mut counts: Vec<(String, String, usize)> = resources
        .iter()
        .filter(|resource| resource.storage.is_some())
        .filter_map(|resource| {
            let count = api.registry.cache(resource).ok()?.snapshot().count("");
            Some((resource.group.to_string(), resource.resource.to_string(), count))
        })
        .collect();
    counts.sort();
    counts.dedup_by(|a, b| (&a.0, &a.1) == (&b.0, &b.1));
    head(out, "apiserver_storage_objects", "gauge", "Objects in the store.");
    for (group, resource, count) in &counts {
        let dot = if group.is_empty() { "" } else { "." };
        let _ = writeln!(out, "apiserver_storage_objects{{resource=\"{resource}{dot}{group}\"}} {count}");
    }
    head(out, "apiserver_resource_objects", "gauge", "Objects in the store.");
    for (group, resource, count) in &counts {
        let _ =
            writeln!(out, "apiserver_resource_objects{{group=\"{group}\",resource=\"{resource}\"}} {count}");
    }
}

fn build(out: &mut String) {
    let version = crate::version::KUBERNETES;
    let mut numbers = version.trim_start_matches('v').split('.');
    let (major, minor) = (numbers.next().unwrap_or(""), numbers.next().unwrap_or(""));
    head(out, "kubernetes_build_info", "gauge", "1, with the version as labels.");
    let _ = writeln!(
        out,
        "kubernetes_build_info{{git_version=\"{version}\",major=\"{major}\",minor=\"{minor}\",platform=\"{}/{}\"}} 1",
        std::env::consts::OS,
        std::env::consts::ARCH
    );
}

/// What stands above the series of a metric.
fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}
