//! Bearer tokens: what those who know some kind of token answer, and the union of them.

use std::sync::Arc;

use registry::User;

use crate::authorization::Answer;
use crate::users;

/// The error for a token that nobody knows.
const INVALID_TOKEN: &str = "invalid bearer token";

/// Whose token it is, and for which of the asked audiences it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenUser {
    /// The user.
    pub user: Arc<User>,
    /// The audiences, never empty.
    pub audiences: Vec<String>,
}

/// What is known of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenVerdict {
    /// It is not of my kind, or not for the audiences asked for.
    Unknown,
    /// It is good.
    Good(TokenUser),
    /// It is of my kind and wrong; the text is shown to those who ask about the token.
    Wrong(String),
}

/// Knows one kind of token (`authenticator.Token`).
pub trait TokenAuthenticator: Send + Sync {
    /// Whose `token` it is, if it is good for one of `audiences`.
    fn authenticate_token<'a>(&'a self, token: &'a str, audiences: &'a [String]) -> Answer<'a, TokenVerdict>;
}

/// The elements of `audiences` that are among `others`.
pub(crate) fn intersect(audiences: &[String], others: &[String]) -> Vec<String> {
    audiences.iter().filter(|audience| others.contains(audience)).cloned().collect()
}

/// All kinds of tokens, asked in order.
pub struct Tokens {
    kinds: Vec<Arc<dyn TokenAuthenticator>>,
    audiences: Vec<String>,
}

impl Tokens {
    /// `audiences` are the server's own (`--api-audiences`; by default its issuers).
    pub fn new(kinds: Vec<Arc<dyn TokenAuthenticator>>, audiences: Vec<String>) -> Tokens {
        Tokens { kinds, audiences }
    }

    /// The server's own audiences.
    pub fn audiences(&self) -> &[String] {
        &self.audiences
    }

    /// Whose token it is, with the group of all authenticated users. The error is one a TokenReview shows.
    pub async fn authenticate(&self, token: &str, audiences: &[String]) -> Result<TokenUser, String> {
        let mut errors = vec![INVALID_TOKEN.to_owned()];
        for kind in &self.kinds {
            match kind.authenticate_token(token, audiences).await {
                TokenVerdict::Unknown => {}
                TokenVerdict::Good(mut found) => {
                    users::ensure_authenticated(&mut found.user);
                    return Ok(found);
                }
                TokenVerdict::Wrong(error) if errors.contains(&error) => {}
                TokenVerdict::Wrong(error) => errors.push(error),
            }
        }
        match errors.as_slice() {
            [one] => Err(one.clone()),
            many => Err(format!("[{}]", many.join(", "))),
        }
    }
}
