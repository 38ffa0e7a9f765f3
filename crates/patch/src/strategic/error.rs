//! Why a patch can't be merged, in the original's words, and the status each reason has there.

use object::{Map, Value};
use status::Status;

use super::print::{go_text, go_type_of, go_value};

/// Why a patch can't be merged.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Error {
    /// A directive is malformed: 400.
    Format(&'static str),
    /// A list has lists for elements: 422 without a word.
    ListOfLists,
    /// Anything else: 500 without a reason.
    Other(String),
}

impl Error {
    /// A map lacks the key that its list is merged by.
    pub fn no_merge_key(map: &Value, key: &str) -> Error {
        Error::Other(format!("map: {} does not contain declared merge key: {key}", go_value(map)))
    }

    /// A value is not of the type that has to stand there.
    pub fn wrong_type(expected: &Value, actual: &Value) -> Error {
        Error::Other(format!("expected a {}, but received a {}", go_type_of(expected), go_type_of(actual)))
    }

    /// `$patch` says something unknown.
    pub fn unknown_directive(directive: &Value, map: &Map) -> Error {
        let map = go_value(&Value::Object(map.clone()));
        Error::Other(format!("unknown patch type: {} in map: {map}", go_text(directive)))
    }
}

impl From<Error> for Box<Status> {
    fn from(error: Error) -> Box<Status> {
        match error {
            Error::Format(message) => Status::bad_request(message),
            Error::ListOfLists => crate::json::rejected(),
            Error::Other(message) => Status::unknown(message),
        }
    }
}
