//! Where bearer tokens stand in a request: the Authorization header (RFC 6750), or a WebSocket subprotocol for
//! browsers, which can't set headers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{AUTHORIZATION, CONNECTION, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};
use registry::Warnings;

const WEBSOCKET_TOKEN: &str = "base64url.bearer.authorization.k8s.io.";
const EXTRA_SPACE: &str =
    "the provided Authorization header contains extra space before the bearer token, and is ignored";

/// The token of the Authorization header, if it is of the form `Bearer TOKEN`.
pub(super) fn header_token<'h>(headers: &'h HeaderMap, warnings: &mut Warnings) -> Option<&'h str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?.trim();
    let mut parts = value.splitn(3, ' ');
    let (scheme, token, rest) = (parts.next()?, parts.next()?, parts.next());
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    if token.is_empty() && rest.is_some() {
        warnings.add(EXTRA_SPACE);
    }
    Some(token).filter(|token| !token.is_empty())
}

/// The token among the subprotocols of a WebSocket request; nothing if there is none, an error if it is no good.
pub(super) fn websocket_token(headers: &HeaderMap) -> Result<Option<String>, ()> {
    if !is_websocket(headers) {
        return Ok(None);
    }
    let mut tokens =
        items(headers, SEC_WEBSOCKET_PROTOCOL).filter_map(|item| item.strip_prefix(WEBSOCKET_TOKEN));
    let Some(encoded) = tokens.next() else {
        return Ok(None);
    };
    let others = items(headers, SEC_WEBSOCKET_PROTOCOL).any(|item| !item.starts_with(WEBSOCKET_TOKEN));
    if tokens.next().is_some() || !others {
        return Err(());
    }
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| ())?;
    let token = String::from_utf8(bytes).map_err(|_| ())?;
    Ok(Some(token).filter(|token| !token.is_empty()))
}

/// Takes a token out of the WebSocket subprotocols, once it has been used: it is nothing to answer or to pass on.
pub fn strip_websocket_token(headers: &mut HeaderMap) {
    let mut kept: Vec<&str> = Vec::new();
    let mut found = false;
    for item in items(headers, SEC_WEBSOCKET_PROTOCOL) {
        if item.starts_with(WEBSOCKET_TOKEN) {
            found = true;
        } else {
            kept.push(item);
        }
    }
    if found && let Ok(value) = HeaderValue::from_str(&kept.join(",")) {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, value);
    }
}

fn is_websocket(headers: &HeaderMap) -> bool {
    items(headers, UPGRADE).any(|item| item.eq_ignore_ascii_case("websocket"))
        && items(headers, CONNECTION).any(|item| item.eq_ignore_ascii_case("upgrade"))
}

/// The comma-separated items of all headers of a name.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_bearer_and_a_token_count() {
        for (value, token) in [
            ("Bearer t", Some("t")),
            ("bearer t", Some("t")),
            ("BEARER t x", Some("t")),
            ("  Bearer t ", Some("t")),
            ("Bearer a,Bearer b", Some("a,Bearer")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Bearer  t", None),
            ("Bearer\tt", None),
            ("Basic t", None),
            ("", None),
        ] {
            let headers = headers(&[("authorization", value)]);
            let mut warnings = Warnings::default();
            assert_eq!(header_token(&headers, &mut warnings), token, "{value:?}");
            assert_eq!(warnings.texts().len(), usize::from(value == "Bearer  t"), "{value:?}");
        }
    }

    #[test]
    fn a_websocket_may_name_one_token_and_needs_another_protocol() {
        const GOOD: &str = "base64url.bearer.authorization.k8s.io.dA, v4.channel.k8s.io";
        for (protocol, token) in [
            (GOOD, Ok(Some("t"))),
            ("v4.channel.k8s.io", Ok(None)),
            ("base64url.bearer.authorization.k8s.io.dA", Err(())),
            ("base64url.bearer.authorization.k8s.io.dA==, v4", Err(())),
            ("base64url.bearer.authorization.k8s.io.!!!, v4", Err(())),
            (
                "base64url.bearer.authorization.k8s.io.dA, base64url.bearer.authorization.k8s.io.dA, v4",
                Err(()),
            ),
        ] {
            let upgrade = [("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")];
            let mut all = upgrade.to_vec();
            all.push(("sec-websocket-protocol", protocol));
            let found = websocket_token(&headers(&all));
            assert_eq!(
                found.as_ref().map(|token| token.as_deref()),
                token.as_ref().map(|token| *token),
                "{protocol}"
            );
        }
        let mut plain = headers(&[("sec-websocket-protocol", GOOD)]);
        assert_eq!(websocket_token(&plain), Ok(None));
        strip_websocket_token(&mut plain);
        assert_eq!(
            plain.get("sec-websocket-protocol").and_then(|value| value.to_str().ok()),
            Some("v4.channel.k8s.io")
        );
    }
}
