//! The columns of services.

use object::Value;

use crate::fields::{int, items, text};
use crate::tables::{Column, Columns, NONE, UNKNOWN, labels, load_balancers, or_none};

/// The columns.
pub(super) const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Type", "How far it can be reached."),
        Column::text("Cluster-IP", "Its address inside the cluster."),
        Column::text("External-IP", "Its addresses for others."),
        Column::text("Port(s)", "Its ports, and those on nodes that lead to them."),
        Column::AGE,
        Column::SELECTOR,
    ],
    |service, row| {
        row.name(service);
        row.text(service.str_at(["spec", "type"]));
        let first_address = service.items_at(["spec", "clusterIPs"]).first().and_then(Value::as_str);
        row.text_or(first_address.unwrap_or(""), NONE);
        row.text(&external(service));
        row.text(&ports(service));
        row.age(service);
        row.text(&labels(service.at(["spec", "selector"])));
    },
);

fn external(service: &Value) -> String {
    let given = service.items_at(["spec", "externalIPs"]).iter().filter_map(Value::as_str).map(str::to_owned);
    match service.str_at(["spec", "type"]) {
        "ClusterIP" | "NodePort" => or_none(given.collect::<Vec<_>>().join(",")),
        "LoadBalancer" => {
            let all: Vec<String> = load_balancers(service).into_iter().chain(given).collect();
            if all.is_empty() { "<pending>".to_owned() } else { all.join(",") }
        }
        "ExternalName" => service.str_at(["spec", "externalName"]).to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

fn ports(service: &Value) -> String {
    let spec = service.get("spec").unwrap_or(&Value::Null);
    let ports = items(spec, "ports").iter().map(|port| match int(port, "nodePort") {
        node_port if node_port > 0 => format!("{}:{node_port}/{}", int(port, "port"), text(port, "protocol")),
        _ => format!("{}/{}", int(port, "port"), text(port, "protocol")),
    });
    or_none(ports.collect::<Vec<_>>().join(","))
}
