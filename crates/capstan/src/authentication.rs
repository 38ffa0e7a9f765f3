//! Who is it: the ways that the options allow to prove it, put together as the server asks them.

use std::io;
use std::path::Path;
use std::sync::Arc;

use access::authentication::{
    Authentication, Authenticator, Authorities, Credentials, TokenAuthenticator, TokenFile, Tokens, Union,
};
use meta::SystemClock;
use registry::Warnings;
use server::access as serving;

use crate::options::Options;
use crate::pki::Pki;

/// The audience of tokens for this server.
const AUDIENCE: &str = "https://kubernetes.default.svc.cluster.local";

/// The authenticators that `options` ask for: client certificates of our own authority and of the one given, and
/// static tokens.
///
/// # Errors
/// If a file can't be read or makes no sense; the text names the file.
pub fn authenticator(options: &Options, pki: &Pki) -> io::Result<Arc<dyn serving::Authenticator>> {
    let mut authorities = pki.authority()?;
    if let Some(path) = &options.client_authority {
        authorities.push('\n');
        authorities.push_str(&read(path)?);
    }
    let mut tokens: Vec<Arc<dyn TokenAuthenticator>> = Vec::new();
    if let Some(path) = &options.token_file {
        let file = TokenFile::new(&read(path)?, vec![AUDIENCE.to_owned()])
            .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        tokens.push(Arc::new(file));
    }
    let union = Union::new(Arc::new(SystemClock))
        .with_certificates(Authorities::new(authorities.as_bytes()).map_err(io::Error::other)?)
        .with_tokens(Arc::new(Tokens::new(tokens, vec![AUDIENCE.to_owned()])));
    Ok(Arc::new(Adapter(union)))
}

fn read(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("can't read {}: {error}", path.display())))
}

/// The union under the server's own trait.
struct Adapter(Union);

impl serving::Authenticator for Adapter {
    fn authenticate<'a>(
        &'a self,
        credentials: &'a serving::Credentials<'a>,
        warnings: &'a mut Warnings,
    ) -> serving::Answer<'a, serving::Authentication> {
        Box::pin(async move {
            let credentials =
                Credentials { headers: credentials.headers, certificates: credentials.certificates };
            match self.0.authenticate(&credentials, warnings).await {
                Authentication::User(user) => serving::Authentication::User(user),
                Authentication::Failed => serving::Authentication::Failed,
                Authentication::Nobody => serving::Authentication::Nobody,
            }
        })
    }
}
