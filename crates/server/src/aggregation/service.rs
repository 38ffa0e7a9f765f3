//! What an APIService says, and where the service that it names is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object::Value;
use outgoing::Target;
use registry::Lookup;

/// The group of APIServices.
pub(super) const GROUP: &str = "apiregistration.k8s.io";
/// Their plural.
pub(super) const PLURAL: &str = "apiservices";
const SERVICE_LABEL: &str = "kubernetes.io/service-name";

/// Where a request for `path` to a port of a service is sent: to one of its endpoints, or to its own address. Nothing if
/// the service is not there or has no address.
pub fn service_target(
    lookup: &dyn Lookup,
    (namespace, name, port): (&str, &str, i64),
    by_endpoints: bool,
    path: &str,
) -> Option<Target> {
    let service = Service { namespace: namespace.to_owned(), name: name.to_owned(), port };
    service.resolve(lookup, by_endpoints, path)
}

/// One version of a group, and who serves it.
#[derive(Clone, Debug)]
pub(crate) struct ApiService {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) group_priority: i64,
    pub(crate) version_priority: i64,
    /// Nothing if it is served here.
    pub(crate) service: Option<Service>,
    /// Whom to believe: the authorities in PEM; `None` takes any certificate, empty are those of the system.
    pub(crate) authorities: Option<Vec<u8>>,
    pub(crate) available: bool,
}

/// A service in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) port: i64,
}

impl ApiService {
    /// Reads an APIService.
    pub(crate) fn read(object: &Value) -> ApiService {
        let number = |field| object.at(["spec", field]).and_then(Value::as_i64).unwrap_or(0);
        let service = object.at(["spec", "service"]).filter(|service| !service.is_null());
        let insecure = object.at(["spec", "insecureSkipTLSVerify"]).and_then(Value::as_bool).unwrap_or(false);
        let bundle = STANDARD.decode(object.str_at(["spec", "caBundle"])).unwrap_or_default();
        let mut conditions = object.items_at(["status", "conditions"]).iter();
        let available = conditions.find(|one| one.str_at(["type"]) == "Available");
        ApiService {
            name: object.str_at(["metadata", "name"]).to_owned(),
            group: object.str_at(["spec", "group"]).to_owned(),
            version: object.str_at(["spec", "version"]).to_owned(),
            group_priority: number("groupPriorityMinimum"),
            version_priority: number("versionPriority"),
            service: service.map(|service| Service {
                namespace: service.str_at(["namespace"]).to_owned(),
                name: service.str_at(["name"]).to_owned(),
                port: service.get("port").and_then(Value::as_i64).unwrap_or(443),
            }),
            authorities: (!insecure).then_some(bundle),
            available: available.is_some_and(|one| one.str_at(["status"]) == "True"),
        }
    }

    /// All there are.
    pub(crate) fn all(lookup: &dyn Lookup) -> Vec<ApiService> {
        lookup.list(GROUP, PLURAL, "").iter().map(ApiService::read).collect()
    }
}

impl Service {
    /// Where a request for `path` is sent: to an endpoint, or to the service's own address. Nothing if the service is
    /// not there or has no address.
    pub(crate) fn resolve(&self, lookup: &dyn Lookup, by_endpoints: bool, path: &str) -> Option<Target> {
        let service = lookup.get("", "services", &self.namespace, &self.name)?;
        let external = service.str_at(["spec", "type"]) == "ExternalName";
        let (host, port) = match (external, by_endpoints) {
            (true, _) => (service.str_at(["spec", "externalName"]).to_owned(), self.port),
            (false, true) => self.endpoint(lookup, &service)?,
            (false, false) => (service.str_at(["spec", "clusterIP"]).to_owned(), self.port),
        };
        if host.is_empty() || host == "None" {
            return None;
        }
        Some(Target {
            secure: true,
            host,
            port: port.to_string(),
            name: Some(format!("{}.{}.svc", self.name, self.namespace)),
            path: path.to_owned(),
        })
    }

    /// A ready endpoint of the port.
    fn endpoint(&self, lookup: &dyn Lookup, service: &Value) -> Option<(String, i64)> {
        let mut ports = service.items_at(["spec", "ports"]).iter();
        let port = ports.find(|port| port.get("port").and_then(Value::as_i64) == Some(self.port))?;
        let name = port.str_at(["name"]);
        let slices = lookup.list("discovery.k8s.io", "endpointslices", &self.namespace);
        let own = slices.iter().filter(|one| one.str_at(["metadata", "labels", SERVICE_LABEL]) == self.name);
        let mut found = own.filter_map(|slice| {
            let port = slice.items_at(["ports"]).iter().find(|port| port.str_at(["name"]) == name)?;
            let ready = slice.items_at(["endpoints"]).iter().find(|endpoint| {
                endpoint.at(["conditions", "ready"]).and_then(Value::as_bool).unwrap_or(true)
            })?;
            let address = ready.items_at(["addresses"]).first()?.as_str()?;
            Some((address.to_owned(), port.get("port")?.as_i64()?))
        });
        found.next()
    }
}
