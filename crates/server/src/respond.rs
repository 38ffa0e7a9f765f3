//! The forms answers have: objects and statuses in the encoding the client asked for, and plain text.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use status::Status;

use crate::body::Body;
use crate::negotiate::{self, Format, Shapes};
use crate::protobuf;
use crate::url::Query;

/// An answer.
pub type Answer = Response<Body>;

const NOSNIFF: (HeaderName, HeaderValue) =
    (http::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

/// How a client wants to see what it gets.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Its Accept header.
    pub accept: Option<&'a str>,
    /// Laid out for people.
    pub pretty: bool,
}

impl<'a> View<'a> {
    /// What `headers` and `query` ask for.
    pub fn new(headers: &'a HeaderMap, query: &Query) -> View<'a> {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let agent = text(http::header::USER_AGENT).unwrap_or("");
        let pretty = match query.get("pretty").filter(|value| !value.is_empty()) {
            Some(value) => matches!(value, "1" | "t" | "T" | "TRUE" | "true" | "True"),
            None => ["curl", "Wget", "Mozilla/5.0"].iter().any(|prefix| agent.starts_with(prefix)),
        };
        View { accept: text(http::header::ACCEPT), pretty }
    }
}

/// `json` in `format`.
pub fn encode(json: Bytes, format: Format, pretty: bool) -> Bytes {
    match format {
        Format::Json if pretty => object::json::indent(&json).into(),
        Format::Json => with_newline(json),
        Format::Yaml => yaml(&json),
        Format::Protobuf => protobuf::document(&json).unwrap_or(json),
    }
}

/// The same document as YAML. What is no JSON stays as it is: it is this program's own mistake, and readable.
fn yaml(json: &Bytes) -> Bytes {
    match object::json::parse(json) {
        Ok(value) => object::yaml::to_string(&value).into(),
        Err(_) => json.clone(),
    }
}

/// Go's encoder ends every document with a new line.
fn with_newline(json: Bytes) -> Bytes {
    match json.try_into_mut() {
        Ok(mut bytes) => {
            bytes.extend_from_slice(b"\n");
            bytes.freeze()
        }
        Err(json) => [json.as_ref(), b"\n"].concat().into(),
    }
}

/// An answer of `code` with a body of `content_type`.
pub fn raw(code: u16, content_type: &'static str, body: impl Into<Body>) -> Answer {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// Plain text, as Go's `http.Error` and the health checks send it.
pub fn text(code: u16, text: impl Into<Bytes>) -> Answer {
    let mut answer = raw(code, "text/plain; charset=utf-8", text.into());
    answer.headers_mut().insert(NOSNIFF.0, NOSNIFF.1);
    answer
}

/// The page that is not there.
pub fn no_such_page() -> Answer {
    text(404, "404 page not found\n")
}

/// JSON, YAML or protobuf of a document that this server makes itself.
pub fn document(json: Bytes, view: &View<'_>) -> Answer {
    match negotiate::negotiate(view.accept, Format::ALL, Shapes::None) {
        Some(output) => {
            let body = encode(json, output.format, view.pretty || output.pretty);
            raw(200, output.format.media_type(), body)
        }
        None => status(&Status::not_acceptable(negotiate::OBJECT_TYPES), view),
    }
}

/// A status, in an encoding the client takes, or else as JSON.
pub fn status(status: &Status, view: &View<'_>) -> Answer {
    let json = Bytes::from(status.to_json());
    let mut answer = match negotiate::negotiate(view.accept, Format::ALL, Shapes::None) {
        Some(output) => {
            let body = encode(json, output.format, view.pretty || output.pretty);
            raw(status.code, output.format.media_type(), body)
        }
        None => raw(status.code, Format::Json.media_type(), Bytes::from(object::json::indent(&json))),
    };
    if let Some(seconds) = status.retry_after() {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// A 403, which browsers are told not to guess the type of.
pub fn forbidden(refusal: &Status, view: &View<'_>) -> Answer {
    let mut answer = status(refusal, view);
    answer.headers_mut().insert(NOSNIFF.0, NOSNIFF.1);
    answer
}

/// Says that caches must not keep the answer, unless it says otherwise itself.
pub fn forbid_caching(answer: &mut Answer) {
    answer.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache, private"));
}
