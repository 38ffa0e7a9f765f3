//! Priority levels and flow schemas.

use object::Value;
use registry::Given;

use super::table::{cell, fields, named, rows, texts};

const GROUP: &str = "flowcontrol.apiserver.k8s.io";
const MANAGER: &str = "api-priority-and-fairness-config-producer-v1";
const STATUS_MANAGER: &str = "api-priority-and-fairness-config-consumer-v1";
const AUTOUPDATE: (&str, &str) = ("apf.kubernetes.io/autoupdate-spec", "true");

const LEVELS: &str = include_str!("../../data/bootstrap/priority-levels.yaml");
const SCHEMAS: &str = include_str!("../../data/bootstrap/flow-schemas.yaml");

/// The spec that the flow schema `name` of a fresh server has.
pub(crate) fn flow_schema_spec(name: &str) -> Option<Value> {
    row(SCHEMAS, name).map(|row| schema_spec(&row))
}

/// The spec that the priority level `name` of a fresh server has.
pub(crate) fn priority_level_spec(name: &str) -> Option<Value> {
    row(LEVELS, name).map(|row| cell(&row, "spec"))
}

fn row(table: &str, name: &str) -> Option<Value> {
    rows(table).into_iter().find(|row| row.str_at(["name"]) == name)
}

/// All priority levels and flow schemas, the schemas' status as of `now`.
pub(super) fn objects(now: &str) -> Vec<Given> {
    let (levels, schemas) = (rows(LEVELS), rows(SCHEMAS));
    let levels = levels.iter().map(|row| given("prioritylevelconfigurations", level(row), ""));
    let schemas = schemas.iter().map(|row| given("flowschemas", schema(row, now), STATUS_MANAGER));
    levels.chain(schemas).collect()
}

fn given(resource: &'static str, object: Value, status_manager: &'static str) -> Given {
    Given { group: GROUP, version: "v1", resource, object, manager: MANAGER, status_manager }
}

fn metadata(row: &Value) -> Value {
    let mut metadata = named("", row.str_at(["name"]));
    metadata.set("annotations", texts([AUTOUPDATE]));
    metadata
}

fn level(row: &Value) -> Value {
    fields([("metadata", metadata(row)), ("spec", cell(row, "spec"))])
}

fn schema(row: &Value, now: &str) -> Value {
    let level = row.str_at(["level"]);
    let message = format!(
        "This FlowSchema references the PriorityLevelConfiguration object named {} and it exists",
        status::go_quote(level)
    );
    let condition = fields([
        ("type", "Dangling".into()),
        ("status", "False".into()),
        ("lastTransitionTime", now.into()),
        ("reason", "Found".into()),
        ("message", message.into()),
    ]);
    let status = fields([("conditions", vec![condition].into())]);
    fields([("metadata", metadata(row)), ("spec", schema_spec(row)), ("status", status)])
}

fn schema_spec(row: &Value) -> Value {
    let mut spec = fields([
        ("priorityLevelConfiguration", fields([("name", cell(row, "level"))])),
        ("matchingPrecedence", cell(row, "precedence")),
        ("rules", cell(row, "rules")),
    ]);
    if let Some(kind) = row.get("distinguisher") {
        spec.set("distinguisherMethod", fields([("type", kind.clone())]));
    }
    spec
}
