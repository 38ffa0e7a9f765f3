//! What apply must know of the versions of a kind.

use std::borrow::Cow;

use object::Value;
use schema::TypeRef;

use super::Set;

/// The versions that one kind of object is served in.
pub trait Versions {
    /// The type of the kind in `api_version`; nothing if it is not served (any longer).
    fn ty(&self, api_version: &str) -> Option<TypeRef<'_>>;

    /// The object, which is in version `from`, in version `to`; nothing if it can't be had.
    fn convert<'o>(&self, object: &'o Value, from: &str, to: &str) -> Option<Cow<'o, Value>>;

    /// What the resource resets on every write, in `api_version`: owned by nobody who writes there.
    fn reset_fields(&self, _api_version: &str) -> Option<&Set> {
        None
    }

    /// Reads a merged object as one of the kind, as far as that can fail; fails with the words for why it is none.
    fn accept(&self, _merged: &Value) -> Result<(), String> {
        Ok(())
    }
}

/// A kind with one version.
pub struct SingleVersion<'a> {
    /// The version.
    pub api_version: &'a str,
    /// The type.
    pub ty: TypeRef<'a>,
    /// What is reset; may be empty.
    pub reset_fields: Set,
}

impl Versions for SingleVersion<'_> {
    fn ty(&self, api_version: &str) -> Option<TypeRef<'_>> {
        (api_version == self.api_version).then_some(self.ty)
    }

    fn convert<'o>(&self, object: &'o Value, _from: &str, to: &str) -> Option<Cow<'o, Value>> {
        (to == self.api_version).then_some(Cow::Borrowed(object))
    }

    fn reset_fields(&self, _api_version: &str) -> Option<&Set> {
        Some(&self.reset_fields)
    }
}
