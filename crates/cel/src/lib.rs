//! CEL as Kubernetes has it: validation rules of custom resources and admission policies.
//!
//! [`Environment`] declares what expressions can refer to, [`compile`] parses and checks one, and
//! [`Program::evaluate`] runs it over borrowed objects. [`rules`] does both for the `x-kubernetes-validations` of
//! a schema. Messages, error texts and costs are those of Kubernetes' own implementation.
//!
//! Invariants: no input makes this crate panic, recurse without bound or run longer than its cost limit allows;
//! evaluation copies nothing of the objects it reads.
//!
//! Source: the CEL specification (cel.dev), and KEP-2876 and KEP-3488 for Kubernetes' use of it.

pub mod admission;
mod ast;
mod check;
mod compare;
mod convert;
mod cost;
mod declare;
mod environment;
mod error;
mod escape;
mod eval;
mod format;
mod infer;
mod library;
mod lists;
mod maps;
mod number;
mod opaque;
mod parse;
mod program;
mod regex;
pub mod rules;
mod source;
mod time;
mod types;
mod validate;
mod value;
mod zone;

mod compiled;

pub use compiled::{Bindings, Budget, PER_CALL_LIMIT, Program, compile};
pub use convert::from_json;
pub use declare::declare;
pub use environment::{Environment, Variable};
pub use error::{CelError, ErrorKind, Outcome};
pub use escape::{escape, unescape};
pub use library::authorizer::{
    AccessDecision, AccessRequest, Authorizer, authorizer_value, resource_check_value,
};
pub use opaque::{Opaque, OpaqueValue};
pub use regex::pattern;
pub use source::{Issue, Issues};
pub use time::{Timestamp, parse_duration};
pub use types::{Declared, Format, ListKind, ObjectType, Param, Type};
pub use value::{Fields, Host, Key, Lazy, List, Map, Text, Value};
