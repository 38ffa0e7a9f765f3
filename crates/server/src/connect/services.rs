//! Where a service's endpoints are.

use object::Value;
use registry::Lookup;
use status::{Result, Status};

use super::target_id::TargetId;
use super::{Way, find};
use crate::proxy::Target;

/// Where a request to `id` is proxied: to a ready endpoint of the service's port that is a pod's.
pub(super) fn proxy(lookup: &dyn Lookup, namespace: &str, id: &str) -> Result<Way> {
    let text = id;
    let id = TargetId::parse(text, "service")?;
    let service = find(lookup, "services", namespace, id.name)?;
    let port = port_name(&service, &id)?;
    // The error of the original names the service, whichever of the two is not there.
    let endpoints = lookup
        .get("", "endpoints", namespace, id.name)
        .ok_or_else(|| Status::not_found("", "services", id.name))?;
    let mut endpoints = serving(&endpoints, &port);
    endpoints.retain(|endpoint| endpoint.is_pods(lookup, namespace));
    let any = usize::from(meta::new_uid(&meta::SystemRandomness).bytes().next().unwrap_or(0));
    let chosen = endpoints.get(any % endpoints.len().max(1)).ok_or_else(|| {
        let service = status::go_quote(text);
        Status::service_unavailable(format!("no endpoints available for service {service}"))
    })?;
    let target = Target {
        secure: id.secure(),
        host: chosen.address.clone(),
        port: chosen.port.to_string(),
        name: None,
        path: String::new(),
    };
    Ok(Way { target, kubelet: false })
}

/// The name of the port that is asked for by number or by name.
fn port_name(service: &Value, id: &TargetId<'_>) -> Result<String> {
    let Ok(number) = id.port.parse::<i64>() else { return Ok(id.port.to_owned()) };
    let mut ports = service.items_at(["spec", "ports"]).iter();
    match ports.find(|port| port.get("port").and_then(Value::as_i64) == Some(number)) {
        Some(port) => Ok(port.str_at(["name"]).to_owned()),
        None => {
            let name = status::go_quote(id.name);
            Err(Status::service_unavailable(format!("no service port {number} found for service {name}")))
        }
    }
}

/// An address that serves a port.
struct Endpoint {
    address: String,
    port: i64,
    /// The kind, namespace and name of what is there.
    target: (String, String, String),
}

impl Endpoint {
    fn new(address: &str, port: Option<i64>, target: Option<&Value>) -> Option<Endpoint> {
        let target = target?;
        let text = |field| target.str_at([field]).to_owned();
        Some(Endpoint {
            address: address.to_owned(),
            port: port?,
            target: (text("kind"), text("namespace"), text("name")),
        })
    }

    /// Whether it is the address of a pod of the namespace: nobody may have requests proxied to where they like.
    fn is_pods(&self, lookup: &dyn Lookup, namespace: &str) -> bool {
        let (kind, target_namespace, name) = &self.target;
        kind == "Pod"
            && target_namespace == namespace
            && lookup.get("", "pods", namespace, name).is_some_and(|pod| {
                let addresses = pod.items_at(["status", "podIPs"]);
                addresses.iter().any(|one| one.str_at(["ip"]) == self.address)
                    || pod.str_at(["status", "podIP"]) == self.address
            })
    }
}

/// The addresses that serve the port.
fn serving(endpoints: &Value, port: &str) -> Vec<Endpoint> {
    let subsets = endpoints.items_at(["subsets"]).iter();
    let found = subsets.flat_map(|subset| {
        let ports = subset.items_at(["ports"]);
        let port = ports.iter().find(|one| one.str_at(["name"]) == port);
        let number = port.and_then(|port| port.get("port")).and_then(Value::as_i64);
        let addresses = subset.items_at(["addresses"]).iter();
        addresses.filter_map(move |address| {
            Endpoint::new(address.str_at(["ip"]), number, address.get("targetRef"))
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_port_count() {
        let endpoints = object::json::parse(
            br#"{"subsets":[{"addresses":[{"ip":"10.0.0.1","targetRef":{"kind":"Pod"}},{"ip":"10.0.0.2"}],"ports":[{"name":"q","port":1}]}]}"#,
        )
        .expect("JSON");
        let addresses = |port| {
            serving(&endpoints, port).into_iter().map(|one| (one.address, one.port)).collect::<Vec<_>>()
        };
        assert_eq!(addresses("q"), [("10.0.0.1".to_owned(), 1)]);
        assert!(addresses("").is_empty());
    }
}
