//! Compiled expressions: the checked tree, resolved to slots, overloads and constants.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::regex::Regex;

use crate::ast::{Ast, Comprehension, Expr, Kind, Literal, operator};
use crate::check::{Checked, Reference};
use crate::environment::Overload;
use crate::value::{Key, List, Map, Text, Value};

/// A step of evaluation.
#[derive(Debug)]
pub(crate) enum Node {
    Constant(Value<'static>),
    /// A variable or a value, and what is looked up in it.
    Attribute(Attribute),
    Call(Call),
    And(Vec<Node>),
    Or(Vec<Node>),
    Conditional(Box<[Node; 3]>),
    NotStrictlyFalse(Box<Node>),
    /// Membership in a list of constants.
    InConstants(Box<Node>, Value<'static>),
    /// `matches` with a constant pattern, and the pattern's length.
    Matches(Box<Node>, Regex, u64),
    /// `or` and `orValue` of optionals.
    OptionalOr {
        left: Box<Node>,
        right: Box<Node>,
        unwrap: bool,
    },
    List(Vec<(Node, bool)>),
    Map(Vec<(Node, Node, bool)>),
    /// A declared object: its fields by name.
    Object(Vec<(String, Node, bool)>),
    Fold(Box<Fold>),
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub base: Base,
    pub qualifiers: Vec<Qualifier>,
    /// Whether the last qualifier is there, not what it is.
    pub test_only: bool,
}

#[derive(Debug)]
pub(crate) enum Base {
    Variable(usize),
    Local(usize),
    Value(Box<Node>),
}

#[derive(Debug)]
pub(crate) struct Qualifier {
    pub by: By,
    /// An absent value is an empty optional.
    pub optional: bool,
}

#[derive(Debug)]
pub(crate) enum By {
    /// A field: its JSON name and the name in the expression.
    Field {
        name: String,
        escaped: String,
    },
    Constant(Value<'static>),
    Computed(Node),
}

pub(crate) struct Call {
    pub function: String,
    pub overloads: Vec<&'static Overload>,
    pub arguments: Vec<Node>,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Call").field(&self.function).field(&self.arguments).finish()
    }
}

#[derive(Debug)]
pub(crate) struct Fold {
    pub range: Node,
    pub two: bool,
    pub initial: Node,
    pub condition: Node,
    pub step: Step,
    pub result: Node,
}

/// What a fold does with each element.
#[derive(Debug)]
pub(crate) enum Step {
    /// Replaces the accumulator.
    Replace(Node),
    /// Appends to the accumulator, if the filter says so.
    Append { filter: Option<Node>, element: Node },
}

/// Functions that convert types: with a constant argument they are constants.
const CONVERSIONS: &[&str] =
    &["bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint"];

struct Compiler<'a> {
    checked: &'a Checked,
    /// Names of macros' variables; their index is their slot.
    locals: Vec<String>,
}

/// Compiles a checked expression; fails with a constant's conversion error.
pub(crate) fn compile(ast: &Ast, checked: &Checked) -> Result<Node, String> {
    Compiler { checked, locals: Vec::new() }.node(&ast.root)
}

impl Compiler<'_> {
    fn node(&mut self, expr: &Expr) -> Result<Node, String> {
        Ok(match &expr.kind {
            Kind::Unspecified => Node::Constant(Value::Null),
            Kind::Literal(literal) => Node::Constant(constant(literal)),
            Kind::Ident(name) => self.ident(expr, name),
            Kind::Select { operand, field, test_only } => self.select(expr, operand, field, *test_only)?,
            Kind::Call { function, target, arguments } => {
                self.call(expr, function, target.as_deref(), arguments)?
            }
            Kind::List { elements, optional } => {
                let mut nodes = Vec::with_capacity(elements.len());
                for (index, element) in elements.iter().enumerate() {
                    nodes.push((self.node(element)?, optional.contains(&index)));
                }
                constant_list(nodes)
            }
            Kind::Map(entries) => {
                let mut nodes = Vec::with_capacity(entries.len());
                for entry in entries {
                    nodes.push((self.node(&entry.key)?, self.node(&entry.value)?, entry.optional));
                }
                constant_map(nodes)
            }
            Kind::Struct { fields, .. } => {
                let mut nodes = Vec::with_capacity(fields.len());
                for field in fields {
                    let name = crate::escape::unescape(&field.name).unwrap_or_else(|| field.name.clone());
                    nodes.push((name, self.node(&field.value)?, field.optional));
                }
                Node::Object(nodes)
            }
            Kind::Comprehension(fold) => self.fold(fold)?,
        })
    }

    fn ident(&mut self, expr: &Expr, name: &str) -> Node {
        let base = match self.checked.references.get(&expr.id) {
            Some(Reference::Type(ty)) => return Node::Constant(Value::Type(ty.clone())),
            Some(Reference::Variable(index)) => Base::Variable(*index),
            _ => Base::Local(self.locals.iter().rposition(|local| local == name).unwrap_or(0)),
        };
        Node::Attribute(Attribute { base, qualifiers: Vec::new(), test_only: false })
    }

    /// The operand as an attribute that qualifiers can be added to.
    fn attribute(&mut self, operand: &Expr) -> Result<Attribute, String> {
        Ok(match self.node(operand)? {
            Node::Attribute(attribute) if !attribute.test_only => attribute,
            node => Attribute { base: Base::Value(Box::new(node)), qualifiers: Vec::new(), test_only: false },
        })
    }

    fn select(&mut self, expr: &Expr, operand: &Expr, field: &str, test_only: bool) -> Result<Node, String> {
        if self.checked.references.contains_key(&expr.id) {
            return Ok(self.ident(expr, field));
        }
        let mut attribute = self.attribute(operand)?;
        attribute.qualifiers.push(Qualifier { by: by_field(field), optional: false });
        attribute.test_only = test_only;
        Ok(Node::Attribute(attribute))
    }

    fn index(&mut self, operand: &Expr, index: &Expr, optional: bool) -> Result<Node, String> {
        let mut attribute = self.attribute(operand)?;
        let by = match self.node(index)? {
            Node::Constant(Value::String(text)) => by_field(text.as_str()),
            Node::Constant(value) => By::Constant(value),
            node => By::Computed(node),
        };
        attribute.qualifiers.push(Qualifier { by, optional });
        Ok(Node::Attribute(attribute))
    }

    fn call(
        &mut self,
        expr: &Expr,
        function: &str,
        target: Option<&Expr>,
        arguments: &[Expr],
    ) -> Result<Node, String> {
        match (function, arguments) {
            (operator::INDEX, [operand, index]) => return self.index(operand, index, false),
            (operator::OPTIONAL_INDEX | operator::OPTIONAL_SELECT, [operand, index]) => {
                return self.index(operand, index, true);
            }
            _ => {}
        }
        let mut nodes = Vec::with_capacity(arguments.len() + 1);
        for argument in target.into_iter().chain(arguments) {
            nodes.push(self.node(argument)?);
        }
        let overloads = self.checked.overloads.get(&expr.id).cloned().unwrap_or_default();
        match function {
            operator::AND => return Ok(Node::And(nodes)),
            operator::OR => return Ok(Node::Or(nodes)),
            operator::CONDITIONAL => {
                return <[Node; 3]>::try_from(nodes)
                    .map(|nodes| Node::Conditional(Box::new(nodes)))
                    .map_err(|_| "no such overload".to_owned());
            }
            operator::NOT_STRICTLY_FALSE => {
                return nodes
                    .pop()
                    .map(|node| Node::NotStrictlyFalse(Box::new(node)))
                    .ok_or_else(String::new);
            }
            "or" | "orValue" if overloads.iter().any(|overload| overload.id.starts_with("optional_or")) => {
                if let (Some(right), Some(left)) = (nodes.pop(), nodes.pop()) {
                    let unwrap = function == "orValue";
                    return Ok(Node::OptionalOr { left: Box::new(left), right: Box::new(right), unwrap });
                }
            }
            _ => {}
        }
        self.plain_call(function, overloads, nodes)
    }

    fn plain_call(
        &mut self,
        function: &str,
        overloads: Vec<&'static Overload>,
        mut nodes: Vec<Node>,
    ) -> Result<Node, String> {
        let only = match overloads.as_slice() {
            [only] => Some(only.id),
            _ => None,
        };
        if let ([Node::Constant(value)], Some(overload)) = (nodes.as_slice(), overloads.first())
            && CONVERSIONS.contains(&function)
            && only.is_some()
        {
            return (overload.run)(std::slice::from_ref(value))
                .map(own)
                .map(Node::Constant)
                .map_err(|e| e.message);
        }
        if only == Some("in_list")
            && let [_, Node::Constant(Value::List(list))] = nodes.as_slice()
            && list.iter().flatten().all(|item| is_primitive(&item))
        {
            if list.is_empty() {
                return Ok(Node::Constant(Value::Bool(false)));
            }
            let (Some(Node::Constant(list)), Some(item)) = (nodes.pop(), nodes.pop()) else {
                return Err(String::new());
            };
            return Ok(Node::InConstants(Box::new(item), list));
        }
        if function == "matches"
            && let [_, Node::Constant(Value::String(pattern))] = nodes.as_slice()
            && let Ok(regex) = crate::regex::compile(pattern.as_str())
        {
            let length = pattern.as_str().chars().count() as u64;
            nodes.truncate(1);
            if let Some(text) = nodes.pop() {
                return Ok(Node::Matches(Box::new(text), regex, length));
            }
        }
        Ok(Node::Call(Call { function: function.to_owned(), overloads, arguments: nodes }))
    }

    fn fold(&mut self, fold: &Comprehension) -> Result<Node, String> {
        let range = self.node(&fold.range)?;
        let initial = self.node(&fold.initial)?;
        let depth = self.locals.len();
        self.locals.push(fold.accumulator.clone());
        self.locals.push(fold.variable.clone());
        self.locals.extend(fold.variable2.clone());
        let condition = self.node(&fold.condition)?;
        let step = self.step(fold)?;
        self.locals.truncate(depth + 1);
        let result = self.node(&fold.result)?;
        self.locals.truncate(depth);
        let two = fold.variable2.is_some();
        Ok(Node::Fold(Box::new(Fold { range, two, initial, condition, step, result })))
    }

    fn step(&mut self, fold: &Comprehension) -> Result<Step, String> {
        if let Some(element) = appended(&fold.step, &fold.accumulator) {
            return Ok(Step::Append { filter: None, element: self.node(element)? });
        }
        if let Kind::Call { function, arguments, .. } = &fold.step.kind
            && function == operator::CONDITIONAL
            && let [filter, more, _] = arguments.as_slice()
            && let Some(element) = appended(more, &fold.accumulator)
        {
            return Ok(Step::Append { filter: Some(self.node(filter)?), element: self.node(element)? });
        }
        self.node(&fold.step).map(Step::Replace)
    }
}

/// The element in `accumulator + [element]` as macros make it.
fn appended<'e>(expr: &'e Expr, accumulator: &str) -> Option<&'e Expr> {
    let Kind::Call { function, arguments, .. } = &expr.kind else { return None };
    match arguments.as_slice() {
        [Expr { kind: Kind::Ident(name), .. }, Expr { kind: Kind::List { elements, optional }, .. }]
            if function == operator::ADD
                && name == accumulator
                && name == crate::parse::ACCUMULATOR
                && optional.is_empty()
                && elements.len() == 1 =>
        {
            elements.first()
        }
        _ => None,
    }
}

fn by_field(escaped: &str) -> By {
    let name = crate::escape::unescape(escaped).unwrap_or_else(|| escaped.to_owned());
    By::Field { name, escaped: escaped.to_owned() }
}

fn constant(literal: &Literal) -> Value<'static> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(number) => Value::Int(*number),
        Literal::Uint(number) => Value::Uint(*number),
        Literal::Double(number) => Value::Double(*number),
        Literal::String(text) => Value::String(Text::Shared(text.clone())),
        Literal::Bytes(bytes) => Value::Bytes(bytes.clone()),
    }
}

/// A conversion's result without what it borrowed.
fn own(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Bool(value) => Value::Bool(value),
        Value::Int(number) => Value::Int(number),
        Value::Uint(number) => Value::Uint(number),
        Value::Double(number) => Value::Double(number),
        Value::String(text) => Value::String(Text::Shared(text.as_str().into())),
        Value::Bytes(bytes) => Value::Bytes(bytes),
        Value::Timestamp(time) => Value::Timestamp(time),
        Value::Duration(span) => Value::Duration(span),
        Value::Type(ty) => Value::Type(ty),
        _ => Value::Null,
    }
}

fn is_primitive(value: &Value<'_>) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::String(_))
}

fn constant_list(nodes: Vec<(Node, bool)>) -> Node {
    let all = nodes.iter().all(|(node, optional)| matches!(node, Node::Constant(_)) && !optional);
    if !all {
        return Node::List(nodes);
    }
    let items = nodes.into_iter().filter_map(|(node, _)| match node {
        Node::Constant(value) => Some(value),
        _ => None,
    });
    Node::Constant(Value::List(List::Shared(Arc::new(items.collect()))))
}

fn constant_map(nodes: Vec<(Node, Node, bool)>) -> Node {
    let mut entries = BTreeMap::new();
    for (key, value, optional) in &nodes {
        let (Node::Constant(key), Node::Constant(value), false) = (key, value, optional) else {
            return Node::Map(nodes);
        };
        match Key::of(key) {
            Some(found) if !entries.contains_key(&found) => {
                entries.insert(found, (key.clone(), value.clone()))
            }
            _ => return Node::Map(nodes),
        };
    }
    Node::Constant(Value::Map(Map::Shared(Arc::new(entries))))
}
