//! Why a cache could not answer, and the `Status` for it.

use std::fmt;

use status::Status;
use storage::Revision;

/// What fails in a cache.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a cache could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The events after this revision are gone.
    TooOld {
        /// The revision asked for.
        requested: Revision,
        /// The oldest one that can be gone on from.
        oldest: Revision,
    },
    /// The revision was not reached in time.
    TooNew {
        /// The revision asked for.
        requested: Revision,
        /// The one reached.
        current: Revision,
    },
    /// The watcher has read so slowly that events are gone which it had not read.
    TooSlow,
    /// The resource is not served any more.
    Ended,
    /// The store failed.
    Store(storage::Error),
    /// A value in the store is not an object.
    NotAnObject(storage::Key),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::TooOld { requested, oldest } => {
                write!(f, "too old resource version: {requested} ({oldest})")
            }
            Error::TooNew { requested, current } => {
                write!(f, "Too large resource version: {requested}, current: {current}")
            }
            Error::TooSlow => f.write_str("the watch was too slow: events it had not read are gone"),
            Error::Ended => f.write_str("the resource is not served any more"),
            Error::Store(error) => error.fmt(f),
            Error::NotAnObject(key) => write!(f, "the value of {key} in the store is not an object"),
        }
    }
}

impl std::error::Error for Error {}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Error {
        Error::Store(error)
    }
}

impl From<Error> for Box<Status> {
    fn from(error: Error) -> Box<Status> {
        match error {
            Error::TooOld { .. } | Error::TooSlow => Status::expired(error.to_string()),
            Error::TooNew { requested, current } => Status::resource_version_too_large(requested, current),
            Error::Ended => Status::no_such_resource(),
            Error::Store(error) => error.into(),
            Error::NotAnObject(_) => Status::internal(error),
        }
    }
}
