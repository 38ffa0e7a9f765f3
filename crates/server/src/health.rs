//! `/healthz`, `/livez` and `/readyz` with their checks, under the names kube-apiserver's checks have.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::respond::{self, Answer};
use crate::url::Query;

/// One of the three endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/healthz`.
    Healthz,
    /// `/livez`.
    Livez,
    /// `/readyz`.
    Readyz,
}

/// What the checks look at.
#[derive(Debug, Default)]
pub struct Health {
    started: AtomicBool,
    stopping: AtomicBool,
    store_broken: AtomicBool,
}

/// What a check looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Probe {
    /// Nothing: it passes as soon as there is an answer at all.
    Alive,
    /// The store answers.
    Store,
    /// What has to happen at start has happened.
    Started,
    /// No shutdown has begun.
    Staying,
}

/// Where a check is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All three endpoints.
    All,
    /// `/healthz` and `/livez`.
    Alive,
    /// `/readyz`.
    Ready,
}

const CHECKS: &[(&str, Part, Probe)] = &[
    ("ping", Part::All, Probe::Alive),
    ("log", Part::All, Probe::Alive),
    ("loopback-serving-certificate", Part::Alive, Probe::Alive),
    ("etcd", Part::Alive, Probe::Store),
    ("informer-sync", Part::Ready, Probe::Started),
    ("poststarthook/start-apiserver-admission-initializer", Part::All, Probe::Started),
    ("poststarthook/generic-apiserver-start-informers", Part::All, Probe::Started),
    ("poststarthook/priority-and-fairness-config-consumer", Part::All, Probe::Started),
    ("poststarthook/priority-and-fairness-filter", Part::All, Probe::Started),
    ("poststarthook/storage-object-count-tracker-hook", Part::All, Probe::Started),
    ("poststarthook/start-apiextensions-informers", Part::All, Probe::Started),
    ("poststarthook/start-apiextensions-controllers", Part::All, Probe::Started),
    ("poststarthook/crd-informer-synced", Part::All, Probe::Started),
    ("poststarthook/start-system-namespaces-controller", Part::All, Probe::Started),
    ("poststarthook/peer-endpoint-reconciler-controller", Part::All, Probe::Started),
    ("poststarthook/start-cluster-authentication-info-controller", Part::All, Probe::Started),
    ("poststarthook/start-kube-apiserver-identity-lease-controller", Part::All, Probe::Started),
    ("poststarthook/start-kube-apiserver-identity-lease-garbage-collector", Part::All, Probe::Started),
    ("poststarthook/storage-readiness", Part::All, Probe::Store),
    ("poststarthook/start-legacy-token-tracking-controller", Part::All, Probe::Started),
    ("poststarthook/start-service-ip-repair-controllers", Part::All, Probe::Started),
    ("poststarthook/rbac/bootstrap-roles", Part::All, Probe::Started),
    ("poststarthook/scheduling/bootstrap-system-priority-classes", Part::All, Probe::Started),
    ("poststarthook/priority-and-fairness-config-producer", Part::All, Probe::Started),
    ("poststarthook/bootstrap-controller", Part::All, Probe::Started),
    ("poststarthook/start-kubernetes-service-cidr-controller", Part::All, Probe::Started),
    ("poststarthook/start-kube-aggregator-informers", Part::All, Probe::Started),
    ("poststarthook/apiservice-status-local-available-controller", Part::All, Probe::Started),
    ("poststarthook/apiservice-status-remote-available-controller", Part::All, Probe::Started),
    ("poststarthook/apiservice-registration-controller", Part::All, Probe::Started),
    ("poststarthook/apiservice-wait-for-first-sync", Part::All, Probe::Started),
    ("poststarthook/apiservice-discovery-controller", Part::All, Probe::Started),
    ("poststarthook/kube-apiserver-autoregistration", Part::All, Probe::Started),
    ("autoregister-completion", Part::All, Probe::Started),
    ("poststarthook/apiservice-openapi-controller", Part::All, Probe::Started),
    ("poststarthook/apiservice-openapiv3-controller", Part::All, Probe::Started),
    ("shutdown", Part::Ready, Probe::Staying),
];

impl Endpoint {
    /// The endpoint that `path` belongs to, and the check it names (empty for all of them).
    pub fn of(path: &str) -> Option<(Endpoint, &str)> {
        let endpoints =
            [("/healthz", Endpoint::Healthz), ("/livez", Endpoint::Livez), ("/readyz", Endpoint::Readyz)];
        endpoints.into_iter().find_map(|(prefix, endpoint)| match path.strip_prefix(prefix)? {
            "" => Some((endpoint, "")),
            rest => Some((endpoint, rest.strip_prefix('/').filter(|check| !check.is_empty())?)),
        })
    }

    fn name(self) -> &'static str {
        match self {
            Endpoint::Healthz => "healthz",
            Endpoint::Livez => "livez",
            Endpoint::Readyz => "readyz",
        }
    }

    fn has(self, part: Part) -> bool {
        match part {
            Part::All => true,
            Part::Alive => self != Endpoint::Readyz,
            Part::Ready => self == Endpoint::Readyz,
        }
    }

    fn checks(self) -> impl Iterator<Item = (&'static str, Probe)> {
        CHECKS.iter().filter(move |check| self.has(check.1)).map(|check| (check.0, check.2))
    }
}

impl Health {
    /// Everything that has to happen at start has happened.
    pub fn set_started(&self) {
        self.started.store(true, Ordering::Release);
    }

    /// A shutdown has begun: not ready any more.
    pub fn set_stopping(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// The store answers, or does not.
    pub fn set_store(&self, fine: bool) {
        self.store_broken.store(!fine, Ordering::Release);
    }

    /// Whether everything that has to happen at start has happened.
    pub fn is_started(&self) -> bool {
        self.started.load(Ordering::Acquire)
    }

    fn passes(&self, probe: Probe) -> bool {
        match probe {
            Probe::Alive => true,
            Probe::Store => !self.store_broken.load(Ordering::Acquire),
            Probe::Started => self.is_started(),
            Probe::Staying => !self.stopping.load(Ordering::Acquire),
        }
    }

    /// The answer of `endpoint`, or of its check `name` unless that is empty.
    pub fn answer(&self, endpoint: Endpoint, name: &str, query: &Query) -> Answer {
        if name.is_empty() {
            return self.all(endpoint, query);
        }
        match endpoint.checks().find(|check| check.0 == name) {
            None => respond::no_such_page(),
            Some((_, probe)) if self.passes(probe) => respond::text(200, "ok"),
            Some((name, _)) => respond::text(500, format!("internal server error: {name} is not passing\n")),
        }
    }

    fn all(&self, endpoint: Endpoint, query: &Query) -> Answer {
        let mut report = String::new();
        let mut passed = true;
        for (name, probe) in endpoint.checks() {
            let line = if query.all("exclude").any(|excluded| excluded == name) {
                format!("[+]{name} excluded: ok\n")
            } else if self.passes(probe) {
                format!("[+]{name} ok\n")
            } else {
                passed = false;
                format!("[-]{name} failed: reason withheld\n")
            };
            report.push_str(&line);
        }
        let unknown: Vec<String> = query
            .all("exclude")
            .filter(|excluded| !endpoint.checks().any(|check| check.0 == *excluded))
            .map(status::go_quote)
            .collect();
        if !unknown.is_empty() {
            report.push_str(&format!(
                "warn: some health checks cannot be excluded: no matches for {}\n",
                unknown.join(", ")
            ));
        }
        match (passed, query.get("verbose")) {
            (true, None) => respond::text(200, "ok"),
            (true, Some(_)) => respond::text(200, format!("{report}{} check passed\n", endpoint.name())),
            (false, _) => respond::text(500, format!("{report}{} check failed\n", endpoint.name())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(health: &Health, path: &str) -> u16 {
        Endpoint::of(path).map_or(404, |(endpoint, name)| {
            health.answer(endpoint, name, &Query::default()).status().as_u16()
        })
    }

    #[test]
    fn a_start_and_a_stop() {
        let health = Health::default();
        assert_eq!((code(&health, "/livez/ping"), code(&health, "/readyz")), (200, 500));
        health.set_started();
        assert_eq!((code(&health, "/livez"), code(&health, "/readyz")), (200, 200));
        health.set_stopping();
        assert_eq!((code(&health, "/livez"), code(&health, "/readyz")), (200, 500));
        assert_eq!((code(&health, "/readyz/shutdown"), code(&health, "/readyz/ping")), (500, 200));
    }

    #[test]
    fn only_known_checks_have_a_page() {
        let health = Health::default();
        health.set_started();
        for (path, expected) in [
            ("/livez/etcd", 200),
            ("/readyz/etcd", 404),
            ("/healthz/shutdown", 404),
            ("/livez/", 404),
            ("/livez/ping/", 404),
            ("/livezz", 404),
        ] {
            assert_eq!(code(&health, path), expected, "{path}");
        }
    }
}
