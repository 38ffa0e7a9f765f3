//! Namespaces, priority classes, API services, and the `kubernetes` service with what belongs to it.

use std::net::IpAddr;

use object::Value;
use registry::Given;

use super::table::{cell, fields, named, rows, texts};
use super::{Settings, given};

const NAMESPACES: &[&str] = &["default", "kube-node-lease", "kube-public", "kube-system"];
const NAMESPACE_LABEL: &str = "kubernetes.io/metadata.name";
const SERVICE: &str = "kubernetes";
const SERVICE_PORT: i64 = 443;
const RANGE_MANAGER: &str = "kubernetes-service-cidr-controller";

/// Everything that is neither policy nor flow control.
pub(super) fn objects(settings: &Settings) -> Vec<Given> {
    let mut objects: Vec<Given> =
        NAMESPACES.iter().map(|name| given(("", "v1", "namespaces"), namespace(name))).collect();
    let classes = rows(include_str!("../../data/bootstrap/priority-classes.yaml"));
    objects.extend(
        classes.iter().map(|row| given(("scheduling.k8s.io", "v1", "priorityclasses"), priority_class(row))),
    );
    let services = rows(include_str!("../../data/bootstrap/api-services.yaml"));
    objects.extend(
        services.iter().map(|row| given(("apiregistration.k8s.io", "v1", "apiservices"), api_service(row))),
    );
    objects.push(config_map(
        "kube-apiserver-legacy-service-account-token-tracking",
        texts([("since", settings.now.split('T').next().unwrap_or_default())]),
    ));
    if !settings.authentication.is_empty() {
        let pairs = settings.authentication.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        objects.push(config_map("extension-apiserver-authentication", texts(pairs)));
    }
    objects.extend(own_service(settings));
    objects
}

fn namespace(name: &str) -> Value {
    let mut metadata = named("", name);
    metadata.set("labels", texts([(NAMESPACE_LABEL, name)]));
    fields([
        ("metadata", metadata),
        ("spec", fields([("finalizers", vec!["kubernetes".into()].into())])),
        ("status", fields([("phase", "Active".into())])),
    ])
}

fn priority_class(row: &Value) -> Value {
    fields([
        ("metadata", named("", row.str_at(["name"]))),
        ("value", cell(row, "value")),
        ("description", cell(row, "description")),
        ("preemptionPolicy", "PreemptLowerPriority".into()),
    ])
}

fn api_service(row: &Value) -> Value {
    let (group, version) = (row.str_at(["group"]), row.str_at(["version"]));
    let mut metadata = named("", &format!("{version}.{group}"));
    metadata.set("labels", texts([("kube-aggregator.kubernetes.io/automanaged", "onstart")]));
    let spec = fields([
        ("group", group.into()),
        ("version", version.into()),
        ("groupPriorityMinimum", cell(row, "groupPriority")),
        ("versionPriority", cell(row, "versionPriority")),
    ]);
    fields([("metadata", metadata), ("spec", spec)])
}

fn config_map(name: &str, data: Value) -> Given {
    let object = fields([("metadata", named("kube-system", name)), ("data", data)]);
    given(("", "v1", "configmaps"), object)
}

/// The service under which pods find the server, its address, endpoints and range; nothing without a range.
fn own_service(settings: &Settings) -> Vec<Given> {
    let Some(cluster_ip) = settings.service_ranges.first().and_then(|range| first_address(range)) else {
        return Vec::new();
    };
    vec![
        service_range(settings),
        given(("", "v1", "services"), service(cluster_ip, settings.port)),
        given(("networking.k8s.io", "v1", "ipaddresses"), ip_address(cluster_ip)),
        given(("", "v1", "endpoints"), endpoints(settings)),
        given(("discovery.k8s.io", "v1", "endpointslices"), endpoint_slice(settings)),
    ]
}

/// The first address of a range after that of its network.
fn first_address(range: &str) -> Option<IpAddr> {
    Some(match meta::names::parse_cidr(range)?.network() {
        IpAddr::V4(network) => IpAddr::V4((network.to_bits() | 1).into()),
        IpAddr::V6(network) => IpAddr::V6((network.to_bits() | 1).into()),
    })
}

fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "IPv4" } else { "IPv6" }
}

fn service_range(settings: &Settings) -> Given {
    let ranges: Vec<Value> = settings.service_ranges.iter().map(|range| range.as_str().into()).collect();
    let condition = fields([
        ("type", "Ready".into()),
        ("status", "True".into()),
        ("lastTransitionTime", settings.now.as_str().into()),
        ("message", "Kubernetes default Service CIDR is ready".into()),
    ]);
    let object = fields([
        ("metadata", named("", SERVICE)),
        ("spec", fields([("cidrs", ranges.into())])),
        ("status", fields([("conditions", vec![condition].into())])),
    ]);
    Given { status_manager: RANGE_MANAGER, ..given(("networking.k8s.io", "v1", "servicecidrs"), object) }
}

/// A port named as the service's: of the service, of its endpoints or of its slice.
fn port(number: i64) -> Value {
    fields([("name", "https".into()), ("protocol", "TCP".into()), ("port", number.into())])
}

fn service(cluster_ip: IpAddr, target: u16) -> Value {
    let mut metadata = named("default", SERVICE);
    metadata.set("labels", texts([("component", "apiserver"), ("provider", "kubernetes")]));
    let mut port = port(SERVICE_PORT);
    port.set("targetPort", i64::from(target));
    let cluster_ip_text = Value::from(cluster_ip.to_string());
    let spec = fields([
        ("ports", vec![port].into()),
        ("clusterIP", cluster_ip_text.clone()),
        ("clusterIPs", vec![cluster_ip_text].into()),
        ("type", "ClusterIP".into()),
        ("sessionAffinity", "None".into()),
        ("ipFamilies", vec![family(cluster_ip).into()].into()),
        ("ipFamilyPolicy", "SingleStack".into()),
        ("internalTrafficPolicy", "Cluster".into()),
    ]);
    fields([("metadata", metadata), ("spec", spec), ("status", fields([("loadBalancer", Value::object())]))])
}

fn ip_address(address: IpAddr) -> Value {
    let mut metadata = named("", &address.to_string());
    metadata.set(
        "labels",
        texts([
            ("ipaddress.kubernetes.io/ip-family", family(address)),
            ("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io"),
        ]),
    );
    let parent =
        fields([("resource", "services".into()), ("namespace", "default".into()), ("name", SERVICE.into())]);
    fields([("metadata", metadata), ("spec", fields([("parentRef", parent)]))])
}

fn endpoints(settings: &Settings) -> Value {
    let mut metadata = named("default", SERVICE);
    metadata.set("labels", texts([("endpointslice.kubernetes.io/skip-mirror", "true")]));
    let address = fields([("ip", settings.address.to_string().into())]);
    let subset =
        fields([("addresses", vec![address].into()), ("ports", vec![port(settings.port.into())].into())]);
    fields([("metadata", metadata), ("subsets", vec![subset].into())])
}

fn endpoint_slice(settings: &Settings) -> Value {
    let mut metadata = named("default", SERVICE);
    metadata.set("labels", texts([("kubernetes.io/service-name", SERVICE)]));
    let endpoint = fields([
        ("addresses", vec![settings.address.to_string().into()].into()),
        ("conditions", fields([("ready", true.into())])),
    ]);
    fields([
        ("metadata", metadata),
        ("addressType", family(settings.address).into()),
        ("endpoints", vec![endpoint].into()),
        ("ports", vec![port(settings.port.into())].into()),
    ])
}
