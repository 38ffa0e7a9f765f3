//! What an expression can refer to: variables, functions, types.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::cost::{Charge, charge_of};
use crate::library;
use crate::types::{Declared, ObjectType, Type, signature};
use crate::value::Native;

/// One signature of a function, and what it does.
pub(crate) struct Overload {
    pub id: &'static str,
    pub function: &'static str,
    /// Called on a target, which is then the first argument.
    pub member: bool,
    pub arguments: Vec<Type>,
    pub result: Type,
    pub charge: Charge,
    pub run: Native,
}

/// Functions by name, each with its overloads in the order of their declaration.
pub(crate) type Functions = HashMap<&'static str, Vec<Overload>>;

/// The functions of Kubernetes' base environment.
pub(crate) static BASE: LazyLock<Functions> = LazyLock::new(|| {
    let mut functions = Functions::new();
    for (declaration, run) in library::tables() {
        let (id, text) = declaration.split_once(": ").unwrap_or(("", declaration));
        let parsed = signature(text);
        functions.entry(parsed.function).or_default().push(Overload {
            id,
            function: parsed.function,
            member: parsed.member,
            arguments: parsed.arguments,
            result: parsed.result,
            charge: charge_of(parsed.function, id),
            run,
        });
    }
    functions
});

/// A variable that expressions can use.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type and bounds.
    pub declared: Arc<Declared>,
}

/// What an expression can refer to besides Kubernetes' libraries.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    pub(crate) variables: Vec<Variable>,
    pub(crate) objects: HashMap<String, Arc<ObjectType>>,
    /// Whether the declared bounds count in cost estimates.
    pub(crate) sized: bool,
}

impl Environment {
    /// Kubernetes' libraries, without variables.
    pub fn new() -> Environment {
        Environment::default()
    }

    /// Adds a variable; its values are bound in the order of these calls (see [`crate::Bindings`]).
    pub fn variable(mut self, name: &str, declared: Arc<Declared>) -> Environment {
        self.variables.push(Variable { name: name.to_owned(), declared });
        self
    }

    /// Adds an object type that expressions can make values of.
    pub fn object(mut self, object: Arc<ObjectType>) -> Environment {
        self.objects.insert(object.name.clone(), object);
        self
    }

    /// Makes the bounds that the variables' schemas declare count in cost estimates.
    pub fn sized(mut self) -> Environment {
        self.sized = true;
        self
    }

    /// The variables in the order in which they are bound.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    pub(crate) fn lookup(&self, name: &str) -> Option<(usize, &Variable)> {
        self.variables.iter().enumerate().rfind(|(_, variable)| variable.name == name)
    }
}

/// Names that stand for types.
pub(crate) fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Bool,
        "bytes" => Type::Bytes,
        "double" => Type::Double,
        "dyn" => Type::Dyn,
        "int" => Type::Int,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "null_type" => Type::Null,
        "string" => Type::String,
        "type" => Type::Type(None),
        "uint" => Type::Uint,
        "google.protobuf.Timestamp" => Type::Timestamp,
        "google.protobuf.Duration" => Type::Duration,
        "optional_type" => Type::optional(Type::Dyn),
        "net.IP" => Type::opaque("net.IP"),
        "net.CIDR" => Type::opaque("net.CIDR"),
        "kubernetes.Quantity" => Type::opaque("kubernetes.Quantity"),
        "kubernetes.URL" => Type::opaque("kubernetes.URL"),
        "kubernetes.Semver" => Type::opaque("kubernetes.Semver"),
        "kubernetes.NamedFormat" => Type::opaque("kubernetes.NamedFormat"),
        _ => return None,
    })
}
