//! `flowschemas` of flowcontrol.apiserver.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::policy::validate_rule;
use super::{mandatory, validate_status};
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::default_number;
use crate::fields::text;
use crate::tables::{Column, Columns, NONE, condition, int_at};
use crate::{internal, rules};

const DEFAULT_PRECEDENCE: i64 = 1_000;
const MAX_PRECEDENCE: i64 = 10_000;
const DISTINGUISHERS: &[&str] = &["ByNamespace", "ByUser"];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema", FlowSchema)
        .cluster()
        .status(FlowSchemaStatus)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("PriorityLevel", "The level its requests are served at."),
        Column::text("MatchingPrecedence", "Its place among the schemas; the lowest that matches counts."),
        Column::text("DistinguisherMethod", "What makes a flow of requests."),
        Column::AGE,
        Column::text("MissingPL", "Whether there is no such level."),
    ],
    |schema, row| {
        row.name(schema);
        row.text(schema.str_at(["spec", "priorityLevelConfiguration", "name"]));
        row.integer(int_at(schema, ["spec", "matchingPrecedence"]));
        row.text_or(schema.str_at(["spec", "distinguisherMethod", "type"]), NONE);
        row.age(schema);
        row.text(condition(schema, "Dangling").map_or("?", |condition| text(condition, "status")));
    },
);

#[derive(Debug)]
struct FlowSchema;

impl Strategy for FlowSchema {
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
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        default_number(spec, "matchingPrecedence", DEFAULT_PRECEDENCE);
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let schema = Field::root(object);
        validate_spec(context, &schema, errors);
        let name = object.str_at(["metadata", "name"]);
        mandatory::validate(mandatory::Table::Schemas, context, name, &schema.child("spec"), errors);
        validate_status(&schema, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

fn validate_spec(context: &Context<'_>, schema: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (metadata, spec) = (schema.child("metadata"), schema.child("spec"));
    let precedence = spec.child("matchingPrecedence");
    if precedence.int() <= 0 {
        precedence.invalid(errors, "must be a positive value");
    }
    if precedence.int() > MAX_PRECEDENCE {
        precedence.invalid(errors, format!("must not be greater than {MAX_PRECEDENCE}"));
    }
    if precedence.int() == 1 && metadata.child("name").text() != "exempt" {
        precedence.invalid(errors, "only the schema named 'exempt' may have matchingPrecedence 1");
    }
    let method = spec.child("distinguisherMethod");
    if method.is_present() && !DISTINGUISHERS.contains(&method.child("type").text()) {
        let ty = context.request.resource.ty.get().at(["spec", "distinguisherMethod"]);
        let value = internal::bad_value(ty, method.value);
        let path = method.path.child("type");
        errors.push(FieldError::not_supported(&path, value, DISTINGUISHERS.iter().copied()));
    }
    let level = spec.child("priorityLevelConfiguration");
    let name = level.child("name");
    if name.is_empty() {
        name.missing(errors, "must reference a priority level");
    } else {
        name.name(errors, meta::names::dns1123_subdomain);
    }
    spec.child("rules").items().for_each(|rule| validate_rule(&rule, errors));
}

#[derive(Debug)]
struct FlowSchemaStatus;

impl Strategy for FlowSchemaStatus {
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
