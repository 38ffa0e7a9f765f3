//! Reasons: the machine-readable half of a failure, each with the HTTP code it is sent with.

/// Why a request failed, in the words of `metav1.StatusReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// No reason is given (the field is absent on the wire).
    Unknown,
    /// The credentials are wrong; 401.
    Unauthorized,
    /// Known to be who they say they are, but may not; 403.
    Forbidden,
    /// No such resource or object; 404.
    NotFound,
    /// The name is taken; 409.
    AlreadyExists,
    /// The object changed since it was read, or is in the way; 409.
    Conflict,
    /// It was here and never comes back; 410.
    Gone,
    /// The object breaks the rules of its kind; 422.
    Invalid,
    /// The server could not answer in time though the client may try again; 500.
    ServerTimeout,
    /// The stored object can't be read; 500.
    StoreReadError,
    /// The request took longer than it may; 504.
    Timeout,
    /// Too many at once; 429.
    TooManyRequests,
    /// The request makes no sense as it stands; 400.
    BadRequest,
    /// The resource does not know this verb; 405.
    MethodNotAllowed,
    /// None of the accepted media types can be made; 406.
    NotAcceptable,
    /// The body is too large; 413.
    RequestEntityTooLarge,
    /// The body's media type can't be read; 415.
    UnsupportedMediaType,
    /// A defect or a failed part of the server; 500.
    InternalError,
    /// The resource version or continue token is too old; 410.
    Expired,
    /// The server or the one behind it is not there; 503.
    ServiceUnavailable,
}

/// Reason, its wire form and its HTTP code: the response contract's first table.
const TABLE: &[(Reason, &str, u16)] = &[
    (Reason::Unknown, "", 500),
    (Reason::Unauthorized, "Unauthorized", 401),
    (Reason::Forbidden, "Forbidden", 403),
    (Reason::NotFound, "NotFound", 404),
    (Reason::AlreadyExists, "AlreadyExists", 409),
    (Reason::Conflict, "Conflict", 409),
    (Reason::Gone, "Gone", 410),
    (Reason::Invalid, "Invalid", 422),
    (Reason::ServerTimeout, "ServerTimeout", 500),
    (Reason::StoreReadError, "StorageReadError", 500),
    (Reason::Timeout, "Timeout", 504),
    (Reason::TooManyRequests, "TooManyRequests", 429),
    (Reason::BadRequest, "BadRequest", 400),
    (Reason::MethodNotAllowed, "MethodNotAllowed", 405),
    (Reason::NotAcceptable, "NotAcceptable", 406),
    (Reason::RequestEntityTooLarge, "RequestEntityTooLarge", 413),
    (Reason::UnsupportedMediaType, "UnsupportedMediaType", 415),
    (Reason::InternalError, "InternalError", 500),
    (Reason::Expired, "Expired", 410),
    (Reason::ServiceUnavailable, "ServiceUnavailable", 503),
];

impl Reason {
    /// The reason as `status.reason` has it; empty for [`Reason::Unknown`].
    pub fn as_str(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The HTTP status code this reason is sent with, unless a message says otherwise.
    pub fn code(self) -> u16 {
        TABLE.iter().find(|row| row.0 == self).map_or(500, |row| row.2)
    }

    /// The reason with this wire form, if there is one.
    pub fn parse(text: &str) -> Option<Reason> {
        TABLE.iter().find(|row| row.1 == text).map(|row| row.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_reads_back() {
        for (reason, text, code) in TABLE {
            assert_eq!(Reason::parse(text), Some(*reason));
            assert_eq!(reason.code(), *code);
        }
    }
}
