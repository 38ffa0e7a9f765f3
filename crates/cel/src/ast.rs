//! Expressions as parsed, macros expanded.

use std::sync::Arc;

use crate::source::Offset;

/// An expression's number, unique within its [`Ast`].
pub(crate) type ExprId = u32;

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(Arc<str>),
    Bytes(Arc<[u8]>),
}

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub id: ExprId,
    pub kind: Kind,
}

/// An entry of a map literal.
#[derive(Clone, Debug)]
pub(crate) struct MapEntry {
    pub id: ExprId,
    pub key: Expr,
    pub value: Expr,
    /// Left out when the value is an empty optional.
    pub optional: bool,
}

/// A field of a message literal.
#[derive(Clone, Debug)]
pub(crate) struct FieldEntry {
    pub id: ExprId,
    pub name: String,
    pub value: Expr,
    /// Left out when the value is an empty optional.
    pub optional: bool,
}

/// A fold: what macros over lists and maps become.
#[derive(Clone, Debug)]
pub(crate) struct Comprehension {
    pub range: Expr,
    pub variable: String,
    pub variable2: Option<String>,
    pub accumulator: String,
    pub initial: Expr,
    pub condition: Expr,
    pub step: Expr,
    pub result: Expr,
}

/// Kinds of expressions.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Stands where a syntax error was.
    Unspecified,
    Literal(Literal),
    Ident(String),
    Select {
        operand: Box<Expr>,
        field: String,
        test_only: bool,
    },
    Call {
        function: String,
        target: Option<Box<Expr>>,
        arguments: Vec<Expr>,
    },
    List {
        elements: Vec<Expr>,
        optional: Vec<usize>,
    },
    Map(Vec<MapEntry>),
    Struct {
        name: String,
        fields: Vec<FieldEntry>,
    },
    Comprehension(Box<Comprehension>),
}

/// A parsed expression and where its parts stand in the source.
#[derive(Clone, Debug)]
pub(crate) struct Ast {
    pub root: Expr,
    /// Places by [`ExprId`].
    pub offsets: Vec<Offset>,
}

impl Ast {
    /// Where an expression stands.
    pub fn offset(&self, id: ExprId) -> Offset {
        self.offsets.get(id as usize).copied().unwrap_or(crate::source::NOWHERE)
    }
}

/// The names of operators as functions.
pub(crate) mod operator {
    pub const CONDITIONAL: &str = "_?_:_";
    pub const AND: &str = "_&&_";
    pub const OR: &str = "_||_";
    pub const NOT: &str = "!_";
    pub const EQUALS: &str = "_==_";
    pub const NOT_EQUALS: &str = "_!=_";
    pub const LESS: &str = "_<_";
    pub const LESS_EQUALS: &str = "_<=_";
    pub const GREATER: &str = "_>_";
    pub const GREATER_EQUALS: &str = "_>=_";
    pub const ADD: &str = "_+_";
    pub const SUBTRACT: &str = "_-_";
    pub const MULTIPLY: &str = "_*_";
    pub const DIVIDE: &str = "_/_";
    pub const MODULO: &str = "_%_";
    pub const NEGATE: &str = "-_";
    pub const INDEX: &str = "_[_]";
    pub const IN: &str = "@in";
    pub const NOT_STRICTLY_FALSE: &str = "@not_strictly_false";
    pub const OPTIONAL_INDEX: &str = "_[?_]";
    pub const OPTIONAL_SELECT: &str = "_?._";
    pub const MAP_INSERT: &str = "cel.@mapInsert";
    pub const SORT_BY_KEYS: &str = "@sortByAssociatedKeys";
}
