//! One constructor per situation, each writing the message in the form clients know.

use std::collections::HashSet;

use crate::{Cause, Details, FieldError, Reason, Status};

/// `resource.group`, or the resource alone for the core group.
fn qualified(resource: &str, group: &str) -> String {
    if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") }
}

fn about(group: &str, kind: &str, name: &str) -> Details {
    Details { name: name.to_owned(), group: group.to_owned(), kind: kind.to_owned(), ..Details::default() }
}

impl Status {
    /// A failure with a ready-made message and the reason's own code.
    pub fn failure(reason: Reason, message: impl Into<String>) -> Box<Status> {
        Box::new(Status {
            code: reason.code(),
            success: false,
            reason,
            message: message.into(),
            details: None,
            continue_token: None,
        })
    }

    /// The same with `details`.
    pub fn with_details(mut self: Box<Self>, details: Details) -> Box<Status> {
        self.details = Some(details);
        self
    }

    /// The same with one more cause.
    pub fn with_cause(mut self: Box<Self>, cause: Cause) -> Box<Status> {
        self.details.get_or_insert_default().causes.push(cause);
        self
    }

    /// The same, to be tried again after `seconds`.
    pub fn with_retry_after(mut self: Box<Self>, seconds: u32) -> Box<Status> {
        self.details.get_or_insert_default().retry_after_seconds = seconds;
        self
    }

    /// The same with another code (a few answers have a code that their reason does not imply).
    pub fn with_code(mut self: Box<Self>, code: u16) -> Box<Status> {
        self.code = code;
        self
    }

    /// 400: the request can't be understood.
    pub fn bad_request(message: impl Into<String>) -> Box<Status> {
        Self::failure(Reason::BadRequest, message)
    }

    /// 401: the credentials are wrong.
    pub fn unauthorized() -> Box<Status> {
        Self::failure(Reason::Unauthorized, "Unauthorized")
    }

    /// 403 about an object: `pods "a" is forbidden: WHY`.
    pub fn forbidden(group: &str, resource: &str, name: &str, why: impl std::fmt::Display) -> Box<Status> {
        let resource_text = qualified(resource, group);
        let message = match (resource.is_empty(), name.is_empty()) {
            (true, _) => format!("forbidden: {why}"),
            (false, true) => format!("{resource_text} is forbidden: {why}"),
            (false, false) => format!("{resource_text} {} is forbidden: {why}", crate::go_quote(name)),
        };
        Self::failure(Reason::Forbidden, message).with_details(about(group, resource, name))
    }

    /// 404: no such object.
    pub fn not_found(group: &str, resource: &str, name: &str) -> Box<Status> {
        let message = format!("{} {} not found", qualified(resource, group), crate::go_quote(name));
        Self::failure(Reason::NotFound, message).with_details(about(group, resource, name))
    }

    /// 404: no such path below a known group (`details` is there but empty).
    pub fn no_such_resource() -> Box<Status> {
        Self::failure(Reason::NotFound, "the server could not find the requested resource")
            .with_details(Details::default())
    }

    /// 409: the name is taken.
    pub fn already_exists(group: &str, resource: &str, name: &str) -> Box<Status> {
        let message = format!("{} {} already exists", qualified(resource, group), crate::go_quote(name));
        Self::failure(Reason::AlreadyExists, message).with_details(about(group, resource, name))
    }

    /// 409: the object is not in the state the request supposes.
    pub fn conflict(group: &str, resource: &str, name: &str, why: impl std::fmt::Display) -> Box<Status> {
        let message = format!(
            "Operation cannot be fulfilled on {} {}: {why}",
            qualified(resource, group),
            crate::go_quote(name)
        );
        Self::failure(Reason::Conflict, message).with_details(about(group, resource, name))
    }

    /// 410: the resource version or the continue token is older than what is kept.
    pub fn expired(message: impl Into<String>) -> Box<Status> {
        Self::failure(Reason::Expired, message)
    }

    /// 410 for a watch that starts too far back.
    pub fn gone(message: impl Into<String>) -> Box<Status> {
        Self::failure(Reason::Gone, message)
    }

    /// 422 with one cause per error. `kind` is the Kind, not the resource.
    pub fn invalid(group: &str, kind: &str, name: &str, errors: &[FieldError]) -> Box<Status> {
        let mut seen = HashSet::new();
        let messages: Vec<String> =
            errors.iter().map(FieldError::message).filter(|message| seen.insert(message.clone())).collect();
        let list = match messages.as_slice() {
            [] => "<nil>".to_owned(),
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let message = format!("{} {} is invalid: {list}", qualified(kind, group), crate::go_quote(name));
        let mut details = about(group, kind, name);
        details.causes = errors.iter().map(FieldError::cause).collect();
        Self::failure(Reason::Invalid, message).with_details(details)
    }

    /// 405: the resource does not know the verb.
    pub fn method_not_supported(group: &str, resource: &str, verb: &str) -> Box<Status> {
        let message = format!(
            "{verb} is not supported on resources of kind {}",
            crate::go_quote(&qualified(resource, group))
        );
        Self::failure(Reason::MethodNotAllowed, message).with_details(about(group, resource, ""))
    }

    /// 405 for a method that the path's verbs do not include at all.
    pub fn method_not_allowed() -> Box<Status> {
        Self::failure(
            Reason::MethodNotAllowed,
            "the server does not allow this method on the requested resource",
        )
        .with_details(Details::default())
    }

    /// 406: `accepted` lists what could be sent.
    pub fn not_acceptable(accepted: &[&str]) -> Box<Status> {
        let message = format!("only the following media types are accepted: {}", accepted.join(", "));
        Self::failure(Reason::NotAcceptable, message)
    }

    /// 406 of a route, before a handler has a say: `produces` lists what it could answer.
    pub fn route_not_acceptable(produces: &[&str]) -> Box<Status> {
        let message = format!("406: Not Acceptable\n\nAvailable representations: {}", produces.join(", "));
        Self::failure(Reason::NotAcceptable, message).with_details(Details::default())
    }

    /// 415 of a route, before a handler has a say: a patch of no known kind.
    pub fn route_unsupported_media_type() -> Box<Status> {
        Self::failure(Reason::UnsupportedMediaType, "415: Unsupported Media Type")
            .with_details(Details::default())
    }

    /// 415: `accepted` lists what could be read.
    pub fn unsupported_media_type(accepted: &[&str]) -> Box<Status> {
        let message = format!(
            "the body of the request was in an unknown format - accepted media types include: {}",
            accepted.join(", ")
        );
        Self::failure(Reason::UnsupportedMediaType, message)
    }

    /// 413: the body is over `limit` bytes.
    pub fn request_entity_too_large(message: impl std::fmt::Display) -> Box<Status> {
        Self::failure(Reason::RequestEntityTooLarge, format!("Request entity too large: {message}"))
    }

    /// 429: too many at once; to be tried again after `seconds`.
    pub fn too_many_requests(message: impl Into<String>, seconds: u32) -> Box<Status> {
        Self::failure(Reason::TooManyRequests, message).with_retry_after(seconds)
    }

    /// 500: something here is broken; `error` is shown.
    pub fn internal(error: impl std::fmt::Display) -> Box<Status> {
        let text = error.to_string();
        Self::failure(Reason::InternalError, format!("Internal error occurred: {text}")).with_cause(Cause {
            reason: String::new(),
            message: text,
            field: String::new(),
        })
    }

    /// 500 without a reason: an error the original passes on as it is.
    pub fn unknown(error: impl std::fmt::Display) -> Box<Status> {
        Self::failure(Reason::Unknown, error.to_string())
    }

    /// 503: this server, or the store or server behind it, can't answer now.
    pub fn service_unavailable(message: impl Into<String>) -> Box<Status> {
        Self::failure(Reason::ServiceUnavailable, message)
    }

    /// 504: the request took longer than it may.
    pub fn timeout(message: impl std::fmt::Display, retry_after_seconds: u32) -> Box<Status> {
        Self::failure(Reason::Timeout, format!("Timeout: {message}"))
            .with_details(Details { retry_after_seconds, ..Details::default() })
    }

    /// 504 for a resource version that has not been reached yet.
    pub fn resource_version_too_large(asked: u64, current: u64) -> Box<Status> {
        Self::timeout(format_args!("Too large resource version: {asked}, current: {current}"), 1).with_cause(
            Cause {
                reason: "ResourceVersionTooLarge".to_owned(),
                message: "Too large resource version".to_owned(),
                field: String::new(),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Path;

    #[test]
    fn the_canonical_example() {
        assert_eq!(
            Status::not_found("", "pods", "grafana").to_json(),
            r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"grafana\" not found","reason":"NotFound","details":{"name":"grafana","kind":"pods"},"code":404}"#
        );
    }

    #[test]
    fn invalid_lists_each_message_once_and_every_cause() {
        let error = FieldError::required(&Path::new("a"), "");
        let status = Status::invalid("apps", "Deployment", "d", &[error.clone(), error]);
        assert_eq!(status.message, r#"Deployment.apps "d" is invalid: a: Required value"#);
        assert_eq!(status.details.as_ref().map(|details| details.causes.len()), Some(2));
        assert_eq!(status.code, 422);
    }

    #[test]
    fn retry_after_follows_the_details() {
        assert_eq!(Status::too_many_requests("slow down", 2).retry_after(), Some(2));
        assert_eq!(Status::bad_request("no").retry_after(), None);
    }
}
