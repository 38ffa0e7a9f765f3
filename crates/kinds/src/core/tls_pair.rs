//! Secrets that hold a certificate and its key for TLS: both are to be PEM, which is warned of.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object::Value;
use registry::Warnings;

use crate::{fields, pem};

const CERTIFICATE: &str = "CERTIFICATE";
const PRIVATE_KEY: &str = "PRIVATE KEY";

/// Warns of what is no certificate or no key; of the certificate first.
pub(super) fn warn(secret: &Value, warnings: &mut Warnings) {
    if fields::text(secret, "type") != "kubernetes.io/tls" {
        return;
    }
    let [certificate, key] = ["tls.crt", "tls.key"].map(|key| kinds(secret.str_at(["data", key])));
    if let Some(problem) = certificate_problem(&certificate).or_else(|| key_problem(&key)) {
        warnings.add(format!("tls: {problem}"));
    }
}

/// What the PEM blocks of a text hold.
fn kinds(encoded: &str) -> Vec<String> {
    let text = STANDARD.decode(encoded).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut kinds = Vec::new();
    let mut rest: &str = &text;
    while let Some((block, after)) = pem::decode(rest) {
        kinds.push(block.kind);
        rest = after;
    }
    kinds
}

fn certificate_problem(kinds: &[String]) -> Option<String> {
    match kinds {
        [] => Some("failed to find any PEM data in certificate input".to_owned()),
        _ if kinds.iter().any(|kind| kind == CERTIFICATE) => None,
        [one] if one.ends_with(PRIVATE_KEY) => Some(
            "failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may \
             have been switched"
                .to_owned(),
        ),
        _ => Some(format!(
            "failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the \
             following types: [{}]",
            kinds.join(" ")
        )),
    }
}

fn key_problem(kinds: &[String]) -> Option<String> {
    match kinds {
        [] => Some("failed to find any PEM data in key input".to_owned()),
        _ if kinds.iter().any(|kind| kind.ends_with(PRIVATE_KEY)) => None,
        [one] if one == CERTIFICATE => {
            Some("found a certificate rather than a key in the PEM for the private key".to_owned())
        }
        _ => Some(format!(
            "failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of \
             the following types: [{}]",
            kinds.join(" ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let block = |kind: &str| format!("-----BEGIN {kind}-----\nYQ==\n-----END {kind}-----\n");
        let (certificate, key) = (block("CERTIFICATE"), block("EC PRIVATE KEY"));
        let cases = [
            (certificate.as_str(), key.as_str(), ""),
            ("x", &key, "tls: failed to find any PEM data in certificate input"),
            (&certificate, "", "tls: failed to find any PEM data in key input"),
            (
                &certificate,
                &certificate,
                "tls: found a certificate rather than a key in the PEM for the private key",
            ),
            (
                &key,
                &certificate,
                "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM \
                 inputs may have been switched",
            ),
        ];
        for (certificate, key, expected) in cases {
            let mut secret = Value::object();
            secret.set("type", "kubernetes.io/tls");
            let data = secret.object_at("data");
            data.insert("tls.crt", STANDARD.encode(certificate));
            data.insert("tls.key", STANDARD.encode(key));
            let mut warnings = Warnings::default();
            warn(&secret, &mut warnings);
            assert_eq!(warnings.texts().join("; "), expected);
        }
    }
}
