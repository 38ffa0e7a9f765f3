//! Run-time errors.

use std::fmt;

use crate::value::Value;

/// Why evaluation gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CelError {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// The text.
    pub message: String,
}

/// Kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// An operation failed, such as looking up a key that is not there.
    Evaluation,
    /// The cost limit of one evaluation was passed.
    CallCost,
    /// What was left of a budget for several evaluations is used up.
    Budget,
}

impl CelError {
    /// A failed operation.
    pub fn new(message: impl Into<String>) -> CelError {
        CelError { kind: ErrorKind::Evaluation, message: message.into() }
    }

    /// No overload takes the arguments.
    pub fn no_such_overload() -> CelError {
        CelError::new("no such overload")
    }

    pub(crate) fn call_cost() -> CelError {
        CelError {
            kind: ErrorKind::CallCost,
            message: "operation cancelled: actual cost limit exceeded".to_owned(),
        }
    }
}

impl fmt::Display for CelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CelError {}

/// What an operation gives.
pub type Outcome<'a> = Result<Value<'a>, CelError>;
