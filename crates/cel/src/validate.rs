//! Checks of constants in expressions that have the right types.

use crate::ast::{Ast, Expr, Kind, Literal};
use crate::check::Checked;
use crate::infer::equivalent;
use crate::library::formatting;
use crate::source::Issues;
use crate::types::Type;

/// Reports bad durations, times, patterns and format strings, and lists of several types.
pub(crate) fn validate(ast: &Ast, checked: &Checked, issues: &mut Issues) {
    let mut validator = Validator { ast, checked, issues };
    validator.visit(&ast.root, false);
}

struct Validator<'a> {
    ast: &'a Ast,
    checked: &'a Checked,
    issues: &'a mut Issues,
}

impl Validator<'_> {
    fn report(&mut self, expr: &Expr, message: String) {
        self.issues.report(self.ast.offset(expr.id), message);
    }

    /// `formatted`: within the arguments of `format`, whose lists may hold anything.
    fn visit(&mut self, expr: &Expr, formatted: bool) {
        match &expr.kind {
            Kind::Unspecified | Kind::Literal(_) | Kind::Ident(_) => {}
            Kind::Select { operand, .. } => self.visit(operand, formatted),
            Kind::Call { function, target, arguments } => {
                self.literal(function, arguments);
                let formatted = formatted || function == "format";
                if function == "format" {
                    self.format(expr, target.as_deref(), arguments);
                }
                for part in target.as_deref().into_iter().chain(arguments) {
                    self.visit(part, formatted);
                }
            }
            Kind::List { elements, optional } => {
                let types = elements.iter().enumerate().map(|(index, element)| {
                    let ty = self.checked.of(element.id);
                    (element, if optional.contains(&index) { ty.as_optional().unwrap_or(ty) } else { ty })
                });
                let types: Vec<(&Expr, &Type)> = types.collect();
                if !formatted {
                    self.same(&types, true);
                }
                elements.iter().for_each(|element| self.visit(element, formatted));
            }
            Kind::Map(entries) => {
                if !formatted {
                    let keys: Vec<_> =
                        entries.iter().map(|entry| (&entry.key, self.checked.of(entry.key.id))).collect();
                    let values: Vec<_> = entries
                        .iter()
                        .map(|entry| {
                            let ty = self.checked.of(entry.value.id);
                            (&entry.value, if entry.optional { ty.as_optional().unwrap_or(ty) } else { ty })
                        })
                        .collect();
                    self.same(&keys, false);
                    self.same(&values, false);
                }
                for entry in entries {
                    self.visit(&entry.key, formatted);
                    self.visit(&entry.value, formatted);
                }
            }
            Kind::Struct { fields, .. } => {
                fields.iter().for_each(|field| self.visit(&field.value, formatted))
            }
            Kind::Comprehension(fold) => {
                for part in [&fold.range, &fold.initial, &fold.condition, &fold.step, &fold.result] {
                    self.visit(part, formatted);
                }
            }
        }
    }

    /// Reports elements of another type than the first.
    fn same(&mut self, types: &[(&Expr, &Type)], once: bool) {
        let Some(((_, first), rest)) = types.split_first() else { return };
        for (expr, ty) in rest.iter().filter(|(_, ty)| !equivalent(first, ty)) {
            self.report(expr, format!("expected type '{first}' but found '{ty}'"));
            if once {
                return;
            }
        }
    }

    fn literal(&mut self, function: &str, arguments: &[Expr]) {
        let Some(argument) = arguments.first() else { return };
        let Kind::Literal(literal) = &argument.kind else { return };
        let valid = match (function, literal) {
            ("duration", Literal::String(text)) => crate::time::parse_duration(text).is_some(),
            ("timestamp", Literal::String(text)) => crate::time::Timestamp::parse(text).is_some(),
            ("timestamp", Literal::Int(seconds)) => crate::time::Timestamp::new(*seconds, 0).is_some(),
            ("matches", Literal::String(pattern)) => crate::regex::compile(pattern).is_ok(),
            _ => true,
        };
        if !valid {
            self.report(argument, format!("invalid {function} argument"));
        }
    }

    /// A constant format string, with a list literal of values.
    fn format(&mut self, call: &Expr, target: Option<&Expr>, arguments: &[Expr]) {
        let (Some(target), [argument]) = (target, arguments) else { return };
        let Kind::Literal(Literal::String(text)) = &target.kind else { return };
        let Kind::List { elements, .. } = &argument.kind else { return };
        let mut place = call;
        let used = formatting::check(text, elements.len(), |letter, index| {
            let Some(element) = elements.get(index) else { return Ok(()) };
            let ty = self.checked.of(element.id);
            if takes(letter, ty) {
                return Ok(());
            }
            place = element;
            Err(formatting::complaint(letter, ty.runtime_name()))
        });
        match used {
            Err(message) => self.report(place, message),
            Ok(used) if used < elements.len() => self.report(
                call,
                format!(
                    "too many arguments supplied to string.format (expected {used}, got {})",
                    elements.len()
                ),
            ),
            Ok(_) => {}
        }
    }
}

/// Whether a format clause takes values of a type.
fn takes(letter: char, ty: &Type) -> bool {
    match (letter, ty) {
        (_, Type::Dyn) | ('d' | 'o' | 'b' | 'x' | 'X', Type::Int | Type::Uint) => true,
        ('b', Type::Bool) | ('x' | 'X', Type::String | Type::Bytes) => true,
        ('f' | 'e', Type::Double | Type::String) => true,
        ('s', Type::Opaque(..) | Type::Object(_) | Type::Error) => false,
        ('s', _) => true,
        _ => false,
    }
}
