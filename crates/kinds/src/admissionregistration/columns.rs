//! The columns of webhook configurations, admission policies and their bindings.

use object::Value;

use crate::fields::{entries, items, present, text};
use crate::tables::{Column, Columns, Row, UNSET, count_at, joined};

/// The columns of webhook configurations.
pub(super) const WEBHOOKS: Columns = Columns::new(
    &[Column::NAME, Column::integer("Webhooks", "How many webhooks there are."), Column::AGE],
    |configuration, row| {
        row.name(configuration);
        row.count(count_at(configuration, ["webhooks"]));
        row.age(configuration);
    },
);

/// The columns of policies that check.
pub(super) const VALIDATING_POLICIES: Columns = Columns::new(
    &[Column::NAME, Column::integer("Validations", "How many checks there are."), PARAM_KIND, Column::AGE],
    |policy, row| policy_row(policy, "validations", row),
);

/// The columns of policies that change.
pub(super) const MUTATING_POLICIES: Columns = Columns::new(
    &[Column::NAME, Column::integer("Mutations", "How many changes there are."), PARAM_KIND, Column::AGE],
    |policy, row| policy_row(policy, "mutations", row),
);

/// The columns of policies' bindings.
pub(super) const BINDINGS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("PolicyName", "The policy that is bound."),
        Column::text("ParamRef", "The parameters it is bound with."),
        Column::AGE,
    ],
    |binding, row| {
        row.name(binding);
        row.text(binding.str_at(["spec", "policyName"]));
        row.text(&param_ref(binding));
        row.age(binding);
    },
);

const PARAM_KIND: Column = Column::text("ParamKind", "The kind of its parameters.");

fn policy_row(policy: &Value, rules: &str, row: &mut Row<'_>) {
    let kind = ["apiVersion", "kind"].map(|field| policy.str_at(["spec", "paramKind", field]));
    row.name(policy);
    row.count(count_at(policy, ["spec", rules]));
    row.text(&if kind[1].is_empty() { UNSET.to_owned() } else { kind.join("/") });
    row.age(policy);
}

fn param_ref(binding: &Value) -> String {
    let Some(reference) = binding.get("spec").and_then(|spec| present(spec, "paramRef")) else {
        return UNSET.to_owned();
    };
    match (text(reference, "namespace"), text(reference, "name")) {
        (_, "") => present(reference, "selector").map_or_else(|| UNSET.to_owned(), go_selector),
        ("", name) => format!("*/{name}"),
        (namespace, name) => format!("{namespace}/{name}"),
    }
}

/// A label selector as the generated `String` method of its Go type writes it.
fn go_selector(selector: &Value) -> String {
    let labels: String = entries(selector, "matchLabels")
        .map(|(key, value)| format!("{key}: {},", value.as_str().unwrap_or("")))
        .collect();
    let expressions: String = items(selector, "matchExpressions")
        .iter()
        .map(|one| {
            let (key, operator) = (text(one, "key"), text(one, "operator"));
            let values = joined(one, "values", " ");
            format!("LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{values}],}},")
        })
        .collect();
    format!(
        "&LabelSelector{{MatchLabels:map[string]string{{{labels}}},\
         MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}"
    )
}
