//! Validating objects.

use std::sync::Arc;

use object::Value as Json;
use status::{BadValue, FieldError, Path};

use super::{
    Compiled, OLD_SELF, Part, Rule, SELF, compile_rule, declared, field_path, has_line_break, parts,
};
use crate::compiled::{Bindings, Budget};
use crate::convert::from_json;
use crate::error::{CelError, ErrorKind};
use crate::types::{Declared, ListKind};
use crate::value::Value;

/// The longest message that an expression may make, in bytes.
const MAX_MESSAGE: usize = 5 * 1024;

const OUT_OF_BUDGET: &str =
    "validation failed due to running out of cost budget, no further validation rules will be run";

/// The compiled rules of a schema.
pub struct Rules {
    root: Option<Node>,
}

/// A rule that an object breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The error.
    pub error: FieldError,
    /// The value (or what holds it, where old and new elements cannot be told apart) is as it was before, and the
    /// rule does not compare with it: an update may pass with a warning.
    pub unchanged: bool,
}

/// A schema with rules in it or below it.
struct Node {
    rules: Vec<Ready>,
    declared: Option<Arc<Declared>>,
    type_name: String,
    properties: Vec<(String, Node)>,
    values: Option<Box<Node>>,
    items: Option<Box<Node>>,
    list: ListKind,
}

struct Ready {
    rule: Rule,
    compiled: Compiled,
    /// Where the error is reported below the value.
    below: Option<String>,
}

impl Rules {
    /// Compiles the rules of `schema`, the `openAPIV3Schema` of a version.
    pub fn compile(schema: &Json) -> Rules {
        Rules { root: Node::compile(schema, true, None) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// The rules that `value` breaks; `old` is what it was before an update.
    pub fn validate(
        &self,
        path: &Path<'_>,
        value: &Json,
        old: Option<&Json>,
        budget: &mut Budget,
    ) -> Vec<Violation> {
        let mut run = Run { budget, violations: Vec::new() };
        if let Some(root) = &self.root {
            let history = History { own: old, above: None, root: true };
            // A limit ends the run; what was found until then is reported.
            let _ = run.node(root, path, value, old, history);
        }
        run.violations
    }
}

impl Node {
    fn compile(schema: &Json, root: bool, known: Option<Arc<Declared>>) -> Option<Node> {
        let rules = Rule::of(schema);
        let own = match known {
            None if !rules.is_empty() => declared(schema, root),
            known => known,
        };
        let mut node = Node {
            rules: Vec::new(),
            declared: own.clone(),
            type_name: schema.str_at(["type"]).to_owned(),
            properties: Vec::new(),
            values: None,
            items: None,
            list: ListKind::Atomic,
        };
        if let Some(own) = &own {
            node.rules.extend(rules.into_iter().filter_map(|rule| {
                let compiled = compile_rule(&rule, own)?;
                let below = field_path::resolve(&rule.field_path, schema);
                Some(Ready { rule, compiled, below })
            }));
        }
        if schema.str_at(["x-kubernetes-list-type"]) == "map" {
            let keys = schema.items_at(["x-kubernetes-list-map-keys"]).iter();
            node.list = ListKind::Map(keys.filter_map(|key| key.as_str().map(str::to_owned)).collect());
        }
        for (part, child) in parts(schema) {
            let items = || own.as_ref().and_then(|own| own.items.clone());
            match part {
                Part::Property(name) => {
                    let object = own.as_ref().and_then(|own| own.object().cloned());
                    let known = object.and_then(|object| object.by_json_name.get(name).cloned());
                    node.properties
                        .extend(Node::compile(child, false, known).map(|node| (name.to_owned(), node)));
                }
                Part::Items => node.items = Node::compile(child, false, items()).map(Box::new),
                Part::Values => node.values = Node::compile(child, false, items()).map(Box::new),
            }
        }
        let empty = node.rules.is_empty()
            && node.properties.is_empty()
            && node.items.is_none()
            && node.values.is_none();
        (!empty).then_some(node)
    }
}

/// What is known of a value's past.
#[derive(Clone, Copy)]
struct History<'v> {
    /// The old value, if old and new can be told to be the same part.
    own: Option<&'v Json>,
    /// The new and old value of the nearest part above that can.
    above: Option<(&'v Json, &'v Json)>,
    root: bool,
}

impl<'v> History<'v> {
    fn unchanged(&self, value: &Json) -> bool {
        match (self.own, self.above) {
            (Some(old), _) => old == value,
            (None, Some((new, old))) => new == old,
            (None, None) => false,
        }
    }

    /// The history of a part whose old value is `old`.
    fn below(&self, value: &'v Json, old: Option<&'v Json>) -> History<'v> {
        match self.own {
            None => History { root: false, ..*self },
            Some(own) => History { own: old, above: Some((value, own)), root: false },
        }
    }
}

/// The run has passed a limit.
struct Stopped;

struct Run<'b> {
    budget: &'b mut Budget,
    violations: Vec<Violation>,
}

impl Run<'_> {
    fn node<'v>(
        &mut self,
        node: &'v Node,
        path: &Path<'_>,
        value: &'v Json,
        old: Option<&'v Json>,
        history: History<'v>,
    ) -> Result<(), Stopped> {
        if value.is_null() {
            return Ok(());
        }
        self.rules(node, path, value, old, &history)?;
        match value {
            Json::Array(items) => {
                let Some(below) = &node.items else { return Ok(()) };
                for (index, item) in items.iter().enumerate() {
                    let before = old.and_then(|old| correlated(&node.list, item, old));
                    self.node(below, &path.index(index), item, before, history.below(value, before))?;
                }
            }
            Json::Object(map) => {
                let before = |name: &str| old.and_then(|old| old.get(name));
                if let Some(below) = &node.values {
                    for (name, item) in map.iter() {
                        let history = history.below(value, before(name));
                        self.node(below, &path.key(name), item, before(name), history)?;
                    }
                }
                for (name, below) in &node.properties {
                    let Some(item) = map.get(name) else { continue };
                    let history = if history.root && matches!(name.as_str(), "apiVersion" | "kind") {
                        History { own: None, above: None, root: false }
                    } else {
                        history.below(value, before(name))
                    };
                    self.node(below, &path.child(name), item, before(name), history)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn rules<'v>(
        &mut self,
        node: &'v Node,
        path: &Path<'_>,
        value: &'v Json,
        old: Option<&'v Json>,
        history: &History<'v>,
    ) -> Result<(), Stopped> {
        let old = old.filter(|old| !old.is_null());
        let Some(declared) = node.declared.as_deref().filter(|_| !node.rules.is_empty()) else {
            return Ok(());
        };
        if self.budget.remaining() == 0 {
            self.failed(node, path, OUT_OF_BUDGET.to_owned());
            return Err(Stopped);
        }
        let plain = bindings(declared, value, old, false);
        let optional = bindings(declared, value, old, true);
        for ready in &node.rules {
            let with_optional = ready.rule.optional_old_self == Some(true);
            if ready.compiled.uses_old_self && old.is_none() && !with_optional {
                continue;
            }
            let program = match &ready.compiled.program {
                Ok(program) => program,
                Err(detail) => {
                    self.failed(node, path, format!("rule compile error: {detail}"));
                    continue;
                }
            };
            let bindings = match if with_optional { &optional } else { &plain } {
                Ok(bindings) => bindings,
                Err(error) => {
                    self.failed(node, path, format!("{error} evaluating rule: {}", name_of(&ready.rule)));
                    continue;
                }
            };
            match program.evaluate(bindings, self.budget) {
                Ok(Value::Bool(true)) => {}
                Ok(_) => self.broken(node, ready, path, value, &plain, history)?,
                Err(error) => self.error(node, &ready.rule, path, &error)?,
            }
        }
        Ok(())
    }

    /// Reports that a rule could not be evaluated.
    fn error(&mut self, node: &Node, rule: &Rule, path: &Path<'_>, error: &CelError) -> Result<(), Stopped> {
        let name = name_of(rule);
        let detail = match error.kind {
            ErrorKind::Budget => OUT_OF_BUDGET.to_owned(),
            ErrorKind::CallCost => format!(
                "'{error}': no further validation rules will be run due to call cost exceeds limit for rule: {name}"
            ),
            ErrorKind::Evaluation if error.message.starts_with("no such overload") => format!(
                "'{error}': call arguments did not match a supported operator, function or macro signature for rule: {name}"
            ),
            ErrorKind::Evaluation => format!("{error} evaluating rule: {name}"),
        };
        self.failed(node, path, detail);
        if error.kind == ErrorKind::Evaluation { Ok(()) } else { Err(Stopped) }
    }

    fn failed(&mut self, node: &Node, path: &Path<'_>, detail: String) {
        let error = FieldError::invalid(path, node.type_name.as_str(), detail);
        self.push(error, false);
    }

    fn push(&mut self, mut error: FieldError, unchanged: bool) {
        if error.field.is_empty() {
            // How Go prints the path of the whole object.
            error.field = "<nil>".to_owned();
        }
        self.violations.push(Violation { error, unchanged });
    }

    fn broken<'v>(
        &mut self,
        node: &'v Node,
        ready: &'v Ready,
        path: &Path<'_>,
        value: &'v Json,
        bindings: &'v Result<Bindings<'v>, CelError>,
        history: &History<'v>,
    ) -> Result<(), Stopped> {
        let unchanged = !ready.compiled.uses_old_self && history.unchanged(value);
        let child;
        let path = match &ready.below {
            Some(below) => {
                child = path.child(below);
                &child
            }
            None => path,
        };
        let mut detail = None;
        if let (Some(Ok(program)), Ok(bindings)) = (&ready.compiled.message, bindings) {
            match program.evaluate(bindings, self.budget) {
                Ok(Value::String(text)) => {
                    detail = Some(text.as_str().to_owned()).filter(|text| usable(text))
                }
                Err(error) if error.kind != ErrorKind::Evaluation => {
                    let detail = match error.kind {
                        ErrorKind::Budget => OUT_OF_BUDGET.to_owned(),
                        _ => "no further validation rules will be run due to call cost exceeds limit for messageExpression"
                            .to_owned(),
                    };
                    self.push(FieldError::invalid(path, node.type_name.as_str(), detail), unchanged);
                    return Err(Stopped);
                }
                _ => {}
            }
        }
        let detail = detail.unwrap_or_else(|| match ready.rule.message.trim() {
            "" => format!("failed rule: {}", ready.rule.rule.trim()),
            message => message.to_owned(),
        });
        let error = match ready.rule.reason.as_deref() {
            Some("FieldValueForbidden") => FieldError::forbidden(path, detail),
            Some("FieldValueRequired") => FieldError::required(path, detail),
            Some("FieldValueDuplicate") => FieldError::duplicate(path, shown(value)),
            _ => FieldError::invalid(path, shown(value), detail),
        };
        self.push(error, unchanged);
        Ok(())
    }
}

/// A message that is fit to be shown.
fn usable(message: &str) -> bool {
    !message.trim().is_empty() && message.len() <= MAX_MESSAGE && !has_line_break(message)
}

/// The value as an error shows it: scalars only.
fn shown(value: &Json) -> BadValue {
    match value {
        Json::String(text) => BadValue::Text(text.to_string()),
        Json::Int(number) => BadValue::Bare(number.to_string()),
        Json::Float(number) => BadValue::Bare(crate::number::general(*number)),
        Json::Bool(value) => BadValue::Bare(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => BadValue::Omitted,
    }
}

/// How errors name a rule.
fn name_of(rule: &Rule) -> &str {
    match rule.message.trim() {
        "" => rule.rule.trim(),
        message => message,
    }
}

fn bindings<'v>(
    declared: &'v Declared,
    value: &'v Json,
    old: Option<&'v Json>,
    optional: bool,
) -> Result<Bindings<'v>, CelError> {
    let own = from_json(value, Some(declared))?;
    let old = old.map(|old| from_json(old, Some(declared))).transpose()?;
    let old = match (old, optional) {
        (Some(old), true) => Value::some(old),
        (None, true) => Value::Optional(None),
        (old, false) => old.unwrap_or(Value::Null),
    };
    let mut values = vec![Value::Null; 2];
    values[SELF] = own;
    values[OLD_SELF] = old;
    Ok(Bindings::new(values))
}

/// The old element with the keys of `item`.
fn correlated<'v>(list: &ListKind, item: &Json, old: &'v Json) -> Option<&'v Json> {
    let ListKind::Map(keys) = list else { return None };
    old.as_array()?.iter().find(|other| keys.iter().all(|key| other.get(key) == item.get(key)))
}
