//! Verifies service account tokens.

use std::collections::HashMap;
use std::future::ready;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use meta::time::Clock;
use parking_lot::RwLock;
use registry::{Lookup, User};
use status::Status;

use super::claims::{Claims, good_for};
use super::jwt::Token;
use super::keys::VerifyingKey;
use super::lookup::{Kind, check_bound, is_deleted};
use crate::authentication::{TokenAuthenticator, TokenUser, TokenVerdict};
use crate::authorization::Answer;
use crate::users;

/// How many tokens with a good signature are remembered.
const REMEMBERED: usize = 4096;

/// Verifies service account tokens by their signatures, times and audiences, and that what they are bound to is still
/// there. That a signature is good is remembered; all else is checked each time.
pub struct ServiceAccountTokens {
    keys: Vec<Arc<VerifyingKey>>,
    issuers: Vec<String>,
    audiences: Vec<String>,
    lookup: Arc<dyn Lookup>,
    clock: Arc<dyn Clock>,
    /// The claims of tokens with a good signature, by the tokens' digests.
    verified: RwLock<HashMap<Vec<u8>, Arc<Claims>>>,
}

impl ServiceAccountTokens {
    /// Takes tokens of `issuers` signed with one of `keys`. `audiences` are the server's own.
    pub fn new(
        keys: Vec<Arc<VerifyingKey>>,
        issuers: Vec<String>,
        audiences: Vec<String>,
        lookup: Arc<dyn Lookup>,
        clock: Arc<dyn Clock>,
    ) -> ServiceAccountTokens {
        ServiceAccountTokens { keys, issuers, audiences, lookup, clock, verified: RwLock::default() }
    }

    fn verdict(&self, token: &str, audiences: &[String]) -> TokenVerdict {
        let claims = match self.claims(token) {
            None => return TokenVerdict::Unknown,
            Some(Err(error)) => return TokenVerdict::Wrong(error.to_owned()),
            Some(Ok(claims)) => claims,
        };
        match good_for(&claims.audiences, &self.audiences, audiences) {
            Err(error) => TokenVerdict::Wrong(error),
            Ok(audiences) => match self.check(&claims) {
                Err(error) => TokenVerdict::Wrong(error),
                Ok(()) => TokenVerdict::Good(TokenUser { user: user(&claims), audiences }),
            },
        }
    }

    /// The claims; nothing if the token is none of ours.
    fn claims(&self, token: &str) -> Option<Result<Arc<Claims>, &'static str>> {
        let key = digest(&SHA256, token.as_bytes());
        if let Some(claims) = self.verified.read().get(key.as_ref()) {
            return Some(Ok(claims.clone()));
        }
        let parsed = Token::parse(token)?;
        if !self.issuers.iter().any(|issuer| issuer == parsed.issuer()) {
            return None;
        }
        let claims = match parsed.verify(&self.keys)? {
            Ok(claims) => Arc::new(Claims::read(&claims)),
            Err(error) => return Some(Err(error)),
        };
        let mut verified = self.verified.write();
        if verified.len() >= REMEMBERED {
            verified.clear();
        }
        verified.insert(key.as_ref().to_vec(), claims.clone());
        Some(Ok(claims))
    }

    /// Whether the token is good now, and what it is about still there.
    fn check(&self, claims: &Claims) -> Result<(), String> {
        let now = self.clock.now().unix();
        claims.check_time(now)?;
        let get = |kind: Kind, name: &str| kind.get(&*self.lookup, &claims.namespace, name);
        let account = &claims.account;
        let found = get(Kind::ServiceAccount, &account.name)
            .ok_or_else(|| Status::not_found("", "serviceaccounts", &account.name).message)?;
        let uid = found.str_at(["metadata", "uid"]);
        if uid != account.uid {
            let claimed = &account.uid;
            return Err(format!("service account UID ({uid}) does not match claim ({claimed})"));
        }
        if is_deleted(&found, now) {
            let (namespace, name) = (&claims.namespace, &account.name);
            return Err(format!("service account {namespace}/{name} has been deleted"));
        }
        let bound = [
            (Kind::Secret, &claims.secret, "secret"),
            (Kind::Pod, &claims.pod, "pod"),
            // Of a pod's token the node is told, not checked: the pod's presence is what counts.
            (Kind::Node, if claims.pod.is_some() { &None } else { &claims.node }, "node"),
        ];
        for (kind, reference, what) in bound {
            if let Some(reference) = reference {
                check_bound(get(kind, &reference.name), reference, now, what)?;
            }
        }
        Ok(())
    }
}

fn user(claims: &Claims) -> Arc<User> {
    let mut user = Arc::new(User {
        name: users::service_account_name(&claims.namespace, &claims.account.name),
        uid: claims.account.uid.clone(),
        groups: users::service_account_groups(&claims.namespace),
        extra: claims.extra(),
    });
    users::ensure_authenticated(&mut user);
    user
}

impl TokenAuthenticator for ServiceAccountTokens {
    fn authenticate_token<'a>(&'a self, token: &'a str, audiences: &'a [String]) -> Answer<'a, TokenVerdict> {
        Box::pin(ready(self.verdict(token, audiences)))
    }
}
