//! Answers of documents: negotiated, tagged, and kept by caches for as long as their address names their content.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::{CACHE_CONTROL, ETAG, EXPIRES, HeaderValue, IF_NONE_MATCH, LOCATION, VARY};

use super::{Encoding, Wanted, find, url_of};
use crate::api::Api;
use crate::exchange::Exchange;
use crate::negotiate;
use crate::respond::{self, Answer};

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The document at the request's path, or nothing if the path is not one of theirs.
pub(crate) async fn answer(api: &Api, exchange: &Exchange) -> Option<Answer> {
    let wanted = wanted(&exchange.path)?;
    let accept = exchange.view().accept;
    let Some((content_type, encoding)) = content_type(&wanted, accept) else {
        return Some(empty(StatusCode::NOT_ACCEPTABLE));
    };
    let served = Arc::clone(&api.served());
    let Some((body, hash)) = find(served, wanted.clone(), encoding).await else {
        return Some(empty(StatusCode::NOT_FOUND));
    };
    let asked = exchange.query.get("hash").filter(|asked| !asked.is_empty());
    let immutable = match (&wanted, asked) {
        (Wanted::Part(path), Some(asked)) if asked != hash => return Some(moved(&url_of(path, &hash))),
        (Wanted::Part(_), Some(_)) => true,
        _ => false,
    };
    let tag = format!("\"{hash}\"");
    let mut answer = if exchange.header(IF_NONE_MATCH).is_some_and(|known| names(known, &tag)) {
        empty(StatusCode::NOT_MODIFIED)
    } else {
        respond::raw(200, content_type, body)
    };
    let headers = answer.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    if immutable {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, immutable"));
        if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(SystemTime::now() + YEAR)) {
            headers.insert(EXPIRES, date);
        }
    }
    Some(answer)
}

const V2_PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const V3_PROTOBUF: &str = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";
/// The names that clients ask with; they are no media types (RFC 6838 has no `@`), so answers don't have them.
const V2_OLDER: &str = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
const V3_OLDER: &str = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf";

/// What a document is sent as; nothing if the client takes none of what it is to be had as.
fn content_type(wanted: &Wanted, accept: Option<&str>) -> Option<(&'static str, Encoding)> {
    const JSON: &str = "application/json";
    let (protobuf, older) = match wanted {
        Wanted::Index => return Some(("text/plain; charset=utf-8", Encoding::Json)),
        Wanted::V2 => (V2_PROTOBUF, V2_OLDER),
        Wanted::Part(_) => (V3_PROTOBUF, V3_OLDER),
    };
    Some(match negotiate::choose(accept, &[JSON, protobuf, older])? {
        JSON => (JSON, Encoding::Json),
        _ => (protobuf, Encoding::Protobuf),
    })
}

fn wanted(path: &str) -> Option<Wanted> {
    match path.strip_prefix("/openapi/")?.trim_end_matches('/') {
        "v2" => Some(Wanted::V2),
        "v3" => Some(Wanted::Index),
        other => other.strip_prefix("v3/").map(|part| Wanted::Part(part.to_owned())),
    }
}

/// Whether `If-None-Match` names the tag (RFC 9110, 13.1.2: weakly compared).
fn names(header: &str, tag: &str) -> bool {
    header.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

fn empty(code: StatusCode) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = code;
    answer
}

/// Sends the client to where the content is now.
fn moved(place: &str) -> Answer {
    let body = format!("<a href=\"{place}\">Moved Permanently</a>.\n\n");
    let mut answer = respond::raw(301, "text/html; charset=utf-8", bytes::Bytes::from(body));
    if let Ok(place) = HeaderValue::from_str(place) {
        answer.headers_mut().insert(LOCATION, place);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_documents() {
        for (path, expected) in [
            ("/openapi/v2", Some(Wanted::V2)),
            ("/openapi/v3", Some(Wanted::Index)),
            ("/openapi/v3/", Some(Wanted::Index)),
            ("/openapi/v3/api/v1", Some(Wanted::Part("api/v1".to_owned()))),
            ("/openapi", None),
            ("/openapi/v4", None),
            ("/api/v1", None),
        ] {
            assert_eq!(wanted(path), expected, "{path}");
        }
    }

    #[test]
    fn documents_are_json_unless_asked_otherwise() {
        let v2 = |accept: &str| content_type(&Wanted::V2, Some(accept)).map(|found| found.0);
        assert_eq!(v2("*/*"), Some("application/json"));
        assert_eq!(v2(V2_OLDER), Some(V2_PROTOBUF));
        let preferred = format!("application/json;q=0.5,{V2_PROTOBUF}");
        assert_eq!(v2(&preferred), Some(V2_PROTOBUF));
        assert_eq!(v2("text/html"), None);
        assert_eq!(v2(V3_PROTOBUF), None);
        let part = content_type(&Wanted::Part("api".to_owned()), Some(V3_OLDER));
        assert_eq!(part, Some((V3_PROTOBUF, Encoding::Protobuf)));
    }

    #[test]
    fn tags_are_compared_weakly() {
        assert!(names("\"a\"", "\"a\"") && names("W/\"a\"", "\"a\"") && names("\"b\", \"a\"", "\"a\""));
        assert!(names("*", "\"a\"") && !names("\"ab\"", "\"a\"") && !names("", "\"a\""));
    }
}
