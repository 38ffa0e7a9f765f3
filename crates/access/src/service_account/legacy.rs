//! Tokens that stand in secrets of type `kubernetes.io/service-account-token`.

use std::future::ready;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object::Value;
use registry::{Lookup, User};
use status::Status;

use super::claims::{audiences, good_for};
use super::jwt::Token;
use super::keys::VerifyingKey;
use super::lookup::Kind;
use crate::authentication::{TokenAuthenticator, TokenUser, TokenVerdict};
use crate::authorization::Answer;
use crate::users;

/// Who issues these tokens.
const ISSUER: &str = "kubernetes/serviceaccount";
/// The label of secrets whose tokens are no longer taken.
const INVALID_SINCE: &str = "kubernetes.io/legacy-token-invalid-since";

/// Verifies tokens from secrets: they never expire, and are good as long as the secret holds them.
pub struct LegacyTokens {
    keys: Vec<Arc<VerifyingKey>>,
    audiences: Vec<String>,
    lookup: Arc<dyn Lookup>,
    check_objects: bool,
}

impl LegacyTokens {
    /// Takes tokens signed with one of `keys`, for the server's own `audiences`. Without `check_objects`
    /// (`--service-account-lookup=false`) the signature is enough.
    pub fn new(
        keys: Vec<Arc<VerifyingKey>>,
        audiences: Vec<String>,
        lookup: Arc<dyn Lookup>,
        check_objects: bool,
    ) -> LegacyTokens {
        LegacyTokens { keys, audiences, lookup, check_objects }
    }

    fn verdict(&self, token: &str, asked: &[String]) -> TokenVerdict {
        let Some(parsed) = Token::parse(token).filter(|parsed| parsed.issuer() == ISSUER) else {
            return TokenVerdict::Unknown;
        };
        let claims = match parsed.verify(&self.keys) {
            None => return TokenVerdict::Unknown,
            Some(Err(error)) => return TokenVerdict::Wrong(error.to_owned()),
            Some(Ok(claims)) => claims,
        };
        match good_for(&audiences(&claims), &self.audiences, asked) {
            Err(error) => TokenVerdict::Wrong(error),
            Ok(audiences) => match self.user(token, &claims) {
                Err(error) => TokenVerdict::Wrong(error),
                Ok(user) => TokenVerdict::Good(TokenUser { user, audiences }),
            },
        }
    }

    fn user(&self, token: &str, claims: &Value) -> Result<Arc<User>, String> {
        let claim = |name: &str, short: &str| {
            let text = claims.str_at([name]);
            if text.is_empty() { Err(format!("{short} claim is missing")) } else { Ok(text) }
        };
        let subject = claim("sub", "sub")?;
        let namespace = claim("kubernetes.io/serviceaccount/namespace", "namespace")?;
        let secret = claim("kubernetes.io/serviceaccount/secret.name", "secretName")?;
        let name = claim("kubernetes.io/serviceaccount/service-account.name", "serviceAccountName")?;
        let uid = claim("kubernetes.io/serviceaccount/service-account.uid", "serviceAccountUID")?;
        if users::split_service_account(subject) != Some((namespace, name)) {
            return Err("sub claim is invalid".to_owned());
        }
        if self.check_objects {
            self.check_secret(token, (namespace, name), secret)?;
            self.check_account(namespace, name, uid)?;
        }
        let mut user = Arc::new(User {
            name: subject.to_owned(),
            uid: uid.to_owned(),
            groups: users::service_account_groups(namespace),
            extra: Vec::new(),
        });
        users::ensure_authenticated(&mut user);
        Ok(user)
    }

    fn check_secret(&self, token: &str, account: (&str, &str), name: &str) -> Result<(), String> {
        let (namespace, account) = account;
        let found = Kind::Secret.get(&*self.lookup, namespace, name);
        let secret = found.filter(|secret| !deleted(secret)).ok_or("Token has been invalidated")?;
        let copy = STANDARD.decode(secret.str_at(["data", "token"])).unwrap_or_default();
        if verify_slices_are_equal(&copy, token.as_bytes()).is_err() {
            return Err("Token does not match server's copy".to_owned());
        }
        if secret.at(["metadata", "labels", INVALID_SINCE]).is_some() {
            return Err(format!(
                "the token in secret {namespace}/{name} for service account {namespace}/{account} has been marked invalid. \
                 Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the \
                 '{INVALID_SINCE}' label from the secret to temporarily allow use of this token"
            ));
        }
        Ok(())
    }

    fn check_account(&self, namespace: &str, name: &str, uid: &str) -> Result<(), String> {
        let account = Kind::ServiceAccount
            .get(&*self.lookup, namespace, name)
            .ok_or_else(|| Status::not_found("", "serviceaccounts", name).message)?;
        if deleted(&account) {
            return Err(format!("ServiceAccount {namespace}/{name} has been deleted"));
        }
        let own = account.str_at(["metadata", "uid"]);
        if own == uid {
            Ok(())
        } else {
            Err(format!("ServiceAccount UID ({own}) does not match claim ({uid})"))
        }
    }
}

fn deleted(object: &Value) -> bool {
    !object.str_at(["metadata", "deletionTimestamp"]).is_empty()
}

impl TokenAuthenticator for LegacyTokens {
    fn authenticate_token<'a>(&'a self, token: &'a str, audiences: &'a [String]) -> Answer<'a, TokenVerdict> {
        Box::pin(ready(self.verdict(token, audiences)))
    }
}
