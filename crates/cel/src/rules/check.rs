//! What is wrong with the rules of a schema.

use std::fmt::Write;
use std::sync::Arc;

use object::Value as Json;
use status::{BadValue, FieldError, FieldErrors, Path};

use super::{Part, Rule, cardinality, compile_rule, declared, field_path, has_line_break, parts};
use crate::types::Declared;

/// The most that one rule may cost for one object, over all values it applies to.
const RULE_LIMIT: u64 = 10_000_000;
/// The most that all rules of a schema may cost.
const SCHEMA_LIMIT: u64 = 100_000_000;
/// How many of the most expensive rules are named when a schema is too expensive.
const NAMED: usize = 4;

/// The reasons that a rule can give.
const REASONS: [&str; 4] =
    ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/// Checks the rules of `schema` (the `openAPIV3Schema` of a version, at `path`): their form, that they compile, and
/// what they are estimated to cost.
pub fn check(schema: &Json, path: &Path<'_>) -> FieldErrors {
    let mut checker = Checker { errors: Vec::new(), total: 0, expensive: Vec::new() };
    let place = Place { path, cardinality: Some(1), uncorrelatable: None, root: true, declared: None };
    checker.node(schema, &place);
    if checker.total > SCHEMA_LIMIT {
        let detail =
            "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
        for (field, _) in std::mem::take(&mut checker.expensive) {
            checker.errors.push(FieldError { field, ..FieldError::forbidden(path, detail) });
        }
        let what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
        checker.errors.push(FieldError::forbidden(path, too_expensive(what, checker.total, SCHEMA_LIMIT)));
    }
    checker.errors
}

struct Checker {
    errors: FieldErrors,
    total: u64,
    /// The paths and costs of the most expensive rules, most expensive first.
    expensive: Vec<(String, u64)>,
}

/// Where a schema node is.
struct Place<'p> {
    path: &'p Path<'p>,
    /// How many values it can apply to in one object, if the schemas above bound that.
    cardinality: Option<u64>,
    /// The path of a list above whose elements have no old values.
    uncorrelatable: Option<&'p Path<'p>>,
    root: bool,
    /// What it declares, if a schema above has been declared.
    declared: Option<Arc<Declared>>,
}

fn too_expensive(what: &str, cost: u64, limit: u64) -> String {
    let factor = cost as f64 / limit as f64;
    let factor = if factor > 100.0 {
        "more than 100x".to_owned()
    } else if factor < 1.5 {
        format!("{factor:.6}x")
    } else {
        format!("{factor:.1}x")
    };
    format!(
        "{what} exceeds budget by factor of {factor} (try simplifying the rule, or adding maxItems, maxProperties, \
         and maxLength where arrays, maps, and strings are declared)"
    )
}

impl Checker {
    fn node(&mut self, schema: &Json, place: &Place<'_>) {
        let rules = Rule::of(schema);
        let validations = place.path.child("x-kubernetes-validations");
        for (index, rule) in rules.iter().enumerate() {
            self.form(rule, schema, &validations.index(index));
        }
        let mut own = place.declared.clone();
        if !rules.is_empty() {
            own = own.or_else(|| declared(schema, place.root));
            // A schema that declares nothing is not structural, which is reported elsewhere.
            if let Some(own) = &own {
                self.compiled(&rules, own, place, &validations);
            }
        }
        let below = cardinality_below(schema, place.cardinality);
        for (part, child) in parts(schema) {
            let (one, two);
            let (path, declared) = match part {
                Part::Property(name) => {
                    one = place.path.child("properties");
                    two = one.key(name);
                    let object = own.as_ref().and_then(|own| own.object().cloned());
                    (&two, object.and_then(|object| object.by_json_name.get(name).cloned()))
                }
                Part::Items => {
                    two = place.path.child("items");
                    (&two, own.as_ref().and_then(|own| own.items.clone()))
                }
                Part::Values => {
                    two = place.path.child("additionalProperties");
                    (&two, own.as_ref().and_then(|own| own.items.clone()))
                }
            };
            let uncorrelated = matches!(part, Part::Items) && !correlates(schema);
            let uncorrelatable = place.uncorrelatable.or(uncorrelated.then_some(place.path));
            let place = Place { path, cardinality: below, uncorrelatable, root: false, declared };
            self.node(child, &place);
        }
    }

    /// The form of a rule, before it is compiled.
    fn form(&mut self, rule: &Rule, schema: &Json, path: &Path<'_>) {
        let (trimmed, message) = (rule.rule.trim(), rule.message.trim());
        if trimmed.is_empty() {
            self.errors.push(FieldError::required(&path.child("rule"), "rule is not specified"));
        } else if !rule.message.is_empty() && message.is_empty() {
            let detail = "must be non-empty if specified";
            self.errors.push(FieldError::invalid(&path.child("message"), rule.message.as_str(), detail));
        } else if has_line_break(message) {
            let detail = "must not contain line breaks";
            self.errors.push(FieldError::invalid(&path.child("message"), rule.message.as_str(), detail));
        } else if has_line_break(trimmed) && message.is_empty() {
            let detail = "message must be specified if rule contains line breaks";
            self.errors.push(FieldError::required(&path.child("message"), detail));
        }
        if !rule.message_expression.is_empty() && rule.message_expression.trim().is_empty() {
            let detail = "messageExpression must be non-empty if specified";
            self.errors.push(FieldError::required(&path.child("messageExpression"), detail));
        }
        if let Some(reason) = &rule.reason
            && !REASONS.contains(&reason.as_str())
        {
            self.errors.push(FieldError::not_supported(&path.child("reason"), reason.as_str(), REASONS));
        }
        self.field_path(rule, schema, &path.child("fieldPath"));
    }

    fn field_path(&mut self, rule: &Rule, schema: &Json, path: &Path<'_>) {
        let value = rule.field_path.as_str();
        if value.is_empty() {
            return;
        }
        let mut invalid = |detail: &str| self.errors.push(FieldError::invalid(path, value, detail));
        if value.trim().is_empty() {
            invalid("must be non-empty if specified");
        }
        if has_line_break(value) {
            invalid("must not contain line breaks");
        }
        if field_path::resolve(value, schema).is_none() {
            invalid("must be a valid path");
        }
    }

    fn compiled(&mut self, rules: &[Rule], own: &Arc<Declared>, place: &Place<'_>, path: &Path<'_>) {
        for (index, rule) in rules.iter().enumerate() {
            let path = path.index(index);
            let at_rule = path.child("rule");
            let Some(compiled) = compile_rule(rule, own) else { continue };
            match &compiled.program {
                Ok(program) => {
                    let count = place.cardinality.unwrap_or_else(|| cardinality(own.min_serialized_size));
                    let cost = program.estimated_cost().saturating_mul(count);
                    self.charge(&at_rule, "estimated rule cost", cost);
                }
                Err(detail) => {
                    self.errors.push(FieldError::invalid(&at_rule, as_go_json(rule), detail.as_str()))
                }
            }
            match &compiled.message {
                Some(Ok(program)) => {
                    let at = path.child("messageExpression");
                    self.charge(&at, "estimated messageExpression cost", program.estimated_cost());
                }
                Some(Err(detail)) if !rule.message_expression.trim().is_empty() => {
                    let at = path.child("messageExpression");
                    self.errors.push(FieldError::invalid(&at, as_go_json(rule), detail.as_str()));
                }
                _ => {}
            }
            if compiled.uses_old_self {
                if let Some(list) = place.uncorrelatable {
                    let detail = format!(
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within {list}"
                    );
                    self.errors.push(FieldError::invalid(&at_rule, rule.rule.as_str(), detail));
                }
            } else if let Some(value) = rule.optional_old_self {
                let detail = "may not be set if oldSelf is not used in rule";
                self.errors.push(FieldError::invalid(&path.child("optionalOldSelf"), value, detail));
            }
        }
    }

    fn charge(&mut self, path: &Path<'_>, what: &str, cost: u64) {
        if cost > RULE_LIMIT {
            self.errors.push(FieldError::forbidden(path, too_expensive(what, cost, RULE_LIMIT)));
        }
        self.total = self.total.saturating_add(cost);
        if cost >= SCHEMA_LIMIT / 100 {
            self.expensive.push((path.to_string(), cost));
            self.expensive.sort_by_key(|(_, cost)| std::cmp::Reverse(*cost));
            self.expensive.truncate(NAMED);
        }
    }
}

/// Whether elements of a list have old values: those of lists with keys do.
fn correlates(schema: &Json) -> bool {
    schema.str_at(["x-kubernetes-list-type"]) == "map"
}

fn cardinality_below(schema: &Json, own: Option<u64>) -> Option<u64> {
    let bound = |name: &str| schema.get(name).and_then(Json::as_i64).map(|bound| bound.max(0) as u64);
    let factor = match schema.str_at(["type"]) {
        "object" if schema.get("additionalProperties").is_some() => bound("maxProperties")?,
        "array" => bound("maxItems")?,
        _ => 1,
    };
    Some(own?.saturating_mul(factor))
}

/// A rule as Go prints it as JSON, with Go's names.
fn as_go_json(rule: &Rule) -> BadValue {
    let quoted = |text: &str| {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                    let _ = write!(out, "\\u{:04x}", c as u32);
                }
                c => out.push(c),
            }
        }
        out.push('"');
        out
    };
    let or_null = |text: Option<String>| text.unwrap_or_else(|| "null".to_owned());
    BadValue::Bare(format!(
        r#"{{"Rule":{},"Message":{},"MessageExpression":{},"Reason":{},"FieldPath":{},"OptionalOldSelf":{}}}"#,
        quoted(&rule.rule),
        quoted(&rule.message),
        quoted(&rule.message_expression),
        or_null(rule.reason.as_deref().map(quoted)),
        quoted(&rule.field_path),
        or_null(rule.optional_old_self.map(|value| value.to_string())),
    ))
}
