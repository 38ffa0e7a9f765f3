//! Cluster roles that gather the rules of others: `admin`, `edit`, `view` and whatever has an aggregation rule hold the
//! rules of all roles their selectors match, in the order of the roles' names, each rule once.

use std::sync::Arc;
use std::time::Duration;

use cache::{Object, Selection};
use meta::LabelSelector;
use meta::selector::MatchExpression;
use object::Value;
use registry::Resource;

use crate::client::{Client, Review, read};

const GROUP: &str = "rbac.authorization.k8s.io";

/// Follows cluster roles.
pub(crate) async fn run(client: Client) {
    let Some(roles) = client.resource(GROUP, "clusterroles") else { return };
    let gatherer = Gatherer { client, roles };
    gatherer.follow(&gatherer.roles).await;
}

struct Gatherer {
    client: Client,
    roles: Arc<Resource>,
}

impl Review for Gatherer {
    const PAUSE: Duration = Duration::ZERO;

    fn client(&self) -> &Client {
        &self.client
    }

    /// Brings every role that gathers up to date.
    async fn review(&self) {
        let all = self.client.list(&self.roles, "");
        for role in all.iter().filter_map(|object| read(object)) {
            let selectors = role.items_at(["aggregationRule", "clusterRoleSelectors"]);
            if selectors.is_empty() {
                continue;
            }
            let name = registry::metadata::name(&role);
            let rules = rules_of(&all, selectors, name);
            if rules == role.items_at(["rules"]) {
                continue;
            }
            let mut patch = Value::object();
            patch.set("rules", rules);
            if let Err(status) = self.client.patch(&self.roles, "", name, &patch).await {
                tracing::warn!(name, %status, "can't gather the rules of a cluster role");
            }
        }
    }
}

/// The rules of all roles but `own` that a selector matches.
fn rules_of(all: &[Arc<Object>], selectors: &[Value], own: &str) -> Vec<Value> {
    let mut rules: Vec<Value> = Vec::new();
    for selector in selectors.iter().filter_map(selector) {
        let selection = Selection { labels: selector, ..Selection::in_namespace("") };
        let chosen = all.iter().filter(|object| object.name() != own && selection.matches(object));
        for role in chosen.filter_map(|object| read(object)) {
            for rule in role.items_at(["rules"]) {
                if !rules.contains(rule) {
                    rules.push(rule.clone());
                }
            }
        }
    }
    rules
}

/// A selector as it is written in objects; nothing if it can't be one.
fn selector(given: &Value) -> Option<LabelSelector> {
    let labels = given.get("matchLabels").and_then(Value::as_object);
    let labels = labels.into_iter().flat_map(|labels| labels.iter());
    let labels = labels.map(|(key, value)| (key, value.as_str().unwrap_or("")));
    let expressions = given.items_at(["matchExpressions"]).iter().map(|expression| MatchExpression {
        key: expression.str_at(["key"]),
        operator: expression.str_at(["operator"]),
        values: expression.items_at(["values"]).iter().filter_map(Value::as_str).collect(),
    });
    LabelSelector::from_parts(labels, expressions).ok()
}
