//! Tokens in their compact form (JSON Web Tokens, RFC 7519), signed and taken apart.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use object::{Value, json};

use super::keys::{SigningKey, VerifyingKey};

/// What the original says of a signature that no key verifies.
const BAD_SIGNATURE: &str = "go-jose/go-jose: error in cryptographic primitive";

/// A token taken apart; nothing about it is verified.
pub(super) struct Token<'t> {
    signed: &'t str,
    header: &'t str,
    signature: &'t str,
    claims: Value,
}

impl<'t> Token<'t> {
    /// Nothing if it has not the form of a token.
    pub(super) fn parse(token: &'t str) -> Option<Token<'t>> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
        Some(Token { signed, header, signature, claims: decode(claims)? })
    }

    /// Who says they issued it.
    pub(super) fn issuer(&self) -> &str {
        self.claims.str_at(["iss"])
    }

    /// The claims, if one of `keys` verifies them; nothing if the token is malformed.
    pub(super) fn verify(self, keys: &[Arc<VerifyingKey>]) -> Option<Result<Value, &'static str>> {
        let header = decode(self.header)?;
        let signature = URL_SAFE_NO_PAD.decode(self.signature).ok()?;
        let id = header.str_at(["kid"]);
        let mut candidates = keys.iter().filter(|key| id.is_empty() || key.id() == id).peekable();
        if candidates.peek().is_none() {
            return Some(Err("invalid signature, no keys found"));
        }
        let algorithm = header.str_at(["alg"]);
        let verified = candidates
            .any(|key| key.algorithm() == algorithm && key.verifies(self.signed.as_bytes(), &signature));
        Some(if verified { Ok(self.claims) } else { Err(BAD_SIGNATURE) })
    }
}

fn decode(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    json::parse(&bytes).ok().filter(|value| value.as_object().is_some())
}

/// The token with these claims.
pub(super) fn sign(key: &SigningKey, claims: &Value) -> Result<String, String> {
    let mut header = Value::object();
    header.set("alg", key.public().algorithm());
    header.set("kid", key.public().id());
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(json::to_vec(value));
    let mut token = format!("{}.{}", encode(&header), encode(claims));
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::parse;

    fn key() -> SigningKey {
        SigningKey::generate().expect("keys can be made")
    }

    fn public(key: &SigningKey) -> Vec<Arc<VerifyingKey>> {
        vec![key.public().clone()]
    }

    #[test]
    fn a_token_is_good_with_its_key_only() {
        let (ours, theirs) = (key(), key());
        let claims = parse(r#"{"iss":"i","sub":"s"}"#);
        let token = sign(&ours, &claims).expect("it signs");
        let verify = |token: &str, keys: &[Arc<VerifyingKey>]| Token::parse(token)?.verify(keys);
        assert_eq!(verify(&token, &public(&ours)), Some(Ok(claims)));
        assert_eq!(verify(&token, &public(&theirs)), Some(Err("invalid signature, no keys found")));
        let (header, rest) = token.split_once('.').expect("a token has parts");
        for (alg, kid) in [("none", ""), ("HS256", ""), ("RS256", ""), ("ES256", "x")] {
            let forged = format!(r#"{{"alg":"{alg}","kid":"{kid}"}}"#);
            let forged = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(forged));
            let error = if kid.is_empty() { BAD_SIGNATURE } else { "invalid signature, no keys found" };
            assert_eq!(verify(&forged, &public(&ours)), Some(Err(error)), "{alg}");
        }
        let tampered = format!("{token}AAAA");
        assert_eq!(verify(&tampered, &public(&ours)), Some(Err(BAD_SIGNATURE)));
        assert_eq!(verify(&format!("x{header}.{rest}"), &public(&ours)), None);
        for garbage in ["", "a.b.c", "..", "a.b", "a.b.c.d"] {
            assert!(Token::parse(garbage).is_none(), "{garbage}");
        }
    }

    proptest! {
        #[test]
        fn no_other_text_is_a_token(cut in 0usize..200, with in "[A-Za-z0-9._-]{1,4}") {
            let ours = key();
            let token = sign(&ours, &parse(r#"{"iss":"i"}"#)).expect("it signs");
            let at = cut.min(token.len());
            let changed = format!("{}{with}{}", &token[..at], &token[at..]);
            let verified = Token::parse(&changed).and_then(|token| token.verify(&public(&ours)));
            prop_assert!(!matches!(verified, Some(Ok(_))));
        }
    }
}
