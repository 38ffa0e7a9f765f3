//! What a custom resource's schema makes of its objects: no compiled type describes those.

use std::fmt::Debug;

use bytes::Bytes;
use object::{Value, json, scan};
use schema::TypeRef;

/// One served version of a custom resource. Its objects are trees that the schema prunes, defaults and checks; they
/// are kept in one version, and read in any.
pub trait CustomVersion: Send + Sync + Debug {
    /// Makes of an object that was sent what decoding makes of a built-in one: metadata is decoded, what the schema
    /// does not specify is taken out. Answers the paths of the latter, such as `spec.x`.
    ///
    /// # Errors
    /// What the original's decoder says of malformed metadata.
    fn admit(&self, object: &mut Value) -> std::result::Result<Vec<String>, String>;

    /// A stored object in this version, pruned and defaulted as the definition says now.
    ///
    /// # Errors
    /// If a webhook is to convert it and does not.
    fn read(&self, stored: Value) -> status::Result<Value>;

    /// Stored objects are about to be read with [`CustomVersion::read`]: what is better done for many at once, is done.
    fn read_ahead(&self, stored: &mut dyn Iterator<Item = Bytes>);

    /// An object of this version in the stored one.
    ///
    /// # Errors
    /// If a webhook is to convert it and does not.
    fn store(&self, object: Value) -> status::Result<Value>;

    /// Whether an object that was stored at `revision` is sent as it is stored: [`CustomVersion::read`] would change
    /// nothing.
    fn is_current(&self, revision: u64) -> bool;

    /// The type of the objects of another version of the kind (`group/version`), for managed fields.
    fn type_of(&self, api_version: &str) -> Option<TypeRef<'_>>;

    /// An object of the kind in another version; nothing if there is no such version, or no way to it.
    fn convert(&self, object: &Value, api_version: &str) -> Option<Value>;
}

/// The revision in an object's bytes; 0 where there is none.
fn revision(json: &[u8]) -> u64 {
    let text = scan::find(json, &["metadata", "resourceVersion"]).and_then(scan::text);
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The bytes of a stored object in `version`, or nothing if they are to be sent as they are.
pub(crate) fn read_bytes(version: &dyn CustomVersion, stored: &[u8]) -> status::Result<Option<Vec<u8>>> {
    if version.is_current(revision(stored)) {
        return Ok(None);
    }
    let Ok(object) = json::parse(stored) else { return Ok(None) };
    version.read(object).map(|object| Some(json::to_vec(&object)))
}
