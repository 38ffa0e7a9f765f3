//! `ingresses` of networking.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors, Path};

use super::ingress_rules;
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::text;
use crate::rules;
use crate::tables::{Column, Columns, NONE, count_at, load_balancers};

/// The annotation that named the class before `ingressClassName` was there.
const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "ingresses", "Ingress", Ingress)
        .short_names(&["ing"])
        .stored_at("ingress")
        .status(IngressStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Class", "The class of controllers that serve it."),
        Column::text("Hosts", "The first hosts it is for."),
        Column::text("Address", "Where it can be reached."),
        Column::text("Ports", "The ports it is reached at."),
        Column::AGE,
    ],
    |ingress, row| {
        row.name(ingress);
        row.text_or(ingress.str_at(["spec", "ingressClassName"]), NONE);
        row.text(&hosts(ingress));
        row.text(&load_balancers(ingress).join(","));
        row.text(if count_at(ingress, ["spec", "tls"]) > 0 { "80, 443" } else { "80" });
        row.age(ingress);
    },
);

/// The first three hosts; rules without one count among the rest.
fn hosts(ingress: &Value) -> String {
    const SHOWN: usize = 3;
    let rules = ingress.items_at(["spec", "rules"]);
    let hosts: Vec<(usize, &str)> = rules
        .iter()
        .map(|rule| text(rule, "host"))
        .enumerate()
        .filter(|(_, host)| !host.is_empty())
        .collect();
    let shown: Vec<&str> = hosts.iter().take(SHOWN).map(|(_, host)| *host).collect();
    let more = hosts.get(SHOWN - 1).is_some_and(|(last, _)| last + 1 < rules.len());
    match shown.join(",") {
        none if none.is_empty() => "*".to_owned(),
        some if more => format!("{some} + {} more...", rules.len() - SHOWN),
        some => some,
    }
}

#[derive(Debug)]
struct Ingress;

impl Strategy for Ingress {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let ingress = Field::root(object);
        ingress_rules::validate(&ingress.child("spec"), None, errors);
        let annotation = object.at(["metadata", "annotations", CLASS_ANNOTATION]).and_then(Value::as_str);
        let class = object.at(["spec", "ingressClassName"]).and_then(Value::as_str);
        if let (Some(annotation), Some(class)) = (annotation, class)
            && annotation != class
        {
            let annotations = Path::new("annotations");
            errors.push(FieldError::invalid(
                &annotations.child(CLASS_ANNOTATION),
                annotation,
                "must match `ingressClassName` when both are specified",
            ));
        }
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let ingress = Field::root(object);
        ingress_rules::validate(&ingress.child("spec"), old.get("spec"), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, old: Option<&Value>) {
        if old.is_none() && object.at(["metadata", "annotations", CLASS_ANNOTATION]).is_some() {
            context.warnings.add(format!(
                "annotation {} is deprecated, please use 'spec.ingressClassName' instead",
                status::go_quote(CLASS_ANNOTATION)
            ));
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct IngressStatus;

impl Strategy for IngressStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        let ingress = Field::root(object);
        let status = ingress.child("status");
        let balancer = status.child("loadBalancer");
        for point in balancer.child("ingress").items() {
            let (ip, host) = (point.child("ip"), point.child("hostname"));
            if !ip.is_empty() {
                ip.name(errors, meta::names::legacy_ip);
            }
            if !host.is_empty() {
                host.name(errors, meta::names::dns1123_subdomain);
                if meta::names::parse_ip(host.text()).is_some() {
                    host.invalid(errors, "must be a DNS name, not an IP address");
                }
            }
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
