//! The expressions of webhooks and policies.

use std::collections::HashMap;

use cel::Type;
use cel::admission::Admission;
use status::{FieldError, FieldErrors};

use crate::checks::Field;

const MAX_CONDITIONS: usize = 64;

/// What an expression must give.
pub(super) enum Gives {
    /// Anything.
    Anything,
    /// One of these types.
    OneOf(Vec<Type>),
}

impl Gives {
    /// A boolean.
    pub(super) fn truth() -> Gives {
        Gives::OneOf(vec![Type::Bool])
    }

    /// Text.
    pub(super) fn text() -> Gives {
        Gives::OneOf(vec![Type::String])
    }
}

/// Compiles an expression; its type, if it is good.
pub(super) fn compile(
    expression: &Field<'_, '_>,
    source: &str,
    admission: &Admission,
    gives: &Gives,
    errors: &mut FieldErrors,
) -> Option<Type> {
    let wrong = |detail: String| FieldError::invalid(&expression.path, source, detail);
    let program = match cel::compile(source, &admission.environment(source)) {
        Ok(program) => program,
        Err(issues) => {
            errors.push(wrong(format!("compilation failed: {issues}")));
            return None;
        }
    };
    let found = name_of(program.result());
    if let Gives::OneOf(types) = gives {
        let names: Vec<String> = types.iter().map(name_of).collect();
        if !names.contains(&found) {
            let detail = match names.as_slice() {
                [one] => format!("must evaluate to {one} but got {found}"),
                several => format!("must evaluate to one of [{}]", several.join(" ")),
            };
            errors.push(wrong(detail));
            return None;
        }
    }
    Some(program.result().clone())
}

/// The name of a type in messages about results.
fn name_of(ty: &Type) -> String {
    if matches!(ty, Type::Null) { "null_type".to_owned() } else { ty.to_string() }
}

/// Checks the match conditions of a webhook or a policy.
pub(super) fn validate_conditions(
    conditions: &Field<'_, '_>,
    admission: &Admission,
    errors: &mut FieldErrors,
) {
    let count = conditions.list().len();
    if count > MAX_CONDITIONS {
        errors.push(FieldError::too_many(&conditions.path, count, MAX_CONDITIONS));
    }
    let mut names = Vec::new();
    for condition in conditions.items() {
        let (name, expression) = (condition.child("name"), condition.child("expression"));
        match expression.text().trim() {
            "" => expression.missing(errors, ""),
            source => {
                compile(&expression, source, admission, &Gives::truth(), errors);
            }
        }
        if name.required(errors) {
            name.name(errors, meta::names::qualified_name);
            if names.contains(&name.text()) {
                name.duplicate(errors);
            }
            names.push(name.text());
        }
    }
}

/// Checks variables one after the other; each can refer to those before it.
pub(super) fn validate_variables(
    variables: &Field<'_, '_>,
    admission: &mut Admission,
    errors: &mut FieldErrors,
) {
    if variables.is_empty() {
        return;
    }
    admission.variables = Some(HashMap::new());
    for variable in variables.items() {
        let (name, expression) = (variable.child("name"), variable.child("expression"));
        if name.text().trim().is_empty() {
            name.missing(errors, "name is not specified");
        } else {
            if !is_identifier(name.text()) {
                name.invalid(errors, "must be a valid CEL identifier");
            }
            if admission.variables.iter().any(|known| known.contains_key(name.text())) {
                name.duplicate(errors);
            }
        }
        let source = expression.text();
        if source.trim().is_empty() {
            expression.missing(errors, "expression is not specified");
            continue;
        }
        let ty = compile(&expression, source, admission, &Gives::Anything, errors).unwrap_or(Type::Dyn);
        if let Some(known) = &mut admission.variables {
            known.insert(name.text().to_owned(), ty);
        }
    }
}

/// Whether a name can be used as it is in expressions.
fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && cel::escape(name) != Some(format!("__{name}__"))
}
