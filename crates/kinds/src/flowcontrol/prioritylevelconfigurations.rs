//! `prioritylevelconfigurations` of flowcontrol.apiserver.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::{mandatory, validate_status};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_absent, default_number, present_mut};
use crate::rules;
use crate::tables::{Column, Columns, NONE};

const DEFAULT_SHARES: i64 = 30;
/// The defaults of queues: how many, of how many each flow gets a hand, how long each is.
const QUEUING: &[(&str, i64)] = &[("queues", 64), ("handSize", 8), ("queueLengthLimit", 50)];
const MAX_QUEUES: i64 = 10_000_000;
/// The bits of the hash that a hand is dealt by.
const MAX_HASH_BITS: i64 = 60;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "flowcontrol.apiserver.k8s.io",
        "v1",
        "prioritylevelconfigurations",
        "PriorityLevelConfiguration",
        PriorityLevelConfiguration,
    )
    .cluster()
    .status(PriorityLevelConfigurationStatus)
    .columns(COLUMNS)
    .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Type", "Whether its requests are limited."),
        Column::text("NominalConcurrencyShares", "Its share of what is served at a time."),
        Column::text("Queues", "How many queues it has."),
        Column::text("HandSize", "How many of them a flow may wait in."),
        Column::text("QueueLengthLimit", "How many requests may wait in one."),
        Column::AGE,
    ],
    |level, row| {
        let limited = level.at(["spec", "limited"]).filter(|limited| !limited.is_null());
        let queuing = limited.and_then(|limited| limited.at(["limitResponse", "queuing"]));
        row.name(level);
        row.text(level.str_at(["spec", "type"]));
        let shares = limited.map(|limited| limited.get("nominalConcurrencyShares").and_then(Value::as_i64));
        match shares {
            Some(shares) => row.integer(shares.unwrap_or(0)),
            None => row.text(NONE),
        }
        for field in ["queues", "handSize", "queueLengthLimit"] {
            match queuing.filter(|queuing| !queuing.is_null()) {
                Some(queuing) => row.integer(queuing.get(field).and_then(Value::as_i64).unwrap_or(0)),
                None => row.text(NONE),
            }
        }
        row.age(level);
    },
);

#[derive(Debug)]
struct PriorityLevelConfiguration;

impl Strategy for PriorityLevelConfiguration {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            generation: true,
            checks_metadata_twice: false,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
    }

    fn default(&self, object: &mut Value) {
        let Some(spec) = present_mut(object, "spec") else { return };
        if let Some(exempt) = present_mut(spec, "exempt") {
            default_absent(exempt, "nominalConcurrencyShares", 0);
            default_absent(exempt, "lendablePercent", 0);
        }
        if let Some(limited) = present_mut(spec, "limited") {
            default_absent(limited, "nominalConcurrencyShares", DEFAULT_SHARES);
            default_absent(limited, "lendablePercent", 0);
            let queuing = limited.at_mut(["limitResponse", "queuing"]).filter(|queuing| !queuing.is_null());
            if let Some(queuing) = queuing {
                QUEUING.iter().for_each(|(field, value)| default_number(queuing, field, *value));
            }
        }
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let level = Field::root(object);
        let name = object.str_at(["metadata", "name"]);
        validate_spec(name, &level.child("spec"), errors);
        mandatory::validate(mandatory::Table::Levels, context, name, &level.child("spec"), errors);
        validate_status(&level, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

fn validate_spec(name: &str, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (kind, limited, exempt) = (spec.child("type"), spec.child("limited"), spec.child("exempt"));
    if (name == "exempt") != (kind.text() == "Exempt") {
        kind.invalid_text(errors, "must be 'Exempt' if and only if `name` is 'exempt'");
    }
    match kind.text() {
        "Exempt" => {
            if limited.is_present() {
                limited.forbidden(errors, "must be nil if the type is not Limited");
            }
            if exempt.is_present() {
                validate_shares(&exempt, errors);
                validate_lendable(&exempt, errors);
            }
        }
        "Limited" => {
            if exempt.is_present() {
                exempt.forbidden(errors, "must be nil if the type is Limited");
            }
            if limited.is_present() {
                validate_limited(&limited, errors);
            } else {
                limited.missing(errors, "must not be empty when type is Limited");
            }
        }
        _ => kind.unsupported(errors, &["Exempt", "Limited"]),
    }
}

fn validate_shares(level: &Field<'_, '_>, errors: &mut FieldErrors) {
    let shares = level.child("nominalConcurrencyShares");
    if shares.int() < 0 {
        shares.invalid(errors, "must be a non-negative integer");
    }
}

fn validate_lendable(level: &Field<'_, '_>, errors: &mut FieldErrors) {
    let lendable = level.child("lendablePercent");
    if !(0..=100).contains(&lendable.int()) {
        lendable.invalid(errors, "must be between 0 and 100, inclusive");
    }
}

fn validate_limited(limited: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_shares(limited, errors);
    let response = limited.child("limitResponse");
    let (kind, queuing) = (response.child("type"), response.child("queuing"));
    match kind.text() {
        "Reject" if queuing.is_present() => {
            queuing.forbidden(errors, "must be nil if limited.limitResponse.type is not Limited");
        }
        "Reject" => {}
        "Queue" if queuing.is_present() => validate_queuing(&queuing, errors),
        "Queue" => queuing.missing(errors, "must not be empty if limited.limitResponse.type is Limited"),
        _ => kind.unsupported(errors, &["Queue", "Reject"]),
    }
    validate_lendable(limited, errors);
    let borrowing = limited.child("borrowingLimitPercent");
    if borrowing.int() < 0 {
        borrowing.invalid(errors, "if specified, must be a non-negative integer");
    }
}

fn validate_queuing(queuing: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (length, queues, hand) =
        (queuing.child("queueLengthLimit"), queuing.child("queues"), queuing.child("handSize"));
    if length.int() <= 0 {
        length.invalid(errors, "must be positive");
    }
    if queues.int() <= 0 {
        queues.invalid(errors, "must be positive");
    } else if queues.int() > MAX_QUEUES {
        queues.invalid(errors, format!("must not be greater than {MAX_QUEUES}"));
    }
    if hand.int() <= 0 {
        hand.invalid(errors, "must be positive");
    } else if hand.int() > queues.int() {
        hand.invalid(errors, format!("should not be greater than queues ({})", queues.int()));
    } else if entropy_bits(queues.int(), hand.int()) > MAX_HASH_BITS {
        let detail = format!(
            "required entropy bits of deckSize {} and handSize {} should not be greater than {MAX_HASH_BITS}",
            queues.int(),
            hand.int()
        );
        hand.invalid(errors, detail);
    }
}

/// The bits it takes to deal `hand` out of `deck`.
fn entropy_bits(deck: i64, hand: i64) -> i64 {
    ((deck as f64).log2() * hand as f64).ceil() as i64
}

#[derive(Debug)]
struct PriorityLevelConfigurationStatus;

impl Strategy for PriorityLevelConfigurationStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate_status(&Field::root(object), errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["metadata", "spec"]
    }
}
