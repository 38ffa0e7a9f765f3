//! The columns of role bindings, in a namespace or everywhere.

use object::Value;

use crate::fields::{items, text};
use crate::tables::{Column, Columns};

/// The columns.
pub(super) const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Role", "The role that is bound."),
        Column::AGE,
        Column::text("Users", "The users it is bound to.").wide(),
        Column::text("Groups", "The groups it is bound to.").wide(),
        Column::text("ServiceAccounts", "The service accounts it is bound to.").wide(),
    ],
    |binding, row| {
        let role = ["kind", "name"].map(|field| binding.str_at(["roleRef", field]));
        row.name(binding);
        row.text(&role.join("/"));
        row.age(binding);
        row.text(&subjects(binding, "User"));
        row.text(&subjects(binding, "Group"));
        row.text(&subjects(binding, "ServiceAccount"));
    },
);

fn subjects(binding: &Value, kind: &str) -> String {
    let of_kind = items(binding, "subjects").iter().filter(|subject| text(subject, "kind") == kind);
    let names = of_kind.map(|subject| match kind {
        "ServiceAccount" => format!("{}/{}", text(subject, "namespace"), text(subject, "name")),
        _ => text(subject, "name").to_owned(),
    });
    names.collect::<Vec<_>>().join(", ")
}
