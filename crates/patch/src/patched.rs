//! What patching an object's JSON yields, and what is said of results that no object can be made of.

use std::borrow::Cow;

use object::{Value, json};
use status::{FieldError, Path, Status};

/// A patched object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// Its JSON, to be decoded. Untouched parts are as they were written, in the target or in the patch.
    pub json: Vec<u8>,
    /// What strict decoding of the patch reports, such as `duplicate field "data.a"`, to be sent with what decoding
    /// `json` reports.
    pub reports: Vec<String>,
}

/// 422 for a patch whose result is no object of its kind: `shown` is the result as text.
pub fn refuse(shown: &str, why: impl Into<String>) -> Box<Status> {
    Status::invalid("", "", "", &[FieldError::invalid(&Path::new("patch"), shown, why)])
}

/// What Go's decoder says of a patch that is no object.
pub(crate) fn no_map(value: &Value) -> String {
    format!("json: cannot unmarshal {} into Go value of type map[string]interface {{}}", value.type_name())
}

/// Well-formed JSON as UTF-8; what was none is replaced, as Go's decoder does.
pub(crate) fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(bytes).is_ok() {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned(json::parse(bytes).map_or_else(|_| b"null".to_vec(), |value| json::to_vec(&value)))
}
