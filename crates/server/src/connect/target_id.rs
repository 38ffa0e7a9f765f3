//! `[scheme:]name[:port]`, as proxied requests name pods, services and nodes; and the addresses that are not gone to.

use std::net::IpAddr;

use status::{Result, Status};

/// What a proxied request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TargetId<'a> {
    /// `http`, `https` or empty.
    pub(super) scheme: &'a str,
    pub(super) name: &'a str,
    /// A number or a name; may be empty.
    pub(super) port: &'a str,
}

impl<'a> TargetId<'a> {
    /// Reads `text`, which names a `what`; 400 if it can't be read.
    pub(super) fn parse(text: &'a str, what: &str) -> Result<TargetId<'a>> {
        let parts: Vec<&str> = text.split(':').collect();
        let found = match parts[..] {
            [name] => Some(("", name, "")),
            [name, port] => Some(("", name, port)),
            [scheme, name, port] => Some((scheme, name, port)),
            _ => None,
        };
        match found {
            Some((scheme @ ("" | "http" | "https"), name, port)) if !name.is_empty() => {
                Ok(TargetId { scheme, name, port })
            }
            _ => Err(Status::bad_request(format!("invalid {what} request {}", status::go_quote(text)))),
        }
    }

    /// Whether TLS is asked for.
    pub(super) fn secure(&self) -> bool {
        self.scheme == "https"
    }
}

/// 400 unless requests may be proxied to the address: not to this machine itself.
pub(super) fn check_address(text: &str) -> Result<()> {
    let local = match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => {
            let [first, second, third, _] = ip.octets();
            ip.is_loopback() || ip.is_link_local() || (first, second, third) == (224, 0, 0)
        }
        Ok(IpAddr::V6(ip)) => {
            let first = ip.segments()[0];
            ip.is_loopback() || first & 0xffc0 == 0xfe80 || matches!(first & 0xff0f, 0xff01 | 0xff02)
        }
        Err(_) => true,
    };
    if local { Err(Status::bad_request("address not allowed")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (text, expected) in [
            ("a", Some(("", "a", ""))),
            ("a:80", Some(("", "a", "80"))),
            ("https:a:http", Some(("https", "a", "http"))),
            ("https:a:", Some(("https", "a", ""))),
            ("ftp:a:80", None),
            (":80", None),
            ("a:b:c:d", None),
            ("", None),
        ] {
            let found = TargetId::parse(text, "pod").ok().map(|id| (id.scheme, id.name, id.port));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn local_addresses_are_refused() {
        for (address, fine) in [
            ("10.0.0.1", true),
            ("2001:db8::1", true),
            ("127.0.0.1", false),
            ("169.254.1.1", false),
            ("224.0.0.1", false),
            ("::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
            ("", false),
            ("x", false),
        ] {
            assert_eq!(check_address(address).is_ok(), fine, "{address}");
        }
    }
}
