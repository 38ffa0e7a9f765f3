//! The server under load: where it is, how it is verified, and who asks.

use std::fmt;
use std::io;
use std::sync::Arc;

use outgoing::{ClientPair, Trust, client_config};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;

/// A client's certificate chain and its key, both in PEM.
#[derive(Clone)]
pub(crate) struct Identity {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

/// A server, and the client that it is to see. Cheap to clone.
#[derive(Clone)]
pub struct Target {
    /// `host:port`.
    pub(crate) authority: String,
    pub(crate) token: Option<String>,
    pub(crate) name: ServerName<'static>,
    pub(crate) tls: Arc<ClientConfig>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.authority)
    }
}

impl Target {
    /// The server at an `https://host[:port]` URL, of whom a bearer token is all that is known: its certificate is
    /// not verified.
    ///
    /// # Errors
    /// If the URL is none of that form.
    pub fn with_token(url: &str, token: &str) -> io::Result<Target> {
        Target::new(url, None, None, Some(token.to_owned()))
    }

    /// The server at a URL; verified against `authority` (PEM) if there is one.
    pub(crate) fn new(
        url: &str,
        authority: Option<&[u8]>,
        identity: Option<Identity>,
        token: Option<String>,
    ) -> io::Result<Target> {
        let host = url.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
        let host = host.filter(|host| !host.is_empty() && !host.contains('/')).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{url:?} is not https://HOST[:PORT]"))
        })?;
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority_text = if has_port { host.to_owned() } else { format!("{host}:443") };
        let name = authority_text.rsplit_once(':').map_or("", |(name, _)| name).trim_matches(['[', ']']);
        let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
        let trust = authority.map_or(Trust::Anybody, Trust::Authorities);
        let pair = identity.as_ref().map(|it| ClientPair { certificates: &it.certificate, key: &it.key });
        let tls = client_config(trust, pair).map_err(io::Error::other)?;
        Ok(Target { authority: authority_text, token, name, tls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (url, authority) in [
            ("https://127.0.0.1:6443", Some("127.0.0.1:6443")),
            ("https://example.com/", Some("example.com:443")),
            ("https://[::1]:6443", Some("[::1]:6443")),
            ("http://127.0.0.1", None),
            ("https://a/b", None),
            ("https://", None),
        ] {
            let target = Target::with_token(url, "t").ok();
            assert_eq!(target.as_ref().map(|target| target.authority.as_str()), authority, "{url}");
        }
    }
}
