//! The way from source to a value.

use crate::check;
use crate::cost::estimate::estimate;
use crate::cost::size::Range;
use crate::environment::Environment;
use crate::error::{CelError, ErrorKind};
use crate::eval::Evaluation;
use crate::parse::parse;
use crate::program::{self, Node};
use crate::source::Issues;
use crate::types::Type;
use crate::value::Value;

/// The most that one evaluation may cost.
pub const PER_CALL_LIMIT: u64 = 1_000_000;

/// A compiled expression.
#[derive(Debug)]
pub struct Program {
    node: Node,
    result: Type,
    estimate: Range,
    uses: Vec<bool>,
}

/// Values of an environment's variables, in the order of their declaration.
#[derive(Debug, Default)]
pub struct Bindings<'a> {
    values: Vec<Value<'a>>,
}

impl<'a> Bindings<'a> {
    /// Binds values in the order in which the variables were declared.
    pub fn new(values: Vec<Value<'a>>) -> Bindings<'a> {
        Bindings { values }
    }
}

/// What several evaluations may cost together.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    remaining: u64,
}

impl Budget {
    /// A budget of so many cost units.
    pub fn new(units: u64) -> Budget {
        Budget { remaining: units }
    }
    /// What is left.
    pub fn remaining(&self) -> u64 {
        self.remaining
    }

    /// Takes `cost` out; false, with nothing left, if there is not enough.
    pub fn spend(&mut self, cost: u64) -> bool {
        let enough = cost <= self.remaining;
        self.remaining = self.remaining.saturating_sub(cost);
        enough
    }
}

/// Compiles an expression, or says all that is wrong with it.
pub fn compile(source: &str, environment: &Environment) -> Result<Program, Issues> {
    let mut issues = Issues::new(source);
    let Some(mut ast) = parse(source, &mut issues) else { return Err(issues) };
    let checked = check::check(&mut ast, environment, &mut issues);
    if !issues.is_empty() {
        return Err(issues);
    }
    crate::validate::validate(&ast, &checked, &mut issues);
    if !issues.is_empty() {
        return Err(issues);
    }
    let node = match program::compile(&ast, &checked) {
        Ok(node) => node,
        Err(message) => {
            issues.report(ast.offset(ast.root.id), message);
            return Err(issues);
        }
    };
    let mut uses = vec![false; environment.variables.len()];
    for reference in checked.references.values() {
        if let check::Reference::Variable(index) = reference {
            uses[*index] = true;
        }
    }
    let estimate = estimate(&ast, &checked, environment);
    Ok(Program { node, result: checked.of(ast.root.id).clone(), estimate, uses })
}

impl Program {
    /// The type of the result.
    pub fn result(&self) -> &Type {
        &self.result
    }

    /// The most that an evaluation can cost, estimated from the bounds of the variables.
    pub fn estimated_cost(&self) -> u64 {
        self.estimate.max
    }

    /// Whether the expression refers to the variable with this index in its environment.
    pub fn uses(&self, variable: usize) -> bool {
        self.uses.get(variable).copied().unwrap_or(false)
    }

    /// Evaluates, charging `budget`. Fails with [`ErrorKind::CallCost`] past the limit of one call, and with
    /// [`ErrorKind::Budget`] when the budget does not suffice.
    pub fn evaluate<'a>(
        &'a self,
        bindings: &'a Bindings<'a>,
        budget: &mut Budget,
    ) -> Result<Value<'a>, CelError> {
        let mut evaluation =
            Evaluation { variables: &bindings.values, locals: Vec::new(), cost: 0, limit: PER_CALL_LIMIT };
        let result = evaluation.node(&self.node);
        let enough = budget.spend(evaluation.cost);
        match result {
            Err(error) if error.kind == ErrorKind::CallCost => Err(error),
            _ if !enough => Err(CelError {
                kind: ErrorKind::Budget,
                message: "validation failed due to running out of cost budget, no further validation rules will be run"
                    .to_owned(),
            }),
            result => result,
        }
    }
}
