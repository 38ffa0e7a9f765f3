//! Macros: calls that are syntax. They become comprehensions, presence tests and conditionals.

use super::build::Builder;
use crate::ast::{Comprehension, Expr, ExprId, Kind, Literal, operator};
use crate::source::Offset;

/// The accumulator that expansions use; no source can name it.
pub(crate) const ACCUMULATOR: &str = "@result";
/// The accumulator's name of old, which may still not be a loop variable.
const OLD_ACCUMULATOR: &str = "__result__";
/// The variable of a loop that never runs.
const UNUSED: &str = "#unused";
/// Holds the list that `sortBy` sorts.
const SORT_INPUT: &str = "@__sortBy_input__";

/// What became of a call.
pub(super) enum Expanded {
    /// It was a macro (or a bad use of one, which has been reported).
    Macro(Expr),
    /// It is a call after all.
    Call(Option<Expr>, Vec<Expr>),
}

/// A macro's mistake: where, and what.
type Bad = (Offset, String);
type Made = Result<Expr, Bad>;

/// Expands a call if it is a macro.
pub(super) fn expand(
    builder: &mut Builder<'_>,
    id: ExprId,
    function: &str,
    target: Option<Expr>,
    arguments: Vec<Expr>,
) -> Expanded {
    let Some(target) = target else {
        return match <[Expr; 1]>::try_from(arguments) {
            Ok([argument]) if function == "has" => {
                finish(builder, id, |builder, at| has(builder, at, argument))
            }
            Ok(arguments) => Expanded::Call(None, arguments.into()),
            Err(arguments) => Expanded::Call(None, arguments),
        };
    };
    let two_variables = arguments.len() == 3;
    match (function, arguments.len()) {
        ("all" | "exists" | "exists_one" | "existsOne", 2 | 3)
        | ("map", 2 | 3)
        | ("filter" | "optMap" | "optFlatMap" | "sortBy", 2)
        | ("transformList" | "transformMap" | "transformMapEntry", 3 | 4) => {}
        _ => return Expanded::Call(Some(target), arguments),
    }
    let function = function.to_owned();
    finish(builder, id, |builder, at| {
        let make = Maker { builder, at };
        match function.as_str() {
            "all" | "exists" | "exists_one" | "existsOne" => {
                make.quantifier(&function, target, arguments, two_variables)
            }
            "map" => make.map(target, arguments),
            "filter" => make.filter(target, arguments),
            "optMap" | "optFlatMap" => make.optional_map(&function, target, arguments),
            "sortBy" => make.sort_by(target, arguments),
            _ => make.transform(&function, target, arguments),
        }
    })
}

fn finish(
    builder: &mut Builder<'_>,
    id: ExprId,
    make: impl FnOnce(&mut Builder<'_>, Offset) -> Made,
) -> Expanded {
    let at = builder.offsets[id as usize];
    let made = make(builder, at);
    Expanded::Macro(match made {
        Ok(expr) => expr,
        Err((offset, message)) => builder.error(offset, message),
    })
}

fn has(builder: &mut Builder<'_>, at: Offset, argument: Expr) -> Made {
    match argument.kind {
        Kind::Select { operand, field, .. } => {
            Ok(builder.expr(at, Kind::Select { operand, field, test_only: true }))
        }
        _ => Err((offset(builder, argument.id), "invalid argument to has() macro".to_owned())),
    }
}

fn offset(builder: &Builder<'_>, id: ExprId) -> Offset {
    builder.offsets[id as usize]
}

struct Maker<'b, 'a> {
    builder: &'b mut Builder<'a>,
    at: Offset,
}

impl Maker<'_, '_> {
    fn make(&mut self, kind: Kind) -> Expr {
        self.builder.expr(self.at, kind)
    }
    fn literal(&mut self, literal: Literal) -> Expr {
        self.make(Kind::Literal(literal))
    }
    fn ident(&mut self, name: &str) -> Expr {
        self.make(Kind::Ident(name.to_owned()))
    }
    fn accumulator(&mut self) -> Expr {
        self.ident(ACCUMULATOR)
    }
    fn call<const N: usize>(&mut self, function: &str, arguments: [Expr; N]) -> Expr {
        self.make(Kind::Call { function: function.to_owned(), target: None, arguments: arguments.into() })
    }
    fn member_call(&mut self, function: &str, target: Expr, arguments: Vec<Expr>) -> Expr {
        let target = Some(Box::new(target));
        self.make(Kind::Call { function: function.to_owned(), target, arguments })
    }
    fn list(&mut self, elements: Vec<Expr>) -> Expr {
        self.make(Kind::List { elements, optional: Vec::new() })
    }

    /// A copy of an expression under new numbers.
    fn copy(&mut self, expr: &Expr) -> Expr {
        let mut copy = expr.clone();
        self.renumber(&mut copy);
        copy
    }

    fn renumber(&mut self, expr: &mut Expr) {
        expr.id = self.builder.id(offset(self.builder, expr.id));
        match &mut expr.kind {
            Kind::Unspecified | Kind::Literal(_) | Kind::Ident(_) => {}
            Kind::Select { operand, .. } => self.renumber(operand),
            Kind::Call { target, arguments, .. } => {
                target.iter_mut().for_each(|target| self.renumber(target));
                arguments.iter_mut().for_each(|argument| self.renumber(argument));
            }
            Kind::List { elements, .. } => elements.iter_mut().for_each(|element| self.renumber(element)),
            Kind::Map(entries) => {
                for entry in entries {
                    entry.id = self.builder.id(offset(self.builder, entry.id));
                    self.renumber(&mut entry.key);
                    self.renumber(&mut entry.value);
                }
            }
            Kind::Struct { fields, .. } => {
                for field in fields {
                    field.id = self.builder.id(offset(self.builder, field.id));
                    self.renumber(&mut field.value);
                }
            }
            Kind::Comprehension(fold) => {
                let Comprehension { range, initial, condition, step, result, .. } = fold.as_mut();
                [range, initial, condition, step, result].into_iter().for_each(|part| self.renumber(part));
            }
        }
    }

    /// The name of a loop variable.
    fn variable(&self, argument: &Expr, message: &str) -> Result<String, Bad> {
        let at = offset(self.builder, argument.id);
        match &argument.kind {
            Kind::Ident(name) if name == ACCUMULATOR || name == OLD_ACCUMULATOR => {
                Err((at, "iteration variable overwrites accumulator variable".to_owned()))
            }
            Kind::Ident(name) if !name.starts_with('.') => Ok(name.clone()),
            _ => Err((at, message.to_owned())),
        }
    }

    /// The names of two loop variables.
    fn variables(&self, first: &Expr, second: &Expr) -> Result<(String, String), Bad> {
        const NOT_A_NAME: &str = "argument must be a simple name";
        let (one, two) = (self.variable(first, NOT_A_NAME)?, self.variable(second, NOT_A_NAME)?);
        if one == two {
            return Err((offset(self.builder, second.id), format!("duplicate variable name: {one}")));
        }
        Ok((one, two))
    }

    fn fold(
        &mut self,
        range: Expr,
        (variable, variable2): (String, Option<String>),
        initial: Expr,
        condition: Expr,
        step: Expr,
        result: Expr,
    ) -> Expr {
        self.make(Kind::Comprehension(Box::new(Comprehension {
            range,
            variable,
            variable2,
            accumulator: ACCUMULATOR.to_owned(),
            initial,
            condition,
            step,
            result,
        })))
    }

    /// The expression `body` with `value` under the name `variable`: a loop that never runs.
    fn bind(&mut self, variable: &str, value: Expr, body: Expr) -> Expr {
        let range = self.list(Vec::new());
        let condition = self.literal(Literal::Bool(false));
        let step = self.ident(variable);
        self.make(Kind::Comprehension(Box::new(Comprehension {
            range,
            variable: UNUSED.to_owned(),
            variable2: None,
            accumulator: variable.to_owned(),
            initial: value,
            condition,
            step,
            result: body,
        })))
    }

    fn quantifier(mut self, function: &str, target: Expr, mut arguments: Vec<Expr>, two: bool) -> Made {
        let predicate = arguments.pop();
        let variables = if two {
            let (one, two) = self.variables(&arguments[0], &arguments[1])?;
            (one, Some(two))
        } else {
            (self.variable(&arguments[0], "argument must be a simple name")?, None)
        };
        let predicate = predicate.unwrap_or_else(|| self.make(Kind::Unspecified));
        let (initial, condition, step, result);
        match function {
            "all" => {
                initial = self.literal(Literal::Bool(true));
                let accumulator = self.accumulator();
                condition = self.call(operator::NOT_STRICTLY_FALSE, [accumulator]);
                let accumulator = self.accumulator();
                step = self.call(operator::AND, [accumulator, predicate]);
                result = self.accumulator();
            }
            "exists" => {
                initial = self.literal(Literal::Bool(false));
                let accumulator = self.accumulator();
                let not = self.call(operator::NOT, [accumulator]);
                condition = self.call(operator::NOT_STRICTLY_FALSE, [not]);
                let accumulator = self.accumulator();
                step = self.call(operator::OR, [accumulator, predicate]);
                result = self.accumulator();
            }
            _ => {
                initial = self.literal(Literal::Int(0));
                condition = self.literal(Literal::Bool(true));
                let (accumulator, one) = (self.accumulator(), self.literal(Literal::Int(1)));
                let more = self.call(operator::ADD, [accumulator, one]);
                let accumulator = self.accumulator();
                step = self.call(operator::CONDITIONAL, [predicate, more, accumulator]);
                let (accumulator, one) = (self.accumulator(), self.literal(Literal::Int(1)));
                result = self.call(operator::EQUALS, [accumulator, one]);
            }
        }
        Ok(self.fold(target, variables, initial, condition, step, result))
    }

    /// A fold that appends `element`, where `filter` allows, to a list.
    fn collect(
        &mut self,
        target: Expr,
        variables: (String, Option<String>),
        filter: Option<Expr>,
        element: Expr,
    ) -> Expr {
        let initial = self.list(Vec::new());
        let condition = self.literal(Literal::Bool(true));
        let accumulator = self.accumulator();
        let element = self.list(vec![element]);
        let step = self.call(operator::ADD, [accumulator, element]);
        let step = self.filtered(filter, step);
        let result = self.accumulator();
        self.fold(target, variables, initial, condition, step, result)
    }

    fn filtered(&mut self, filter: Option<Expr>, step: Expr) -> Expr {
        match filter {
            Some(filter) => {
                let accumulator = self.accumulator();
                self.call(operator::CONDITIONAL, [filter, step, accumulator])
            }
            None => step,
        }
    }

    fn map(mut self, target: Expr, arguments: Vec<Expr>) -> Made {
        let variable = self.variable(&arguments[0], "argument is not an identifier")?;
        let mut rest = arguments.into_iter().skip(1).rev();
        let element = rest.next().unwrap_or_else(|| self.make(Kind::Unspecified));
        let filter = rest.next();
        Ok(self.collect(target, (variable, None), filter, element))
    }

    fn filter(mut self, target: Expr, mut arguments: Vec<Expr>) -> Made {
        let variable = self.variable(&arguments[0], "argument is not an identifier")?;
        let filter = arguments.pop();
        let element = arguments.swap_remove(0);
        Ok(self.collect(target, (variable, None), filter, element))
    }

    fn transform(mut self, function: &str, target: Expr, arguments: Vec<Expr>) -> Made {
        let (one, two) = self.variables(&arguments[0], &arguments[1])?;
        let mut rest = arguments.into_iter().skip(2).rev();
        let element = rest.next().unwrap_or_else(|| self.make(Kind::Unspecified));
        let filter = rest.next();
        if function == "transformList" {
            return Ok(self.collect(target, (one, Some(two)), filter, element));
        }
        let accumulator = self.accumulator();
        let step = if function == "transformMap" {
            let key = self.ident(&one);
            self.call(operator::MAP_INSERT, [accumulator, key, element])
        } else {
            self.call(operator::MAP_INSERT, [accumulator, element])
        };
        let step = self.filtered(filter, step);
        let initial = self.make(Kind::Map(Vec::new()));
        let condition = self.literal(Literal::Bool(true));
        let result = self.accumulator();
        Ok(self.fold(target, (one, Some(two)), initial, condition, step, result))
    }

    fn optional_map(mut self, function: &str, target: Expr, mut arguments: Vec<Expr>) -> Made {
        let body = arguments.pop();
        let Kind::Ident(variable) = &arguments[0].kind else {
            let at = offset(self.builder, arguments[0].id);
            return Err((at, format!("{function}() variable name must be a simple identifier")));
        };
        let variable = variable.clone();
        let body = body.unwrap_or_else(|| self.make(Kind::Unspecified));
        let again = self.copy(&target);
        let has_value = self.member_call("hasValue", target, Vec::new());
        let value = self.member_call("value", again, Vec::new());
        let mut bound = self.bind(&variable, value, body);
        if function == "optMap" {
            bound = self.call("optional.of", [bound]);
        }
        let none = self.call("optional.none", []);
        Ok(self.call(operator::CONDITIONAL, [has_value, bound, none]))
    }

    fn sort_by(mut self, target: Expr, arguments: Vec<Expr>) -> Made {
        if !matches!(
            target.kind,
            Kind::List { .. }
                | Kind::Select { .. }
                | Kind::Ident(_)
                | Kind::Comprehension(_)
                | Kind::Call { .. }
        ) {
            let message =
                "sortBy can only be applied to a list, identifier, comprehension, call or select expression";
            return Err((offset(self.builder, target.id), message.to_owned()));
        }
        let input = self.ident(SORT_INPUT);
        let again = self.ident(SORT_INPUT);
        let keys = Maker { builder: self.builder, at: self.at }.map(input, arguments)?;
        let sorted = self.member_call(operator::SORT_BY_KEYS, again, vec![keys]);
        Ok(self.bind(SORT_INPUT, target, sorted))
    }
}
