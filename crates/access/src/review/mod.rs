//! Reviews: objects that ask who somebody is and what they may, and are answered instead of kept.
//!
//! Sources: the API reference of `authentication.k8s.io/v1` and `authorization.k8s.io/v1`; KEP-4601 (selectors).

mod access;
mod identity;
mod metadata;
mod rules;
mod selectors;

use std::sync::Arc;

use meta::time::Clock;

use crate::authentication::Tokens;
use crate::authorization::Authorizer;

const AUTHENTICATION: &str = "authentication.k8s.io";
const AUTHORIZATION: &str = "authorization.k8s.io";

/// Answers reviews. Each takes the object as it was decoded, with managed fields if it has any, and answers it with
/// its status; what it may not be created with is a 422.
pub struct Reviews {
    authorizer: Arc<dyn Authorizer>,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
}

impl Reviews {
    /// By the server's own authorizer and tokens.
    pub fn new(authorizer: Arc<dyn Authorizer>, tokens: Arc<Tokens>, clock: Arc<dyn Clock>) -> Reviews {
        Reviews { authorizer, tokens, clock }
    }
}

#[cfg(test)]
mod tests;
