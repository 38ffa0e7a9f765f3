//! The type model: one for built-in kinds and for custom resources.
//!
//! A [`Schema`] is an arena of [`Type`]s; a [`TypeRef`] is a cursor into it that the other crates walk beside
//! an `object::Value`. The built-in types are data files; a custom resource's schema is made at run time.
//!
//! Invariants: a schema never changes once built; walking (schema, value) needs no other knowledge of a kind.

mod builtin;
mod decode;
mod encode;
mod model;
mod normalise;
pub mod openapi;
pub mod protobuf;
pub mod structural;

pub use builtin::{builtin, parse};
pub use decode::{decode, decode_with_notices, go_type};
pub use encode::{encode, splice_resource_version};
pub use model::{
    Additional, Field, List, ListType, MapType, Omit, OwnedType, PatchStrategy, Proto, Scalar, Schema, Shape,
    Struct, Type, TypeId, TypeRef, Wire,
};
pub use normalise::{forget_empty, normalise, zero};
pub(crate) use object::Text;
