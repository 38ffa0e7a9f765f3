//! Service account tokens: made on request, verified, and published to those who verify them elsewhere.
//!
//! Sources: "Managing Service Accounts" and "Configure Service Accounts for Pods" of the Kubernetes documentation;
//! KEP-1205 (bound tokens), KEP-4193 (node and token ids); OpenID Connect Discovery 1.0.

mod authenticator;
mod claims;
mod discovery;
mod issuer;
mod jwt;
mod keys;
mod legacy;
mod lookup;

pub use authenticator::ServiceAccountTokens;
pub use discovery::Discovery;
pub use issuer::{IssuerOptions, TokenIssuer, TokenTarget};
pub use keys::{SigningKey, VerifyingKey};
pub use legacy::LegacyTokens;
