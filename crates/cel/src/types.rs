//! Types of expressions, and what schemas declare.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// The type of an expression.
#[derive(Clone, Debug)]
pub enum Type {
    /// Stands where an error was reported.
    Error,
    /// Anything; checked at run time.
    Dyn,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A signed 64-bit integer.
    Int,
    /// An unsigned 64-bit integer.
    Uint,
    /// A 64-bit float.
    Double,
    /// Text.
    String,
    /// Bytes.
    Bytes,
    /// A point in time.
    Timestamp,
    /// A span of time.
    Duration,
    /// A list of one type.
    List(Arc<Type>),
    /// A map of keys and values of one type each.
    Map(Arc<Type>, Arc<Type>),
    /// An object with declared fields.
    Object(Arc<ObjectType>),
    /// A type of a library, such as `kubernetes.Quantity` or `optional_type(int)`.
    Opaque(&'static str, Arc<[Type]>),
    /// A type that is found by inference; the name is `A` in a declaration, a number while checking.
    Param(Param),
    /// The type of a type.
    Type(Option<Arc<Type>>),
}

/// A type parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Param {
    /// Of a declaration.
    Named(char),
    /// A variable of inference.
    Variable(u32),
}

/// An object type: its name and its fields by (escaped) name.
#[derive(Debug, Default)]
pub struct ObjectType {
    /// The name that messages print.
    pub name: String,
    /// The fields by the name an expression uses (see [`crate::escape`]).
    pub fields: HashMap<String, Arc<Declared>>,
    /// The fields by their JSON name, for reading values.
    pub by_json_name: HashMap<String, Arc<Declared>>,
    /// Every field exists even if it is not declared, as `dyn`.
    pub open: bool,
}

/// How lists are compared and joined (`x-kubernetes-list-type`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListKind {
    /// Element by element.
    #[default]
    Atomic,
    /// As sets.
    Set,
    /// By the values of these fields.
    Map(Vec<String>),
}

/// What a schema declares of a value: its type, and the bounds that cost estimates use.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The type.
    pub ty: Type,
    /// The most elements, characters or bytes a value can have; 0 where that is not known or has no meaning.
    pub max_elements: u64,
    /// The fewest bytes a value takes as JSON.
    pub min_serialized_size: i64,
    /// The elements of a list, or the values of a map.
    pub items: Option<Arc<Declared>>,
    /// How a list is compared.
    pub list: ListKind,
    /// How text is read.
    pub format: Format,
    /// `null` is a value of its own.
    pub nullable: bool,
}

/// How the JSON of a declared value is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As its type says.
    #[default]
    Plain,
    /// Text of base64 is bytes.
    Bytes,
    /// Text of a duration.
    Duration,
    /// Text of a date.
    Date,
    /// Text of a date and time.
    DateTime,
    /// An integer or text.
    IntOrString,
}

impl Declared {
    /// A value of `ty` that nothing else is known of.
    pub fn of(ty: Type) -> Declared {
        Declared {
            ty,
            max_elements: 0,
            min_serialized_size: 0,
            items: None,
            list: ListKind::Atomic,
            format: Format::Plain,
            nullable: false,
        }
    }

    /// The object type, if it is one.
    pub fn object(&self) -> Option<&Arc<ObjectType>> {
        match &self.ty {
            Type::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl Type {
    /// `list(items)`.
    pub fn list(items: Type) -> Type {
        Type::List(Arc::new(items))
    }
    /// `map(keys, values)`.
    pub fn map(keys: Type, values: Type) -> Type {
        Type::Map(Arc::new(keys), Arc::new(values))
    }
    /// A library's type without parameters.
    pub fn opaque(name: &'static str) -> Type {
        Type::Opaque(name, Arc::new([]))
    }
    /// `optional_type(of)`.
    pub fn optional(of: Type) -> Type {
        Type::Opaque(OPTIONAL, Arc::new([of]))
    }
    pub(crate) fn type_of(of: Type) -> Type {
        Type::Type(Some(Arc::new(of)))
    }

    pub(crate) fn is_dyn(&self) -> bool {
        matches!(self, Type::Dyn)
    }
    pub(crate) fn is_dyn_or_error(&self) -> bool {
        matches!(self, Type::Dyn | Type::Error)
    }

    /// What an optional holds.
    pub(crate) fn as_optional(&self) -> Option<&Type> {
        match self {
            Type::Opaque(OPTIONAL, parameters) => parameters.first(),
            _ => None,
        }
    }

    /// The name without parameters, as `type()` of a value prints it.
    pub(crate) fn runtime_name(&self) -> &str {
        match self {
            Type::Error => "error",
            Type::Dyn | Type::Param(_) => "dyn",
            Type::Null => "null_type",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Uint => "uint",
            Type::Double => "double",
            Type::String => "string",
            Type::Bytes => "bytes",
            Type::Timestamp => "google.protobuf.Timestamp",
            Type::Duration => "google.protobuf.Duration",
            Type::List(_) => "list",
            Type::Map(..) => "map",
            Type::Object(object) => &object.name,
            Type::Opaque(name, _) => name,
            Type::Type(_) => "type",
        }
    }
}

/// The name of optionals' type.
pub(crate) const OPTIONAL: &str = "optional_type";

impl PartialEq for Type {
    /// Whether the types are exactly the same.
    fn eq(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::List(a), Type::List(b)) => a == b,
            (Type::Map(a, b), Type::Map(c, d)) => a == c && b == d,
            (Type::Object(a), Type::Object(b)) => Arc::ptr_eq(a, b) || a.name == b.name,
            (Type::Opaque(a, b), Type::Opaque(c, d)) => a == c && b == d,
            (Type::Param(a), Type::Param(b)) => a == b,
            (Type::Type(a), Type::Type(b)) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other) && self.is_simple(),
        }
    }
}

impl Type {
    fn is_simple(&self) -> bool {
        !matches!(
            self,
            Type::List(_)
                | Type::Map(..)
                | Type::Object(_)
                | Type::Opaque(..)
                | Type::Param(_)
                | Type::Type(_)
        )
    }
}

impl fmt::Display for Type {
    /// The type as messages print it, such as `map(string, int)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Error => f.write_str("!error!"),
            Type::Null => f.write_str("null"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Duration => f.write_str("duration"),
            Type::List(items) => write!(f, "list({items})"),
            Type::Map(keys, values) => write!(f, "map({keys}, {values})"),
            Type::Param(Param::Named(name)) => write!(f, "{name}"),
            Type::Param(Param::Variable(number)) => write!(f, "_var{number}"),
            Type::Type(Some(of)) => write!(f, "type({of})"),
            Type::Opaque(name, parameters) if !parameters.is_empty() => {
                write!(f, "{name}(")?;
                for (index, parameter) in parameters.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    parameter.fmt(f)?;
                }
                f.write_str(")")
            }
            simple => f.write_str(simple.runtime_name()),
        }
    }
}

/// Type names in declarations that stand for a library's type.
const OPAQUE: &[(&str, &str)] = &[
    ("Quantity", "kubernetes.Quantity"),
    ("URL", "kubernetes.URL"),
    ("IP", "net.IP"),
    ("CIDR", "net.CIDR"),
    ("Semver", "kubernetes.Semver"),
    ("NamedFormat", "kubernetes.NamedFormat"),
    ("Authorizer", "kubernetes.authorization.Authorizer"),
    ("PathCheck", "kubernetes.authorization.PathCheck"),
    ("GroupCheck", "kubernetes.authorization.GroupCheck"),
    ("ResourceCheck", "kubernetes.authorization.ResourceCheck"),
    ("Decision", "kubernetes.authorization.Decision"),
];

/// Reads a type of a declaration, such as `map(string, list(A))`; the rest of the text follows it.
fn read(text: &'static str) -> (Type, &'static str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let parameters = |rest: &'static str| -> (Vec<Type>, &'static str) {
        let mut types = Vec::new();
        let mut rest = rest.strip_prefix('(').unwrap_or(rest);
        loop {
            let (ty, after) = read(rest);
            types.push(ty);
            match after.strip_prefix(", ") {
                Some(next) => rest = next,
                None => return (types, after.strip_prefix(')').unwrap_or(after)),
            }
        }
    };
    let simple = match name {
        "dyn" => Type::Dyn,
        "null" => Type::Null,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "timestamp" => Type::Timestamp,
        "duration" => Type::Duration,
        "list" | "map" | "optional" | "type" => {
            let (types, rest) = parameters(rest);
            let mut types = types.into_iter();
            let first = types.next().unwrap_or(Type::Dyn);
            let ty = match name {
                "list" => Type::list(first),
                "optional" => Type::optional(first),
                "type" => Type::type_of(first),
                _ => Type::map(first, types.next().unwrap_or(Type::Dyn)),
            };
            return (ty, rest);
        }
        _ => match OPAQUE.iter().find(|(short, _)| *short == name) {
            Some((_, full)) => Type::opaque(full),
            None => Type::Param(Param::Named(name.chars().next().unwrap_or('A'))),
        },
    };
    (simple, rest)
}

/// A declaration's signature: `string.size() -> int` or `size(string) -> int`.
pub(crate) struct Signature {
    pub function: &'static str,
    pub member: bool,
    /// The target of a member function is the first.
    pub arguments: Vec<Type>,
    pub result: Type,
}

/// Reads a signature.
pub(crate) fn signature(text: &'static str) -> Signature {
    let (call, result) = text.rsplit_once(" -> ").unwrap_or((text, "dyn"));
    // A member function's target is a type before the last dot that is not in the arguments.
    let open = call
        .char_indices()
        .rev()
        .scan(0i32, |depth, (at, c)| {
            *depth += i32::from(c == ')') - i32::from(c == '(');
            Some((at, c, *depth))
        })
        .find(|(_, c, depth)| *c == '(' && *depth == 0)
        .map_or(call.len(), |found| found.0);
    let (head, arguments) = (&call[..open], &call[(open + 1).min(call.len())..call.len().saturating_sub(1)]);
    let mut types = Vec::new();
    let (function, member) = match head.split_once("::") {
        Some((target, function)) => {
            types.push(read(target).0);
            (function, true)
        }
        None => (head, false),
    };
    let mut rest = arguments;
    while !rest.is_empty() {
        let (ty, after) = read(rest);
        types.push(ty);
        rest = after.strip_prefix(", ").unwrap_or("");
    }
    Signature { function, member, arguments: types, result: read(result).0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read() {
        let text = |signature: &Signature| {
            let arguments: Vec<String> = signature.arguments.iter().map(Type::to_string).collect();
            format!(
                "{} {} [{}] {}",
                signature.function,
                signature.member,
                arguments.join(" "),
                signature.result
            )
        };
        for (input, output) in [
            ("size(string) -> int", "size false [string] int"),
            ("map(A, B)::f(list(A), int) -> optional(B)", "f true [map(A, B) list(A) int] optional_type(B)"),
            ("_?_:_(bool, A, A) -> A", "_?_:_ false [bool A A] A"),
            ("optional.none() -> optional(V)", "optional.none false [] optional_type(V)"),
            (
                "Quantity::sub(Quantity) -> Quantity",
                "sub true [kubernetes.Quantity kubernetes.Quantity] kubernetes.Quantity",
            ),
        ] {
            assert_eq!(text(&signature(input)), output);
        }
    }
}
