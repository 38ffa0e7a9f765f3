//! Cross-origin requests (`--cors-allowed-origins`): preflights are answered here, other answers get headers.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ORIGIN,
};
use http::{HeaderMap, HeaderValue, Method};
use regex::Regex;

use crate::respond::Answer;

/// The Origin header of a request, if one of `allowed` matches it.
pub fn allowed_origin(allowed: &[Regex], headers: &HeaderMap) -> Option<HeaderValue> {
    if allowed.is_empty() {
        return None;
    }
    let origin = headers.get(ORIGIN)?;
    let text = origin.to_str().ok()?;
    allowed.iter().any(|pattern| pattern.is_match(text)).then(|| origin.clone())
}

/// The 204 that answers a preflight; nothing if the request is none.
pub fn preflight(method: &Method) -> Option<Answer> {
    (method == Method::OPTIONS).then(|| {
        let mut answer = Answer::default();
        *answer.status_mut() = http::StatusCode::NO_CONTENT;
        answer
    })
}

/// Adds the headers that let a page of `origin` see the answer.
pub fn add_headers(answer: &mut Answer, origin: HeaderValue) {
    let fixed = [
        (ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, OPTIONS, PUT, DELETE, PATCH"),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since",
        ),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "Date"),
        (ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
    ];
    let headers = answer.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
