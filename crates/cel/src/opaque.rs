//! Values of the libraries' own types.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use crate::error::CelError;
use crate::value::Value;

/// A value of a library's type.
pub trait OpaqueValue: Debug + Send + Sync + Any {
    /// The type's name, such as `kubernetes.Quantity`.
    fn type_name(&self) -> &'static str;
    /// Whether the other value is the same.
    fn equals(&self, other: &dyn OpaqueValue) -> bool;
    /// The size that costs are computed of.
    fn size(&self) -> u64 {
        1
    }
}

/// A shared value of a library's type.
#[derive(Clone, Debug)]
pub struct Opaque(pub Arc<dyn OpaqueValue>);

impl Opaque {
    /// Shares `value`.
    pub fn new(value: impl OpaqueValue) -> Opaque {
        Opaque(Arc::new(value))
    }
    /// The name of its type.
    pub fn type_name(&self) -> &'static str {
        self.0.type_name()
    }
    pub(crate) fn size(&self) -> u64 {
        self.0.size()
    }
    /// The value, if it is of this Rust type.
    pub fn get<T: OpaqueValue>(&self) -> Option<&T> {
        let any: &dyn Any = &*self.0;
        any.downcast_ref()
    }
}

/// An opaque value as a value.
pub(crate) fn opaque<'a>(value: impl OpaqueValue) -> Value<'a> {
    Value::Opaque(Opaque::new(value))
}

/// The argument as a library's type.
pub(crate) fn expect<'v, T: OpaqueValue>(value: &'v Value<'_>) -> Result<&'v T, CelError> {
    match value {
        Value::Opaque(opaque) => opaque.get().ok_or_else(CelError::no_such_overload),
        _ => Err(CelError::no_such_overload()),
    }
}
