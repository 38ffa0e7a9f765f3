//! The type checker: finds the type of every part of an expression, and the functions that its calls mean.

use std::collections::HashMap;

use crate::ast::{Ast, Comprehension, Expr, ExprId, FieldEntry, Kind, Literal, MapEntry, operator};
use crate::environment::{BASE, Environment, Overload, type_named};
use crate::infer::{Inference, instantiate, most_general};
use crate::source::Issues;
use crate::types::Type;

/// What an identifier refers to.
#[derive(Clone, Debug)]
pub(crate) enum Reference {
    /// The variable of the environment with this index.
    Variable(usize),
    /// A variable of a macro, by name.
    Local,
    /// A type.
    Type(Type),
}

/// What checking found out.
pub(crate) struct Checked {
    /// Types by expression.
    pub types: Vec<Type>,
    /// The overloads that a call may mean.
    pub overloads: HashMap<ExprId, Vec<&'static Overload>>,
    /// What identifiers mean.
    pub references: HashMap<ExprId, Reference>,
}

impl Checked {
    /// The type of an expression.
    pub fn of(&self, id: ExprId) -> &Type {
        self.types.get(id as usize).unwrap_or(&Type::Error)
    }
}

/// Checks `ast`, whose calls of functions with dots in their names become plain calls; reports to `issues`.
pub(crate) fn check(ast: &mut Ast, environment: &Environment, issues: &mut Issues) -> Checked {
    let mut root = std::mem::replace(&mut ast.root, Expr { id: 0, kind: Kind::Unspecified });
    let mut checker = Checker {
        ast,
        environment,
        issues,
        inference: Inference::default(),
        types: Vec::new(),
        overloads: HashMap::new(),
        references: HashMap::new(),
        scopes: Vec::new(),
    };
    checker.types.resize(checker.ast.offsets.len(), Type::Error);
    checker.check(&mut root);
    let Checker { inference, mut types, overloads, references, .. } = checker;
    for ty in &mut types {
        *ty = inference.substitute(ty, true);
    }
    ast.root = root;
    Checked { types, overloads, references }
}

struct Checker<'a> {
    ast: &'a Ast,
    environment: &'a Environment,
    issues: &'a mut Issues,
    inference: Inference,
    types: Vec<Type>,
    overloads: HashMap<ExprId, Vec<&'static Overload>>,
    references: HashMap<ExprId, Reference>,
    /// Variables of macros, innermost last.
    scopes: Vec<(String, Type)>,
}

/// The name that `a.b.c` spells, if it is only identifiers.
fn qualified_name(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Ident(name) => Some(name.clone()),
        Kind::Select { operand, field, test_only: false } => {
            Some(format!("{}.{field}", qualified_name(operand)?))
        }
        _ => None,
    }
}

impl Checker<'_> {
    fn report(&mut self, id: ExprId, message: String) {
        self.issues.report(self.ast.offset(id), message);
    }

    fn set(&mut self, id: ExprId, ty: Type) {
        self.types[id as usize] = ty;
    }

    fn ty(&self, expr: &Expr) -> Type {
        self.types[expr.id as usize].clone()
    }

    fn resolved(&self, expr: &Expr) -> Type {
        self.inference.substitute(&self.types[expr.id as usize], false)
    }

    fn undeclared(&mut self, id: ExprId, name: &str) {
        self.report(id, format!("undeclared reference to '{name}' (in container '')"));
        self.set(id, Type::Error);
    }

    fn mismatch(&mut self, id: ExprId, expected: &Type, found: &Type) {
        self.report(id, format!("expected type '{expected}' but found '{found}'"));
    }

    fn check(&mut self, expr: &mut Expr) {
        let id = expr.id;
        match &mut expr.kind {
            Kind::Unspecified => {}
            Kind::Literal(literal) => self.set(id, literal_type(literal)),
            Kind::Ident(name) => {
                let name = name.clone();
                self.ident(id, &name);
            }
            Kind::Select { .. } => self.select(expr),
            Kind::Call { .. } => self.call(expr),
            Kind::List { elements, optional } => self.list(id, elements, optional),
            Kind::Map(entries) => self.map(id, entries),
            Kind::Struct { name, fields } => {
                let name = name.clone();
                self.message(id, &name, fields);
            }
            Kind::Comprehension(fold) => self.comprehension(id, fold),
        }
    }

    fn local(&self, name: &str) -> Option<&Type> {
        self.scopes.iter().rfind(|(known, _)| known == name).map(|(_, ty)| ty)
    }

    fn ident(&mut self, id: ExprId, written: &str) {
        let absolute = written.strip_prefix('.');
        let name = absolute.unwrap_or(written);
        if absolute.is_none()
            && let Some(ty) = self.local(name).cloned()
        {
            self.references.insert(id, Reference::Local);
            return self.set(id, ty);
        }
        if let Some((index, variable)) = self.environment.lookup(name) {
            let ty = variable.declared.ty.clone();
            self.references.insert(id, Reference::Variable(index));
            return self.set(id, ty);
        }
        match type_named(name) {
            Some(ty) => {
                self.references.insert(id, Reference::Type(ty.clone()));
                self.set(id, Type::type_of(ty));
            }
            None => self.undeclared(id, written),
        }
    }

    fn select(&mut self, expr: &mut Expr) {
        let id = expr.id;
        let name = qualified_name(expr);
        let Kind::Select { operand, field, test_only } = &mut expr.kind else { return };
        if let Some((index, variable)) = name.as_deref().and_then(|name| self.environment.lookup(name)) {
            let ty = variable.declared.ty.clone();
            self.references.insert(id, Reference::Variable(index));
            return self.set(id, ty);
        }
        if let Some(ty) = name.and_then(|name| self.qualified_type(&name)) {
            self.references.insert(id, Reference::Type(ty.clone()));
            return self.set(id, Type::type_of(ty));
        }
        let (field, test_only) = (field.clone(), *test_only);
        let found = self.field(id, operand, &field, false);
        let ty = if test_only { Type::Bool } else { self.inference.substitute(&found, false) };
        self.set(id, ty);
    }

    /// The type that a dotted name stands for, unless its first part is a variable.
    fn qualified_type(&self, name: &str) -> Option<Type> {
        let first = name.split('.').next()?;
        if self.local(first).is_some() || self.environment.lookup(first).is_some() {
            return None;
        }
        type_named(name)
    }

    fn field(&mut self, id: ExprId, operand: &mut Expr, field: &str, optional: bool) -> Type {
        self.check(operand);
        let ty = self.resolved(operand);
        let (target, was_optional) = match ty.as_optional() {
            Some(inner) => (inner.clone(), true),
            None => (ty, false),
        };
        let found = match &target {
            Type::Map(_, values) => (**values).clone(),
            Type::Object(object) => match object.fields.get(field) {
                Some(declared) => declared.ty.clone(),
                None if object.open => Type::Dyn,
                None => {
                    self.report(id, format!("undefined field '{field}'"));
                    Type::Error
                }
            },
            Type::Param(_) => {
                self.inference.assignable(&Type::Dyn, &target);
                Type::Dyn
            }
            other if other.is_dyn_or_error() => Type::Dyn,
            other => {
                self.report(id, format!("type '{other}' does not support field selection"));
                Type::Dyn
            }
        };
        if was_optional || optional { Type::optional(found) } else { found }
    }

    fn call(&mut self, expr: &mut Expr) {
        let id = expr.id;
        let Kind::Call { function, target, arguments } = &mut expr.kind else { return };
        if function == operator::OPTIONAL_SELECT
            && let [operand, field] = arguments.as_mut_slice()
            && let Kind::Literal(Literal::String(name)) = &field.kind
        {
            let name = name.clone();
            self.set(field.id, Type::String);
            let ty = self.field(id, operand, &name, true);
            let ty = self.inference.substitute(&ty, false);
            return self.set(id, ty);
        }
        for argument in arguments.iter_mut() {
            self.check(argument);
        }
        if let Some(object) = target {
            let qualified = qualified_name(object).map(|prefix| format!("{prefix}.{function}"));
            let known =
                qualified.as_deref().and_then(|name| BASE.get_key_value(name.trim_start_matches('.')));
            if let Some((name, _)) = known {
                *function = (*name).to_owned();
                *target = None;
            }
        }
        if let Some(target) = target {
            self.check(target);
        }
        let name = function.trim_start_matches('.').to_owned();
        let Some(overloads) = BASE.get(name.as_str()) else {
            let written = function.clone();
            return self.undeclared(id, &written);
        };
        *function = name;
        let types: Vec<Type> =
            target.iter().map(|target| self.ty(target)).chain(arguments.iter().map(|a| self.ty(a))).collect();
        let member = target.is_some();
        let ids: Vec<ExprId> = arguments.iter().map(|argument| argument.id).collect();
        let ty = self.overload(id, overloads, member, types, &ids).unwrap_or(Type::Error);
        self.set(id, ty);
    }

    fn overload(
        &mut self,
        id: ExprId,
        overloads: &'static [Overload],
        member: bool,
        mut types: Vec<Type>,
        arguments: &[ExprId],
    ) -> Option<Type> {
        let function = overloads.first()?.function;
        if function == operator::AND || function == operator::OR {
            let mut fits = true;
            for (ty, argument) in types.iter().zip(arguments) {
                if !self.inference.assignable(ty, &Type::Bool) {
                    self.mismatch(*argument, &Type::Bool, ty);
                    fits = false;
                }
            }
            self.overloads.insert(id, vec![&overloads[0]]);
            return fits.then_some(Type::Bool);
        }
        let mut result: Option<Type> = None;
        let mut chosen = Vec::new();
        for overload in overloads.iter().filter(|overload| overload.member == member) {
            let mut variables = Vec::new();
            let wanted: Vec<Type> = overload
                .arguments
                .iter()
                .map(|ty| instantiate(ty, &mut variables, &mut self.inference))
                .collect();
            let declared = instantiate(&overload.result, &mut variables, &mut self.inference);
            if !self.inference.all_assignable(&types, &wanted) {
                continue;
            }
            chosen.push(overload);
            let ty = self.inference.substitute(&declared, false);
            result = Some(match result {
                None => ty,
                Some(before) if before.is_dyn() || before == ty => before,
                Some(_) => Type::Dyn,
            });
        }
        if result.is_none() {
            for ty in &mut types {
                *ty = self.inference.substitute(ty, true);
            }
            let text = |types: &[Type]| types.iter().map(Type::to_string).collect::<Vec<_>>().join(", ");
            let applied = if member {
                format!("{}.({})", types[0], text(&types[1..]))
            } else {
                format!("({})", text(&types))
            };
            self.report(id, format!("found no matching overload for '{function}' applied to '{applied}'"));
        }
        self.overloads.insert(id, chosen);
        result
    }

    /// The type in an optional that an entry marked `?` must be.
    fn unwrapped(&mut self, value: &Expr) -> Type {
        let ty = self.ty(value);
        match ty.as_optional() {
            Some(inner) => inner.clone(),
            None => {
                if !ty.is_dyn() {
                    self.mismatch(value.id, &Type::optional(ty.clone()), &ty);
                }
                ty
            }
        }
    }

    /// The type of elements of both types; lists of several types are lists of `dyn`.
    fn join(&mut self, before: Option<Type>, ty: Type) -> Type {
        match before {
            None => ty,
            Some(before) if self.inference.assignable(&before, &ty) => most_general(&before, &ty),
            Some(_) => Type::Dyn,
        }
    }

    fn list(&mut self, id: ExprId, elements: &mut [Expr], optional: &[usize]) {
        let mut joined = None;
        for (index, element) in elements.iter_mut().enumerate() {
            self.check(element);
            let ty = if optional.contains(&index) { self.unwrapped(element) } else { self.ty(element) };
            joined = Some(self.join(joined, ty));
        }
        let items = joined.unwrap_or_else(|| self.inference.variable());
        self.set(id, Type::list(items));
    }

    fn map(&mut self, id: ExprId, entries: &mut [MapEntry]) {
        let (mut keys, mut values) = (None, None);
        for entry in entries {
            self.check(&mut entry.key);
            let ty = self.ty(&entry.key);
            keys = Some(self.join(keys, ty));
            self.check(&mut entry.value);
            let ty = if entry.optional { self.unwrapped(&entry.value) } else { self.ty(&entry.value) };
            values = Some(self.join(values, ty));
        }
        let keys = keys.unwrap_or_else(|| self.inference.variable());
        let values = values.unwrap_or_else(|| self.inference.variable());
        self.set(id, Type::map(keys, values));
    }

    fn message(&mut self, id: ExprId, name: &str, fields: &mut [FieldEntry]) {
        let Some(object) = self.environment.objects.get(name.trim_start_matches('.')).cloned() else {
            return match type_named(name) {
                Some(_) => {
                    self.report(id, format!("'{name}' is not a message type"));
                    self.set(id, Type::Error);
                }
                None => self.undeclared(id, name),
            };
        };
        self.set(id, Type::Object(object.clone()));
        for field in fields {
            self.check(&mut field.value);
            let Some(declared) = object.fields.get(&field.name) else {
                if object.open {
                    continue;
                }
                self.report(field.id, format!("undefined field '{}'", field.name));
                continue;
            };
            let ty = if field.optional { self.unwrapped(&field.value) } else { self.ty(&field.value) };
            if !self.inference.assignable(&declared.ty, &ty) {
                self.report(
                    field.id,
                    format!(
                        "expected type of field '{}' is '{}' but provided type is '{ty}'",
                        field.name, declared.ty
                    ),
                );
            }
        }
    }

    fn comprehension(&mut self, id: ExprId, fold: &mut Comprehension) {
        self.check(&mut fold.range);
        self.check(&mut fold.initial);
        let range = self.resolved(&fold.range);
        let accumulator = self.ty(&fold.initial);
        let depth = self.scopes.len();
        self.scopes.push((fold.accumulator.clone(), accumulator.clone()));
        let (first, second) = match &range {
            Type::List(items) if fold.variable2.is_some() => (Type::Int, (**items).clone()),
            Type::List(items) => ((**items).clone(), Type::Error),
            Type::Map(keys, values) => ((**keys).clone(), (**values).clone()),
            Type::Dyn | Type::Error | Type::Param(_) => {
                self.inference.assignable(&Type::Dyn, &range);
                (Type::Dyn, Type::Dyn)
            }
            other => {
                self.report(
                    fold.range.id,
                    format!("expression of type '{other}' cannot be range of a comprehension (must be list, map, or dynamic)"),
                );
                (Type::Error, Type::Error)
            }
        };
        self.scopes.push((fold.variable.clone(), first));
        if let Some(variable) = &fold.variable2 {
            self.scopes.push((variable.clone(), second));
        }
        self.check(&mut fold.condition);
        self.expect(&fold.condition, &Type::Bool);
        self.check(&mut fold.step);
        self.expect(&fold.step, &accumulator);
        self.scopes.truncate(depth + 1);
        self.check(&mut fold.result);
        self.scopes.truncate(depth);
        let ty = self.resolved(&fold.result);
        self.set(id, ty);
    }

    fn expect(&mut self, expr: &Expr, expected: &Type) {
        let found = self.ty(expr);
        if !self.inference.assignable(expected, &found) {
            self.mismatch(expr.id, expected, &found);
        }
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::String(_) => Type::String,
        Literal::Bytes(_) => Type::Bytes,
    }
}
