//! The evaluator.
//!
//! Every step is charged as the reference implementation charges it, and evaluation stops at the first charge
//! past the limit; the limit also bounds time, since no step does unbounded work for a bounded charge.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::equal;
use crate::cost;
use crate::error::{CelError, ErrorKind, Outcome};
use crate::program::{Attribute, Base, By, Call, Fold, Node, Qualifier, Step};
use crate::value::{Key, List, Map, Value};

/// One evaluation.
pub(crate) struct Evaluation<'a> {
    pub variables: &'a [Value<'a>],
    /// Values of macros' variables, by slot.
    pub locals: Vec<Value<'a>>,
    pub cost: u64,
    pub limit: u64,
}

impl<'a> Evaluation<'a> {
    fn charge(&mut self, cost: u64) -> Result<(), CelError> {
        self.cost = self.cost.saturating_add(cost);
        if self.cost > self.limit { Err(CelError::call_cost()) } else { Ok(()) }
    }

    /// The value of a node.
    pub fn node(&mut self, node: &'a Node) -> Outcome<'a> {
        match node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Attribute(attribute) => {
                let value = self.attribute(attribute)?;
                if !attribute.test_only {
                    self.charge(1)?;
                }
                Ok(value)
            }
            Node::Call(call) => self.call(call),
            Node::And(terms) => self.logical(terms, false),
            Node::Or(terms) => self.logical(terms, true),
            Node::Conditional(parts) => self.conditional(parts),
            Node::NotStrictlyFalse(operand) => {
                let value = match self.node(operand) {
                    Err(error) if error.kind != ErrorKind::Evaluation => return Err(error),
                    value => value,
                };
                self.charge(1)?;
                Ok(Value::Bool(!matches!(value, Ok(Value::Bool(false)))))
            }
            Node::InConstants(item, list) => self.in_constants(item, list),
            Node::Matches(text, regex, length) => {
                let text = self.node(text)?;
                let Some(text) = text.as_str() else { return Err(CelError::no_such_overload()) };
                self.charge(cost::matching(text.chars().count() as u64, *length))?;
                Ok(Value::Bool(regex.is_match(text)))
            }
            Node::OptionalOr { left, right, unwrap } => match (self.node(left)?, unwrap) {
                (Value::Optional(Some(value)), true) => Ok((*value).clone()),
                (value @ Value::Optional(Some(_)), false) => Ok(value),
                (Value::Optional(None), _) => self.node(right),
                _ => Err(CelError::no_such_overload()),
            },
            Node::List(elements) => self.list(elements),
            Node::Map(entries) => self.map(entries),
            Node::Object(fields) => self.object(fields),
            Node::Fold(fold) => self.fold(fold),
        }
    }

    fn in_constants(&mut self, item: &'a Node, list: &Value<'a>) -> Outcome<'a> {
        let item = self.node(item)?;
        match list {
            Value::List(list) => Ok(Value::Bool(list.iter().flatten().any(|other| equal(&item, &other)))),
            _ => Err(CelError::no_such_overload()),
        }
    }

    /// `&&` stops at false, `||` at true; an error counts only if nothing stops.
    fn logical(&mut self, terms: &'a [Node], stop: bool) -> Outcome<'a> {
        let mut failure = None;
        for term in terms {
            match self.node(term) {
                Ok(Value::Bool(value)) if value == stop => return Ok(Value::Bool(stop)),
                Ok(Value::Bool(_)) => {}
                Ok(_) => failure = failure.or(Some(CelError::no_such_overload())),
                Err(error) if error.kind != ErrorKind::Evaluation => return Err(error),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(Value::Bool(!stop)), Err)
    }

    fn conditional(&mut self, parts: &'a [Node; 3]) -> Outcome<'a> {
        let branch = match self.node(&parts[0])? {
            Value::Bool(true) => &parts[1],
            Value::Bool(false) => &parts[2],
            _ => return Err(CelError::no_such_overload()),
        };
        match branch {
            // An attribute as a branch is charged for its qualifiers only.
            Node::Attribute(attribute) => self.attribute(attribute),
            node => self.node(node),
        }
    }

    fn attribute(&mut self, attribute: &'a Attribute) -> Outcome<'a> {
        let mut value = match &attribute.base {
            Base::Variable(index) => self.variables.get(*index).cloned().unwrap_or(Value::Null),
            Base::Local(slot) => self.locals.get(*slot).cloned().unwrap_or(Value::Null),
            Base::Value(node) => self.node(node)?,
        };
        let mut optional = false;
        let last = attribute.qualifiers.len();
        for (index, qualifier) in attribute.qualifiers.iter().enumerate() {
            if let Value::Optional(inner) = &value {
                optional = true;
                match inner {
                    Some(inner) => value = (**inner).clone(),
                    None if attribute.test_only && index + 1 == last => return Ok(Value::Bool(false)),
                    None => return Ok(Value::Optional(None)),
                }
            }
            if attribute.test_only && index + 1 == last {
                return self.present(&value, qualifier);
            }
            optional |= qualifier.optional;
            let found = self.qualify(&value, qualifier);
            self.charge(1)?;
            match found? {
                Some(found) => value = found,
                None if optional => return Ok(Value::Optional(None)),
                None => return Err(self.missing(&value, qualifier)),
            }
        }
        Ok(if optional && !matches!(value, Value::Optional(_)) { Value::some(value) } else { value })
    }

    fn present(&mut self, value: &Value<'a>, qualifier: &'a Qualifier) -> Outcome<'a> {
        self.charge(1)?;
        match value {
            Value::Map(_) | Value::Host(_) => {
                self.qualify(value, qualifier).map(|found| Value::Bool(found.is_some()))
            }
            _ => match &qualifier.by {
                By::Field { escaped, .. } => Err(Value::no_such_key(escaped)),
                _ => Err(CelError::no_such_overload()),
            },
        }
    }

    /// What `qualifier` names in `value`; nothing if it is not there.
    fn qualify(
        &mut self,
        value: &Value<'a>,
        qualifier: &'a Qualifier,
    ) -> Result<Option<Value<'a>>, CelError> {
        let computed;
        let key = match &qualifier.by {
            By::Field { name, escaped } => {
                return match value {
                    Value::Map(map) => map.field(name, escaped).transpose(),
                    Value::Host(host) => host.0.field(escaped).transpose(),
                    Value::List(_) => Err(CelError::new("unsupported index type 'string' in list")),
                    _ => Ok(None),
                };
            }
            By::Constant(key) => key,
            By::Computed(Node::Attribute(attribute)) => {
                computed = self.attribute(attribute)?;
                &computed
            }
            By::Computed(node) => {
                computed = self.node(node)?;
                &computed
            }
        };
        match (value, key) {
            (Value::List(list), _) => match index_of(key)? {
                Some(index) => list.get(index).transpose(),
                None => Ok(None),
            },
            (Value::Map(map), key) => match Key::of(key) {
                Some(_) => map.get(key).transpose(),
                None => Err(CelError::new(format!("unsupported key type: {}", key.type_name()))),
            },
            (Value::Host(host), Value::String(name)) => host.0.field(name.as_str()).transpose(),
            _ => Err(CelError::no_such_overload()),
        }
    }

    /// The error for what is not there.
    fn missing(&mut self, value: &Value<'a>, qualifier: &'a Qualifier) -> CelError {
        let computed;
        let key = match &qualifier.by {
            By::Field { escaped, .. } => return Value::no_such_key(escaped),
            By::Constant(key) => key,
            By::Computed(node) => match self.node(node) {
                Ok(key) => {
                    computed = key;
                    &computed
                }
                Err(error) => return error,
            },
        };
        let text = crate::format::plain_text(key);
        match value {
            Value::List(_) => CelError::new(format!("index out of bounds: {text}")),
            _ => Value::no_such_key(&text),
        }
    }

    fn call(&mut self, call: &'a Call) -> Outcome<'a> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.node(argument)?);
        }
        let fits = |overload: &&&'static crate::environment::Overload| {
            overload.arguments.len() == arguments.len()
                && overload.arguments.iter().zip(&arguments).all(|(ty, value)| value.fits(ty))
        };
        let Some(overload) = call.overloads.iter().find(fits) else {
            self.charge(1)?;
            return Err(no_overload(&call.function, &arguments));
        };
        let before = cost::before(overload, &arguments);
        if let Some(cost) = before {
            self.charge(cost)?;
        }
        let result = (overload.run)(&arguments);
        if before.is_none() {
            self.charge(cost::after(overload, &arguments, result.as_ref().ok()))?;
        }
        result
    }

    fn list(&mut self, elements: &'a [(Node, bool)]) -> Outcome<'a> {
        let mut items = Vec::with_capacity(elements.len());
        for (node, optional) in elements {
            match (self.node(node)?, optional) {
                (value, false) => items.push(value),
                (Value::Optional(Some(value)), true) => items.push((*value).clone()),
                (Value::Optional(None), true) => {}
                (other, true) => return Err(not_optional("element", "list", &other)),
            }
        }
        self.charge(cost::LIST)?;
        Ok(Value::list(items))
    }

    fn map(&mut self, entries: &'a [(Node, Node, bool)]) -> Outcome<'a> {
        let mut map = BTreeMap::new();
        for (key, value, optional) in entries {
            let (key, value) = (self.node(key)?, self.node(value)?);
            let value = match (value, optional) {
                (value, false) => value,
                (Value::Optional(Some(value)), true) => (*value).clone(),
                (Value::Optional(None), true) => continue,
                (other, true) => return Err(not_optional("value", "map", &other)),
            };
            let found = Key::of(&key)
                .ok_or_else(|| CelError::new(format!("unsupported key type: {}", key.type_name())))?;
            if map.contains_key(&found) {
                return Err(CelError::new(format!(
                    "Failed with repeated key {}",
                    crate::format::plain_text(&key)
                )));
            }
            map.insert(found, (key, value));
        }
        self.charge(cost::MAP)?;
        Ok(Value::Map(Map::Shared(Arc::new(map))))
    }

    fn object(&mut self, fields: &'a [(String, Node, bool)]) -> Outcome<'a> {
        let mut map = BTreeMap::new();
        for (name, node, optional) in fields {
            let value = match (self.node(node)?, optional) {
                (Value::Optional(Some(value)), true) => (*value).clone(),
                (Value::Optional(None), true) => continue,
                (value, _) => value,
            };
            map.insert(Key::String(name.as_str().into()), (Value::str(name), value));
        }
        self.charge(cost::OBJECT)?;
        Ok(Value::Map(Map::Shared(Arc::new(map))))
    }

    fn fold(&mut self, fold: &'a Fold) -> Outcome<'a> {
        let range = self.node(&fold.range)?;
        let initial = self.node(&fold.initial)?;
        let slot = self.locals.len();
        self.locals.push(initial);
        let outcome = self.run_fold(fold, &range, slot);
        let result = match outcome {
            Ok(()) => {
                self.locals.truncate(slot + 1);
                self.node(&fold.result)
            }
            Err(error) => Err(error),
        };
        self.locals.truncate(slot);
        result
    }

    fn run_fold(&mut self, fold: &'a Fold, range: &Value<'a>, slot: usize) -> Result<(), CelError> {
        // An error in one step is the accumulator's value for the next; && and || may still absorb it.
        let mut failure = None;
        self.locals.push(Value::Null);
        if fold.two {
            self.locals.push(Value::Null);
        }
        match range {
            Value::List(list) => {
                for (index, item) in list.iter().enumerate() {
                    let item = item?;
                    let (first, second) =
                        if fold.two { (Value::Int(index as i64), Some(item)) } else { (item, None) };
                    if !self.iterate(fold, slot, first, second, &mut failure)? {
                        break;
                    }
                }
            }
            Value::Map(map) if fold.two => {
                for (key, value) in map.entries() {
                    if !self.iterate(fold, slot, key, Some(value?), &mut failure)? {
                        break;
                    }
                }
            }
            Value::Map(map) => {
                for key in map.keys() {
                    if !self.iterate(fold, slot, key, None, &mut failure)? {
                        break;
                    }
                }
            }
            other => {
                return Err(CelError::new(format!("got '{}', expected iterable type", other.type_name())));
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// One round of a fold; false when it is over.
    fn iterate(
        &mut self,
        fold: &'a Fold,
        slot: usize,
        first: Value<'a>,
        second: Option<Value<'a>>,
        failure: &mut Option<CelError>,
    ) -> Result<bool, CelError> {
        self.locals.truncate(slot + 1 + 1 + usize::from(fold.two));
        self.locals[slot + 1] = first;
        if let Some(second) = second {
            self.locals[slot + 2] = second;
        }
        if failure.is_some() {
            // The condition of `all` and `exists` lets an error through to be absorbed by a later element.
            self.charge(2)?;
        } else if !matches!(self.node(&fold.condition)?, Value::Bool(true)) {
            return Ok(false);
        }
        match &fold.step {
            Step::Append { filter, element } => {
                self.append(filter.as_ref(), element, slot)?;
            }
            Step::Replace(step) => match self.replace(step, failure) {
                Ok(value) => {
                    *failure = None;
                    self.locals[slot] = value;
                }
                Err(error) if error.kind != ErrorKind::Evaluation => return Err(error),
                Err(error) => *failure = Some(error),
            },
        }
        if failure.is_some() && !absorbs(&fold.condition) {
            return Ok(false);
        }
        Ok(true)
    }

    /// A step whose accumulator may be an error that the step absorbs.
    fn replace(&mut self, step: &'a Node, failure: &Option<CelError>) -> Outcome<'a> {
        let (terms, stop) = match (step, failure) {
            (Node::And(terms), Some(_)) => (terms, false),
            (Node::Or(terms), Some(_)) => (terms, true),
            _ => return self.node(step),
        };
        self.charge(1)?;
        match (self.logical(&terms[1..], stop), failure) {
            (Ok(Value::Bool(value)), _) if value == stop => Ok(Value::Bool(stop)),
            (Err(error), _) if error.kind != ErrorKind::Evaluation => Err(error),
            (_, Some(error)) => Err(error.clone()),
            (other, None) => other,
        }
    }

    fn append(&mut self, filter: Option<&'a Node>, element: &'a Node, slot: usize) -> Result<(), CelError> {
        if let Some(filter) = filter {
            match self.node(filter)? {
                Value::Bool(true) => {}
                // The other branch is the accumulator itself, an attribute without qualifiers.
                Value::Bool(false) => return Ok(()),
                _ => return Err(CelError::no_such_overload()),
            }
        }
        // The accumulator, the list of one and the joining.
        self.charge(1)?;
        let value = self.node(element)?;
        self.charge(if matches!(element, Node::Constant(_)) { 1 } else { cost::LIST + 1 })?;
        match &mut self.locals[slot] {
            Value::List(List::Shared(items)) => Arc::make_mut(items).push(value),
            _ => return Err(CelError::no_such_overload()),
        }
        Ok(())
    }
}

/// Whether a fold goes on after an error: the condition is a test that is not strict.
fn absorbs(condition: &Node) -> bool {
    matches!(condition, Node::NotStrictlyFalse(_))
}

/// The list index that a value is; nothing if it is out of any list's bounds.
fn index_of(key: &Value<'_>) -> Result<Option<usize>, CelError> {
    match key {
        Value::Int(index) => Ok(usize::try_from(*index).ok()),
        Value::Uint(index) => Ok(usize::try_from(*index).ok()),
        Value::Double(index) if index.fract() == 0.0 => Ok((*index >= 0.0).then_some(*index as usize)),
        other => Err(CelError::new(format!("unsupported index type '{}' in list", other.type_name()))),
    }
}

fn not_optional(what: &str, of: &str, value: &Value<'_>) -> CelError {
    CelError::new(format!(
        "cannot initialize optional {of} {what} from non-optional value of type '{}'",
        value.type_name()
    ))
}

/// The error when no overload takes the arguments: operators and functions word it differently.
fn no_overload(function: &str, arguments: &[Value<'_>]) -> CelError {
    if function.starts_with(['_', '!', '-', '@']) {
        return CelError::no_such_overload();
    }
    let types: Vec<&str> = arguments.iter().map(Value::type_name).collect();
    CelError::new(format!("no such overload: {function}({})", types.join(", ")))
}
