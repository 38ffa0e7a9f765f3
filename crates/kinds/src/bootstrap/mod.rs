//! What a server has before anybody writes to it: namespaces, RBAC policy, flow control, priorities, API services and
//! its own service. The tables are in `data/bootstrap`.

mod cluster;
mod flow_control;
mod policy;
mod table;

use std::net::IpAddr;

pub(crate) use flow_control::{flow_schema_spec, priority_level_spec};
use object::Value;
use registry::{Given, Registry};
use status::Result;

/// What the objects of a fresh server depend on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address at which members of the cluster reach the server (`--advertise-address`).
    pub address: IpAddr,
    /// The port there (`--secure-port`).
    pub port: u16,
    /// The ranges that services get addresses from (`--service-cluster-ip-range`), the primary one first.
    pub service_ranges: Vec<String>,
    /// The data of `kube-system/extension-apiserver-authentication`, which tells extension servers whom to trust;
    /// none where there are no client certificates.
    pub authentication: Vec<(String, String)>,
    /// The time, RFC 3339 with seconds.
    pub now: String,
}

/// The manager of most objects.
const SERVER: &str = "kube-apiserver";

/// The objects of a fresh server, in the order in which they are made.
pub fn bootstrap(settings: &Settings) -> Vec<Given> {
    let mut objects = cluster::objects(settings);
    objects.extend(policy::objects());
    objects.extend(flow_control::objects(&settings.now));
    objects
}

/// Makes the objects of a fresh server that are absent, and answers how many those were. The registry must serve
/// the built-in kinds already.
pub async fn ensure(registry: &Registry, settings: &Settings) -> Result<usize> {
    registry.ensure(&bootstrap(settings)).await
}

/// An object that the server itself is recorded as the writer of.
fn given((group, version, resource): (&'static str, &'static str, &'static str), object: Value) -> Given {
    Given { group, version, resource, object, manager: SERVER, status_manager: "" }
}
