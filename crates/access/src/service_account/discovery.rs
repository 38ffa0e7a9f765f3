//! What verifiers elsewhere need: the provider configuration and the keys (OpenID Connect Discovery 1.0, RFC 7517).

use std::sync::Arc;

use object::json;

use super::keys::VerifyingKey;

/// The documents served at `/.well-known/openid-configuration` and `/openid/v1/jwks`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The configuration, JSON (`application/json`).
    pub configuration: Vec<u8>,
    /// The key set, JSON (`application/jwk-set+json`).
    pub key_set: Vec<u8>,
}

/// The members of a key in the order the original writes them.
const MEMBERS: [&str; 9] = ["use", "kty", "kid", "crv", "alg", "x", "y", "n", "e"];

impl Discovery {
    /// How long clients may keep the documents.
    pub const CACHE_CONTROL: &'static str = "public, max-age=3600";

    /// Of an issuer, the place its keys are found at (`--service-account-jwks-uri`) and the keys.
    pub fn new(issuer: &str, key_set_uri: &str, keys: &[Arc<VerifyingKey>]) -> Discovery {
        let mut algorithms: Vec<&str> = keys.iter().map(|key| key.algorithm()).collect();
        algorithms.sort_unstable();
        algorithms.dedup();
        let mut configuration = b"{".to_vec();
        member(&mut configuration, "issuer", issuer);
        configuration.push(b',');
        member(&mut configuration, "jwks_uri", key_set_uri);
        let lists: [(&str, &[&str]); 3] = [
            ("response_types_supported", &["id_token"]),
            ("subject_types_supported", &["public"]),
            ("id_token_signing_alg_values_supported", &algorithms),
        ];
        for (name, items) in lists {
            configuration.extend_from_slice(format!(",\"{name}\":[\"{}\"]", items.join("\",\"")).as_bytes());
        }
        configuration.push(b'}');
        let mut key_set = b"{\"keys\":[".to_vec();
        for (number, key) in keys.iter().enumerate() {
            if number > 0 {
                key_set.push(b',');
            }
            write_key(&mut key_set, key);
        }
        key_set.extend_from_slice(b"]}");
        Discovery { configuration, key_set }
    }
}

fn write_key(out: &mut Vec<u8>, key: &VerifyingKey) {
    let members = key.json_web_key();
    let written = MEMBERS.iter().filter_map(|name| Some((name, members.get(name)?.as_str()?)));
    out.push(b'{');
    for (number, (name, text)) in written.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        member(out, name, text);
    }
    out.push(b'}');
}

fn member(out: &mut Vec<u8>, name: &str, text: &str) {
    json::write_string(out, name);
    out.push(b':');
    json::write_string(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_account::SigningKey;

    #[test]
    fn documents_name_issuer_and_keys() {
        let key = SigningKey::generate().expect("keys can be made");
        let id = key.public().id().to_owned();
        let found = Discovery::new("https://i", "https://i/openid/v1/jwks", &[key.public().clone()]);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(
            text(&found.configuration),
            r#"{"issuer":"https://i","jwks_uri":"https://i/openid/v1/jwks","response_types_supported":["id_token"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"]}"#
        );
        let begin =
            format!(r#"{{"keys":[{{"use":"sig","kty":"EC","kid":"{id}","crv":"P-256","alg":"ES256","x":""#);
        assert!(text(&found.key_set).starts_with(&begin), "{}", text(&found.key_set));
    }
}
