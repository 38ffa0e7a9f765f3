//! `networkpolicies` of networking.k8s.io/v1.

use meta::names::{Cidr, parse_cidr};
use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_absent, items, items_mut, present};
use crate::tables::{Column, Columns, selector};

const PROTOCOLS: &[&str] = &["TCP", "UDP", "SCTP"];
const POLICY_TYPES: &[&str] = &["Ingress", "Egress"];
/// The rules of each direction, and where their peers stand.
const DIRECTIONS: &[(&str, &str)] = &[("ingress", "from"), ("egress", "to")];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", NetworkPolicy)
        .short_names(&["netpol"])
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[Column::NAME, Column::text("Pod-Selector", "What selects the pods it is for."), Column::AGE],
    |policy, row| {
        row.name(policy);
        row.text(&selector(policy.at(["spec", "podSelector"])));
        row.age(policy);
    },
);

#[derive(Debug)]
struct NetworkPolicy;

impl Strategy for NetworkPolicy {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        for (direction, _) in DIRECTIONS {
            for rule in items_mut(spec, direction) {
                items_mut(rule, "ports").iter_mut().for_each(|port| default_absent(port, "protocol", "TCP"));
            }
        }
        if items(spec, "policyTypes").is_empty() {
            let mut types = vec![Value::from("Ingress")];
            if !items(spec, "egress").is_empty() {
                types.push("Egress".into());
            }
            spec.set("policyTypes", types);
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let policy = Field::root(object);
        validate(&policy.child("spec"), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, _old: Option<&Value>) {
        let policy = Field::root(object);
        let spec = policy.child("spec");
        for (direction, peers) in DIRECTIONS {
            for rule in spec.child(direction).items() {
                for peer in rule.child(peers).items() {
                    warn_of_block(&peer.child("ipBlock"), context);
                }
            }
        }
    }
}

fn warn_of_block(block: &Field<'_, '_>, context: &mut Context<'_>) {
    let mut warn = |cidr: &Field<'_, '_>| {
        for text in meta::names::cidr_warnings(&cidr.path, cidr.text()) {
            context.warnings.add(text);
        }
    };
    if block.is_present() {
        warn(&block.child("cidr"));
        block.child("except").items().for_each(|except| warn(&except));
    }
}

fn validate(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    spec.child("podSelector").label_selector(errors, false);
    for (direction, peers) in DIRECTIONS {
        for rule in spec.child(direction).items() {
            rule.child("ports").items().for_each(|port| validate_port(&port, errors));
            rule.child(peers).items().for_each(|peer| validate_peer(&peer, errors));
        }
    }
    let types = spec.child("policyTypes");
    if types.list().len() > POLICY_TYPES.len() {
        return types.invalid(errors, "may not specify more than two policyTypes");
    }
    types.items().for_each(|kind| kind.one_of(errors, POLICY_TYPES));
}

fn validate_port(port: &Field<'_, '_>, errors: &mut FieldErrors) {
    let protocol = port.child("protocol");
    if protocol.is_present() {
        protocol.one_of(errors, PROTOCOLS);
    }
    let (number, end) = (port.child("port"), port.child("endPort"));
    match number.value {
        Value::Null if end.is_present() => {
            end.invalid(errors, "may not be specified when `port` is not specified")
        }
        Value::Null => {}
        Value::String(_) => {
            if end.is_present() {
                end.invalid(errors, "may not be specified when `port` is non-numeric");
            }
            number.name(errors, meta::names::port_name);
        }
        _ => {
            if end.is_present() && end.int() < number.int() {
                Field { value: number.value, path: end.path }
                    .invalid(errors, "must be greater than or equal to `port`");
            }
            number.port_number(errors);
        }
    }
}

fn validate_peer(peer: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut peers = 0;
    for selector in ["podSelector", "namespaceSelector"] {
        if present(peer.value, selector).is_some() {
            peers += 1;
            peer.child(selector).label_selector(errors, false);
        }
    }
    let block = peer.child("ipBlock");
    if block.is_present() {
        peers += 1;
        validate_block(&block, errors);
    }
    if peers == 0 {
        peer.missing(errors, "must specify a peer");
    } else if peers > 1 && block.is_present() {
        peer.forbidden(errors, "may not specify both ipBlock and another peer");
    }
}

fn validate_block(block: &Field<'_, '_>, errors: &mut FieldErrors) {
    let cidr = block.child("cidr");
    if !cidr.required(errors) {
        return;
    }
    cidr.name(errors, meta::names::legacy_cidr);
    let Some(whole) = parse_cidr(cidr.text()) else { return };
    for except in block.child("except").items() {
        except.name(errors, meta::names::legacy_cidr);
        let Some(part) = parse_cidr(except.text()) else { continue };
        if !is_strict_part(&part, &whole) {
            except.invalid(errors, "must be a strict subset of `cidr`");
        }
    }
}

fn is_strict_part(part: &Cidr, whole: &Cidr) -> bool {
    whole.contains(part.network()) && whole.prefix_length < part.prefix_length
}
