//! `ipaddresses` of networking.k8s.io/v1.

use object::Value;
use registry::{Context, NameRule, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::tables::{Column, Columns};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "ipaddresses", "IPAddress", IPAddress)
        .cluster()
        .short_names(&["ip"])
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
/// Their rows end with an age that no column is defined for, as the original's do.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("ParentRef", "What the address belongs to.")],
    |address, row| {
        row.name(address);
        row.text(&parent(address));
        row.age(address);
    },
);

fn parent(address: &Value) -> String {
    let [resource, group, namespace, name] =
        ["resource", "group", "namespace", "name"].map(|field| address.str_at(["spec", "parentRef", field]));
    let dot = if group.is_empty() { "" } else { "." };
    let slash = if namespace.is_empty() { "" } else { "/" };
    format!("{}/{namespace}{slash}{name}", format!("{resource}{dot}{group}").to_lowercase())
}

#[derive(Debug)]
struct IPAddress;

impl Strategy for IPAddress {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { names: NameRule::PathSegment, ..StrategyOptions::USUAL }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let address = Field::root(object);
        let metadata = address.child("metadata");
        let name = metadata.child("name");
        if !name.is_empty() {
            name.name(errors, meta::names::ip);
        }
        let spec = address.child("spec");
        let parent = spec.child("parentRef");
        if !parent.is_present() {
            return parent.missing(errors, "");
        }
        let group = parent.child("group");
        if !group.is_empty() {
            group.name(errors, meta::names::dns1123_subdomain);
        }
        for field in ["resource", "name"] {
            let part = parent.child(field);
            if part.required(errors) {
                part.name(errors, meta::names::path_segment_name);
            }
        }
        parent.child("namespace").name(errors, meta::names::path_segment_name);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (address, old) = (Field::root(object), Field::root(old));
        let (spec, old) = (address.child("spec"), old.child("spec"));
        spec.child("parentRef").immutable(errors, &old.child("parentRef"));
    }
}
