//! What can go wrong in a store, and the `Status` a client is sent for it.

use std::fmt;
use std::path::PathBuf;

use status::Status;

use crate::Revision;

/// What fails in a store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a store could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The revision asked for lies before the last compaction.
    Compacted {
        /// The revision asked for.
        requested: Revision,
        /// The oldest revision that can be read.
        compacted: Revision,
    },
    /// The revision asked for has not happened yet.
    Future {
        /// The revision asked for.
        requested: Revision,
        /// The revision of the last commit.
        current: Revision,
    },
    /// The transaction can't be carried out whatever the store holds: a key twice, too large.
    Invalid(String),
    /// The store does not answer for now: closed, disk full, I/O error. A write that fails so may still come to
    /// be found after a restart, as with any answer that gets lost.
    Unavailable(String),
    /// The files hold something that was not written there.
    Damaged {
        /// The file.
        file: PathBuf,
        /// The offset in bytes at which the file stops making sense.
        offset: u64,
        /// What is wrong there.
        problem: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Compacted { requested, compacted } => {
                write!(f, "revision {requested} has been compacted: the oldest one kept is {compacted}")
            }
            Error::Future { requested, current } => {
                write!(f, "revision {requested} is in the future: the current one is {current}")
            }
            Error::Invalid(text) => f.write_str(text),
            Error::Unavailable(text) => write!(f, "the store is unavailable: {text}"),
            Error::Damaged { file, offset, problem } => {
                write!(f, "the store is damaged: {} at offset {offset}: {problem}", file.display())
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<Error> for Box<Status> {
    /// 410 for what was compacted, 504 for what is to come, 503 for what may go away, 500 for what will not.
    fn from(error: Error) -> Box<Status> {
        match error {
            Error::Compacted { .. } => {
                Status::expired("The resourceVersion for the provided watch or list is too old.")
            }
            Error::Future { requested, current } => Status::resource_version_too_large(requested, current),
            Error::Unavailable(_) => Status::service_unavailable(error.to_string()),
            Error::Invalid(_) | Error::Damaged { .. } => Status::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_code() {
        let cases = [
            (Error::Compacted { requested: 1, compacted: 2 }, 410),
            (Error::Future { requested: 2, current: 1 }, 504),
            (Error::Invalid("x".to_owned()), 500),
            (Error::Unavailable("disk full".to_owned()), 503),
            (Error::Damaged { file: "a".into(), offset: 7, problem: "p".to_owned() }, 500),
        ];
        for (error, code) in cases {
            assert_eq!(Box::<Status>::from(error.clone()).code, code, "{error}");
        }
    }
}
