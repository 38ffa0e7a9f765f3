//! The URLs of webhooks.

use status::{FieldError, FieldErrors};

use crate::checks::Field;

const FORM: &str = "; desired format: https://host[/path]";

/// The parts of a URL that are of interest.
struct Parts<'u> {
    scheme: String,
    user: Option<&'u str>,
    host: &'u str,
    query: &'u str,
    fragment: &'u str,
}

/// Takes a URL apart (RFC 3986); nothing that is not one at all.
fn parts(url: &str) -> Option<Parts<'_>> {
    if url.chars().any(|c| c.is_ascii_control()) {
        return None;
    }
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (scheme, rest) = match rest.split_once(':') {
        Some(("", _)) => return None,
        Some((scheme, after)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), after),
        _ => (String::new(), rest),
    };
    let authority = rest.strip_prefix("//").map_or("", |rest| rest.split('/').next().unwrap_or(""));
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    Some(Parts { scheme, user, host, query, fragment })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Checks the URL of a webhook.
pub(crate) fn validate(url: &Field<'_, '_>, errors: &mut FieldErrors) {
    let wrong = |value: &str, detail: String| FieldError::invalid(&url.path, value, detail);
    let Some(parts) = parts(url.text()) else {
        let quoted = status::go_quote(url.text());
        let detail = format!("url must be a valid URL: parse {quoted}: missing protocol scheme{FORM}");
        return url.missing(errors, detail);
    };
    if parts.scheme != "https" {
        errors.push(wrong(&parts.scheme, format!("'https' is the only allowed URL scheme{FORM}")));
    }
    if parts.host.is_empty() {
        errors.push(wrong(parts.host, format!("host must be specified{FORM}")));
    }
    if let Some(user) = parts.user {
        errors.push(wrong(user, "user information is not permitted in the URL".to_owned()));
    }
    if !parts.fragment.is_empty() {
        errors.push(wrong(parts.fragment, "fragments are not permitted in the URL".to_owned()));
    }
    if !parts.query.is_empty() {
        errors.push(wrong(parts.query, "query parameters are not permitted in the URL".to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use object::Value;

    use super::*;

    #[test]
    fn only_plain_https_is_good() {
        for (url, wrong) in [
            ("https://host/path", 0),
            ("HTTPS://host:8443", 0),
            ("http://host", 1),
            ("https:///path", 1),
            ("host/path", 2),
            ("https://u@host/?a=b#c", 3),
            (":", 1),
            ("", 2),
        ] {
            let mut errors = FieldErrors::new();
            validate(&Field::root(&Value::from(url)), &mut errors);
            assert_eq!(errors.len(), wrong, "{url}");
        }
    }
}
