//! Where a node's kubelet is.

use object::Value;
use registry::Lookup;
use status::{Result, Status};

use super::target_id::{TargetId, check_address};
use super::{Way, find};
use crate::api::Api;
use crate::proxy::Target;

/// Where kubelets listen that do not say otherwise.
const KUBELET_PORT: i64 = 10250;

/// The kubelet of a node.
pub(super) fn kubelet(api: &Api, node: &str) -> Result<Target> {
    let node = find(&*api.registry as &dyn Lookup, "nodes", "", node)?;
    let port = node.at(["status", "daemonEndpoints", "kubeletEndpoint", "Port"]).and_then(Value::as_i64);
    Ok(Target {
        secure: true,
        host: address(&node, &api.backends.address_types)?,
        port: port.filter(|port| *port > 0).unwrap_or(KUBELET_PORT).to_string(),
        name: None,
        path: String::new(),
    })
}

/// The first address of the best type.
fn address(node: &Value, types: &[String]) -> Result<String> {
    let known = node.items_at(["status", "addresses"]);
    let found = types.iter().find_map(|wanted| known.iter().find(|one| one.str_at(["type"]) == wanted));
    match found {
        Some(address) => Ok(address.str_at(["address"]).to_owned()),
        None => {
            let known: Vec<String> = known
                .iter()
                .map(|one| format!("{{{} {}}}", one.str_at(["type"]), one.str_at(["address"])))
                .collect();
            Err(Status::unknown(format_args!(
                "no preferred addresses found; known addresses: [{}]",
                known.join(" ")
            )))
        }
    }
}

/// Where a request to `id` is proxied: to the kubelet, unless another port is asked for.
pub(super) fn proxy(api: &Api, id: &str) -> Result<Way> {
    let id = TargetId::parse(id, "node")?;
    let kubelet = kubelet(api, id.name)?;
    if id.port.is_empty() || id.port == kubelet.port {
        return Ok(Way { target: kubelet, kubelet: true });
    }
    if kubelet.host.parse::<std::net::IpAddr>().is_ok() {
        check_address(&kubelet.host)?;
    }
    let target = Target { secure: id.secure(), port: id.port.to_owned(), ..kubelet };
    Ok(Way { target, kubelet: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_address_counts() {
        let node = object::json::parse(
            br#"{"status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"},{"type":"Hostname","address":"h"}]}}"#,
        )
        .expect("JSON");
        let types = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(address(&node, &types(&["Hostname", "InternalIP"])).ok().as_deref(), Some("h"));
        assert_eq!(address(&node, &types(&["ExternalIP", "InternalIP"])).ok().as_deref(), Some("10.0.0.1"));
        assert_eq!(
            address(&node, &types(&["ExternalIP"])).err().map(|status| status.message).as_deref(),
            Some("no preferred addresses found; known addresses: [{InternalIP 10.0.0.1} {Hostname h}]")
        );
    }
}
