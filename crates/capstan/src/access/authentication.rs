//! Who is it: client certificates, a proxy in front, static tokens and the tokens of service accounts.

use std::io;
use std::path::Path;
use std::sync::Arc;

use ::access::authentication::{Authorities, FrontProxy, TokenAuthenticator, TokenFile, Tokens, Union};
use ::access::service_account::{
    Discovery, IssuerOptions, LegacyTokens, ServiceAccountTokens, SigningKey, TokenIssuer, VerifyingKey,
};
use meta::{SystemClock, SystemRandomness};
use registry::{Lookup, Registry};

use super::options::{AccessOptions, FrontProxyOptions, ServiceAccountOptions};
use crate::pki::Pki;

/// The keys of service account tokens.
pub(super) struct Keys {
    signing: SigningKey,
    verifying: Vec<Arc<VerifyingKey>>,
}

impl Keys {
    /// Reads the keys that `options` name; a key of our own signs if they name none.
    pub(super) fn read(options: &ServiceAccountOptions, pki: &Pki) -> io::Result<Keys> {
        let signing = match &options.signing_key_file {
            Some(path) => in_file(path, SigningKey::from_pem(read(path)?.as_bytes()))?,
            None => SigningKey::from_pem(pki.service_account_key()?.as_bytes()).map_err(io::Error::other)?,
        };
        let mut verifying = Vec::new();
        for path in &options.key_files {
            verifying.extend(in_file(path, VerifyingKey::all_from_pem(read(path)?.as_bytes()))?);
        }
        if !verifying.iter().any(|key| key.id() == signing.public().id())
            && (verifying.is_empty() || options.signing_key_file.is_none())
        {
            verifying.push(Arc::clone(signing.public()));
        }
        Ok(Keys { signing, verifying })
    }

    /// What is published of the keys.
    pub(super) fn discovery(&self, options: &ServiceAccountOptions, public_address: &str) -> Discovery {
        let uri =
            options.key_set_uri.clone().unwrap_or_else(|| format!("https://{public_address}/openid/v1/jwks"));
        Discovery::new(options.issuers.first().map_or("", String::as_str), &uri, &self.verifying)
    }

    /// What makes tokens.
    pub(super) fn issuer(self, options: &ServiceAccountOptions, registry: &Arc<Registry>) -> TokenIssuer {
        let issuing = IssuerOptions {
            issuer: options.issuers.first().cloned().unwrap_or_default(),
            audiences: options.audiences.clone(),
            max_expiration: options.max_expiration,
            extend_expiration: options.extend_expiration,
        };
        let lookup: Arc<dyn Lookup> = Arc::clone(registry) as Arc<dyn Lookup>;
        TokenIssuer::new(self.signing, issuing, lookup, Arc::new(SystemClock), Arc::new(SystemRandomness))
    }
}

/// The kinds of tokens that are taken.
pub(super) fn tokens(options: &AccessOptions, keys: &Keys, registry: &Arc<Registry>) -> io::Result<Tokens> {
    let lookup: Arc<dyn Lookup> = Arc::clone(registry) as Arc<dyn Lookup>;
    let accounts = &options.service_accounts;
    let mut kinds: Vec<Arc<dyn TokenAuthenticator>> = Vec::new();
    if let Some(path) = &options.token_file {
        let file = TokenFile::new(&read(path)?, accounts.audiences.clone());
        kinds.push(Arc::new(in_file(path, file)?));
    }
    kinds.push(Arc::new(LegacyTokens::new(
        keys.verifying.clone(),
        accounts.audiences.clone(),
        Arc::clone(&lookup),
        accounts.lookup,
    )));
    kinds.push(Arc::new(ServiceAccountTokens::new(
        keys.verifying.clone(),
        accounts.issuers.clone(),
        accounts.audiences.clone(),
        lookup,
        Arc::new(SystemClock),
    )));
    Ok(Tokens::new(kinds, accounts.audiences.clone()))
}

/// All ways to prove who one is: `tokens`, client certificates of our own authority and of the one given, and the
/// word of a proxy in front if there is one.
pub(super) fn authenticator(options: &AccessOptions, pki: &Pki, tokens: Arc<Tokens>) -> io::Result<Union> {
    let mut authorities = pki.authority()?;
    if let Some(path) = &options.client_authority {
        authorities.push('\n');
        authorities.push_str(&read(path)?);
    }
    let union = Union::new(Arc::new(SystemClock))
        .with_certificates(Authorities::new(authorities.as_bytes()).map_err(io::Error::other)?)
        .with_tokens(tokens);
    Ok(match &options.front_proxy {
        Some(proxy) => union.with_front_proxy(front_proxy(proxy)?),
        None => union,
    })
}

fn front_proxy(options: &FrontProxyOptions) -> io::Result<FrontProxy> {
    let path = &options.authority;
    Ok(FrontProxy {
        authorities: in_file(path, Authorities::new(read(path)?.as_bytes()))?,
        allowed_names: options.allowed_names.clone(),
        username_headers: options.username_headers.clone(),
        uid_headers: options.uid_headers.clone(),
        group_headers: options.group_headers.clone(),
        extra_prefixes: options.extra_prefixes.clone(),
    })
}

fn read(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("can't read {}: {error}", path.display())))
}

/// What was made of a file, or an error that names it.
fn in_file<T>(path: &Path, made: Result<T, String>) -> io::Result<T> {
    made.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
}
