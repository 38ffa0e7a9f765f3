//! `endpoints` of the core group.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::endpoint_rules;
use crate::describe::{Describe, Types};
use crate::fields::{default_to, int, items, items_mut, text};
use crate::tables::{Column, Columns, NONE, shortened};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "endpoints", "Endpoints", Endpoints)
        .short_names(&["ep"])
        .stored_at("services/endpoints")
        .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("Endpoints", "The first addresses and ports."), Column::AGE],
    |endpoints, row| {
        let subsets = endpoints.items_at(["subsets"]);
        let places: Vec<String> = subsets.iter().flat_map(places).collect();
        row.name(endpoints);
        row.text(&shortened(&places, 3, ",", NONE));
        row.age(endpoints);
    },
);

/// Every address of a subset with every port.
fn places(subset: &Value) -> Vec<String> {
    let addresses = || items(subset, "addresses").iter().map(|address| text(address, "ip"));
    let ports = items(subset, "ports");
    if ports.is_empty() {
        return addresses().map(str::to_owned).collect();
    }
    let of_port = |port: &Value| {
        let port = int(port, "port");
        addresses()
            .map(move |ip| if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") })
    };
    ports.iter().flat_map(of_port).collect()
}

#[derive(Debug)]
struct Endpoints;

impl Strategy for Endpoints {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { create_on_update: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        for subset in items_mut(object, "subsets") {
            for port in items_mut(subset, "ports") {
                default_to(port, "protocol", "TCP");
            }
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        endpoint_rules::always(object, errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        endpoint_rules::always(object, errors);
    }
}
