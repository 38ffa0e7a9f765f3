//! Type inference: which types can stand for which, and what type variables become.

use crate::types::{Param, Type};

/// What type variables were found to be, with a log to undo failed attempts.
#[derive(Default)]
pub(crate) struct Inference {
    found: Vec<Option<Type>>,
    log: Vec<(u32, Option<Type>)>,
}

impl Inference {
    /// A new type variable.
    pub fn variable(&mut self) -> Type {
        self.found.push(None);
        Type::Param(Param::Variable(self.found.len() as u32 - 1))
    }

    fn find(&self, ty: &Type) -> Option<&Type> {
        match ty {
            Type::Param(Param::Variable(number)) => self.found.get(*number as usize)?.as_ref(),
            _ => None,
        }
    }

    fn set(&mut self, ty: &Type, to: Type) {
        if let Type::Param(Param::Variable(number)) = ty
            && let Some(slot) = self.found.get_mut(*number as usize)
        {
            self.log.push((*number, slot.replace(to)));
        }
    }

    fn undo_to(&mut self, mark: usize) {
        for (number, before) in self.log.drain(mark..).rev() {
            self.found[number as usize] = before;
        }
    }

    /// Whether a value of `second` can be used where `first` is expected (or the other way round); remembers
    /// what that makes of variables.
    pub fn assignable(&mut self, first: &Type, second: &Type) -> bool {
        self.try_or_undo(|inference| inference.fits(first, second))
    }

    /// The same for lists of types; either all fit or nothing is remembered.
    pub fn all_assignable(&mut self, first: &[Type], second: &[Type]) -> bool {
        self.try_or_undo(|inference| inference.all_fit(first, second))
    }

    fn try_or_undo(&mut self, attempt: impl FnOnce(&mut Inference) -> bool) -> bool {
        let mark = self.log.len();
        let fits = attempt(self);
        if !fits {
            self.undo_to(mark);
        }
        fits
    }

    fn all_fit(&mut self, first: &[Type], second: &[Type]) -> bool {
        first.len() == second.len() && first.iter().zip(second).all(|(a, b)| self.fits(a, b))
    }

    fn fits(&mut self, first: &Type, second: &Type) -> bool {
        if matches!(second, Type::Param(_)) {
            let (valid, known) = self.substitutes(first, second);
            if valid || known {
                return valid;
            }
        }
        if matches!(first, Type::Param(_)) {
            return self.substitutes(second, first).0;
        }
        if first.is_dyn_or_error() || second.is_dyn_or_error() {
            return true;
        }
        match (first, second) {
            (Type::Null, other) | (other, Type::Null) => matches!(
                other,
                Type::Null | Type::Opaque(..) | Type::Object(_) | Type::Duration | Type::Timestamp
            ),
            (Type::Type(_), Type::Type(_)) => true,
            (Type::List(a), Type::List(b)) => self.fits(a, b),
            (Type::Map(a, b), Type::Map(c, d)) => self.fits(a, c) && self.fits(b, d),
            (Type::Opaque(a, p), Type::Opaque(b, q)) => a == b && self.all_fit(p, q),
            _ => first == second,
        }
    }

    /// Whether the variable `variable` can be `ty`, and whether it was something before.
    fn substitutes(&mut self, ty: &Type, variable: &Type) -> (bool, bool) {
        if ty == variable {
            return (true, true);
        }
        if let Some(known) = self.find(variable).cloned() {
            if *ty == known {
                return (true, true);
            }
            if !self.fits(ty, &known) {
                return (false, true);
            }
            let general = most_general(ty, &known);
            if self.independent(variable, &general) {
                self.set(variable, general);
            }
            return (true, true);
        }
        let valid = self.independent(variable, ty);
        if valid {
            self.set(variable, ty.clone());
        }
        (valid, false)
    }

    /// Whether `variable` does not occur in `ty`.
    fn independent(&self, variable: &Type, ty: &Type) -> bool {
        if variable == ty {
            return false;
        }
        match ty {
            Type::Param(_) => self.find(ty).is_none_or(|found| self.independent(variable, found)),
            Type::List(items) => self.independent(variable, items),
            Type::Map(keys, values) => self.independent(variable, keys) && self.independent(variable, values),
            Type::Opaque(_, parameters) => parameters.iter().all(|part| self.independent(variable, part)),
            Type::Type(Some(of)) => self.independent(variable, of),
            _ => true,
        }
    }

    /// `ty` with its variables replaced by what they were found to be; those that were not become `dyn` if asked.
    pub fn substitute(&self, ty: &Type, rest_is_dyn: bool) -> Type {
        if let Some(found) = self.find(ty) {
            return self.substitute(found, rest_is_dyn);
        }
        match ty {
            Type::Param(_) if rest_is_dyn => Type::Dyn,
            Type::List(items) => Type::list(self.substitute(items, rest_is_dyn)),
            Type::Map(keys, values) => {
                Type::map(self.substitute(keys, rest_is_dyn), self.substitute(values, rest_is_dyn))
            }
            Type::Opaque(name, parameters) if !parameters.is_empty() => {
                Type::Opaque(name, parameters.iter().map(|part| self.substitute(part, rest_is_dyn)).collect())
            }
            Type::Type(Some(of)) => Type::type_of(self.substitute(of, rest_is_dyn)),
            other => other.clone(),
        }
    }
}

/// Replaces a declaration's parameters by `variables`, adding those that are missing.
pub(crate) fn instantiate(ty: &Type, variables: &mut Vec<(char, Type)>, inference: &mut Inference) -> Type {
    match ty {
        Type::Param(Param::Named(name)) => {
            if let Some((_, variable)) = variables.iter().find(|(known, _)| known == name) {
                return variable.clone();
            }
            let variable = inference.variable();
            variables.push((*name, variable.clone()));
            variable
        }
        Type::List(items) => Type::list(instantiate(items, variables, inference)),
        Type::Map(keys, values) => {
            Type::map(instantiate(keys, variables, inference), instantiate(values, variables, inference))
        }
        Type::Opaque(name, parameters) if !parameters.is_empty() => Type::Opaque(
            name,
            parameters.iter().map(|part| instantiate(part, variables, inference)).collect(),
        ),
        Type::Type(Some(of)) => Type::type_of(instantiate(of, variables, inference)),
        other => other.clone(),
    }
}

/// The less specific of two types that fit each other.
pub(crate) fn most_general(first: &Type, second: &Type) -> Type {
    if equal_or_less_specific(first, second) { first.clone() } else { second.clone() }
}

fn equal_or_less_specific(first: &Type, second: &Type) -> bool {
    match (first, second) {
        (Type::Dyn | Type::Param(_), _) => true,
        (_, Type::Dyn | Type::Param(_)) => false,
        (Type::Opaque(a, p), Type::Opaque(b, q)) => {
            a == b && p.len() == q.len() && p.iter().zip(q.iter()).all(|(a, b)| equal_or_less_specific(a, b))
        }
        (Type::List(a), Type::List(b)) => equal_or_less_specific(a, b),
        (Type::Map(a, b), Type::Map(c, d)) => equal_or_less_specific(a, c) && equal_or_less_specific(b, d),
        (Type::Type(_), Type::Type(_)) => true,
        _ => first == second,
    }
}

/// Whether two types are the same but for the names of their variables.
pub(crate) fn equivalent(first: &Type, second: &Type) -> bool {
    match (first, second) {
        (Type::Param(_), Type::Param(_)) => true,
        (Type::List(a), Type::List(b)) => equivalent(a, b),
        (Type::Map(a, b), Type::Map(c, d)) => equivalent(a, c) && equivalent(b, d),
        (Type::Opaque(a, p), Type::Opaque(b, q)) => {
            a == b && p.len() == q.len() && p.iter().zip(q.iter()).all(|(a, b)| equivalent(a, b))
        }
        (Type::Type(Some(a)), Type::Type(Some(b))) => equivalent(a, b),
        _ => first == second,
    }
}
