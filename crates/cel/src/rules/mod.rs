//! The validation rules of custom resources (`x-kubernetes-validations`).
//!
//! [`check`] says what is wrong with the rules of a schema when a CustomResourceDefinition is written; [`Rules`]
//! holds them compiled and validates objects. Both walk the schema as JSON, as the definition has it.

mod check;
mod field_path;
mod run;

use std::sync::Arc;

use object::Value as Json;

use crate::compiled::{Program, compile};
use crate::declare::{MAX_REQUEST, declare, is_embedded};
use crate::environment::Environment;
use crate::source::Issues;
use crate::types::{Declared, Type};

pub use check::check;
pub use run::{Rules, Violation};

/// What the rules of one object may cost together.
pub const RUNTIME_BUDGET: u64 = 10_000_000;

/// The variables of rules.
const SELF: usize = 0;
const OLD_SELF: usize = 1;

/// A rule as the schema has it.
#[derive(Clone, Debug, Default)]
struct Rule {
    rule: String,
    message: String,
    message_expression: String,
    reason: Option<String>,
    field_path: String,
    optional_old_self: Option<bool>,
}

impl Rule {
    fn read(json: &Json) -> Rule {
        let text = |name: &str| json.str_at([name]).to_owned();
        Rule {
            rule: text("rule"),
            message: text("message"),
            message_expression: text("messageExpression"),
            reason: json.get("reason").and_then(Json::as_str).map(str::to_owned),
            field_path: text("fieldPath"),
            optional_old_self: json.get("optionalOldSelf").and_then(Json::as_bool),
        }
    }

    /// The rules of a schema node.
    fn of(schema: &Json) -> Vec<Rule> {
        schema.items_at(["x-kubernetes-validations"]).iter().map(Rule::read).collect()
    }
}

/// What a rule was compiled to.
struct Compiled {
    program: Result<Program, String>,
    /// Nothing if the rule has none, or did not compile itself.
    message: Option<Result<Program, String>>,
    uses_old_self: bool,
}

/// Compiles a rule over values of `declared`; nothing for an empty one.
fn compile_rule(rule: &Rule, declared: &Arc<Declared>) -> Option<Compiled> {
    if rule.rule.trim().is_empty() {
        return None;
    }
    let mut old = declared.clone();
    if rule.optional_old_self == Some(true) {
        old = Arc::new(Declared { ty: Type::optional(declared.ty.clone()), ..(**declared).clone() });
    }
    let environment = Environment::new().variable("self", declared.clone()).variable("oldSelf", old).sized();
    let failed = |prefix: &str, issues: Issues| format!("{prefix}compilation failed: {issues}");
    let program =
        compile(&rule.rule, &environment).map_err(|issues| failed("", issues)).and_then(|program| {
            match program.result() {
                Type::Bool => Ok(program),
                _ => Err("cel expression must evaluate to a bool".to_owned()),
            }
        });
    let message = (program.is_ok() && !rule.message_expression.is_empty()).then(|| {
        let program = compile(&rule.message_expression, &environment);
        program.map_err(|issues| failed("messageExpression ", issues)).and_then(|program| {
            match program.result() {
                Type::String => Ok(program),
                _ => Err("messageExpression must evaluate to a string".to_owned()),
            }
        })
    });
    let uses_old_self = program.as_ref().is_ok_and(|program| program.uses(OLD_SELF));
    Some(Compiled { program, message, uses_old_self })
}

/// The parts of a schema that have schemas of their own, and how they are reached.
enum Part<'s> {
    Property(&'s str),
    Items,
    Values,
}

/// The schemas directly below a schema.
fn parts(schema: &Json) -> Vec<(Part<'_>, &Json)> {
    let mut parts = Vec::new();
    if let Some(values @ Json::Object(_)) = schema.get("additionalProperties") {
        parts.push((Part::Values, values));
    }
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        parts.extend(properties.iter().map(|(name, of)| (Part::Property(name), of)));
    }
    if let Some(items @ Json::Object(_)) = schema.get("items") {
        parts.push((Part::Items, items));
    }
    parts
}

/// How many values of at least this size fit into a request.
fn cardinality(min_serialized_size: i64) -> u64 {
    (MAX_REQUEST / (min_serialized_size + 1)).max(0) as u64
}

fn has_line_break(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

/// What a schema declares, as the root of its resource or as a part.
fn declared(schema: &Json, root: bool) -> Option<Arc<Declared>> {
    declare(schema, root || is_embedded(schema))
}
