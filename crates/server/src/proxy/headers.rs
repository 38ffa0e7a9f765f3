//! Headers that are meant for one connection only, and those that tell where a request came from.

use http::header::{CONNECTION, HeaderName, HeaderValue, UPGRADE};
use http::{HeaderMap, Uri};

/// RFC 9110, 7.6.1, and what proxies add to that.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "proxy-connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The comma-separated items of all headers of a name.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// Whether a request asks to speak another protocol.
pub(crate) fn wants_upgrade(headers: &HeaderMap) -> bool {
    items(headers, CONNECTION).any(|item| item.eq_ignore_ascii_case("upgrade"))
}

/// Takes out what is meant for this connection; keeps the upgrade if `upgrade`.
pub(super) fn strip(headers: &mut HeaderMap, upgrade: bool) {
    let named: Vec<HeaderName> =
        items(headers, CONNECTION).filter_map(|item| HeaderName::try_from(item).ok()).collect();
    let kept = upgrade.then(|| headers.get_all(UPGRADE).iter().cloned().collect::<Vec<_>>());
    for name in named.iter().map(HeaderName::as_str).chain(HOP_BY_HOP.iter().copied()) {
        headers.remove(name);
    }
    for value in kept.into_iter().flatten() {
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.append(UPGRADE, value);
    }
}

/// Says where the request was sent first.
pub(super) fn add_origin(headers: &mut HeaderMap, uri: &Uri, host: Option<HeaderValue>) {
    if let Ok(path) = HeaderValue::from_str(uri.path()) {
        headers.insert(HeaderName::from_static("x-forwarded-uri"), path);
    }
    if let Some(host) = host {
        headers.insert(HeaderName::from_static("x-forwarded-host"), host);
    }
    headers.insert(HeaderName::from_static("x-forwarded-proto"), HeaderValue::from_static("https"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_for_one_connection_goes() {
        let list = [("connection", "close, X-Mine"), ("x-mine", "1"), ("te", "trailers"), ("accept", "*/*")];
        let mut headers: HeaderMap = list
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        headers.insert(HeaderName::from_static("x-mine"), HeaderValue::from_static("1"));
        strip(&mut headers, false);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }

    #[test]
    fn an_upgrade_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(CONNECTION, HeaderValue::from_static("keep-alive, upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        assert!(wants_upgrade(&headers));
        strip(&mut headers, true);
        assert!(wants_upgrade(&headers) && headers.get(UPGRADE).is_some());
        strip(&mut headers, false);
        assert!(headers.is_empty());
    }
}
