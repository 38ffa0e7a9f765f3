//! The keys that sign and verify service account tokens (JSON Web Keys, RFC 7517; algorithms of RFC 7518).

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair, ParsedPublicKey, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use object::{Map, Value};
use rustls_pki_types::pem::{PemObject, SectionKind};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// How tokens are signed with a key. A key has one algorithm; what a token says does not matter.
#[derive(Debug)]
struct Algorithm {
    /// As a JWT's header names it.
    name: &'static str,
    /// The curve, and the length in bytes of a public key's coordinates.
    curve: Option<(&'static str, usize)>,
    verify: &'static dyn signature::VerificationAlgorithm,
}

static RS256: Algorithm =
    Algorithm { name: "RS256", curve: None, verify: &signature::RSA_PKCS1_2048_8192_SHA256 };
static ES256: Algorithm =
    Algorithm { name: "ES256", curve: Some(("P-256", 32)), verify: &signature::ECDSA_P256_SHA256_FIXED };
static ES384: Algorithm =
    Algorithm { name: "ES384", curve: Some(("P-384", 48)), verify: &signature::ECDSA_P384_SHA384_FIXED };
static ES512: Algorithm =
    Algorithm { name: "ES512", curve: Some(("P-521", 66)), verify: &signature::ECDSA_P521_SHA512_FIXED };

static CURVES: [(&Algorithm, &EcdsaSigningAlgorithm); 3] = [
    (&ES256, &signature::ECDSA_P256_SHA256_FIXED_SIGNING),
    (&ES384, &signature::ECDSA_P384_SHA384_FIXED_SIGNING),
    (&ES512, &signature::ECDSA_P521_SHA512_FIXED_SIGNING),
];

/// What is wrong with a key file.
const NO_KEY: &str = "there is no key of a known kind";

/// A key that tokens are verified with.
#[derive(Debug)]
pub struct VerifyingKey {
    id: String,
    algorithm: &'static Algorithm,
    key: ParsedPublicKey,
    /// The members of the key's JSON Web Key that depend on its type.
    members: Vec<(&'static str, String)>,
}

impl VerifyingKey {
    /// The keys of a PEM file (`--service-account-key-file`): public keys, certificates, or private keys, whose public
    /// half is meant.
    pub fn all_from_pem(pem: &[u8]) -> Result<Vec<Arc<VerifyingKey>>, String> {
        let mut keys = Vec::new();
        for section in <(SectionKind, Vec<u8>) as PemObject>::pem_slice_iter(pem) {
            let (kind, der) = section.map_err(|error| error.to_string())?;
            let key = match kind {
                SectionKind::PublicKey => VerifyingKey::from_der(&der).map(Arc::new),
                SectionKind::Certificate => {
                    let (_, certificate) =
                        x509_parser::parse_x509_certificate(&der).map_err(|error| error.to_string())?;
                    VerifyingKey::from_der(certificate.public_key().raw).map(Arc::new)
                }
                SectionKind::PrivateKey | SectionKind::EcPrivateKey | SectionKind::RsaPrivateKey => {
                    SigningKey::from_der(kind, &der).map(|key| key.public)
                }
                _ => continue,
            };
            keys.push(key?);
        }
        if keys.is_empty() { Err(NO_KEY.to_owned()) } else { Ok(keys) }
    }

    /// Of a SubjectPublicKeyInfo (RFC 5280).
    fn from_der(der: &[u8]) -> Result<VerifyingKey, String> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (_, info) = SubjectPublicKeyInfo::from_der(der).map_err(|error| error.to_string())?;
        let (algorithm, members) = match info.parsed().map_err(|error| error.to_string())? {
            PublicKey::RSA(rsa) => {
                let modulus = rsa.modulus.iter().position(|byte| *byte != 0).map(|at| &rsa.modulus[at..]);
                let members = vec![
                    ("e", text(rsa.exponent)),
                    ("kty", "RSA".to_owned()),
                    ("n", text(modulus.unwrap_or_default())),
                ];
                (&RS256, members)
            }
            PublicKey::EC(point) => {
                let [4, coordinates @ ..] = point.data() else { return Err(NO_KEY.to_owned()) };
                let (x, y) = coordinates.split_at(coordinates.len() / 2);
                let (algorithm, curve) = CURVES
                    .iter()
                    .find_map(|(algorithm, _)| {
                        algorithm.curve.filter(|curve| curve.1 == x.len()).map(|curve| (*algorithm, curve.0))
                    })
                    .ok_or(NO_KEY)?;
                let members =
                    vec![("crv", curve.to_owned()), ("kty", "EC".to_owned()), ("x", text(x)), ("y", text(y))];
                (algorithm, members)
            }
            _ => return Err(NO_KEY.to_owned()),
        };
        let key = ParsedPublicKey::new(algorithm.verify, der).map_err(|error| error.to_string())?;
        Ok(VerifyingKey { id: text(digest(&SHA256, der).as_ref()), algorithm, key, members })
    }

    /// The key's id: the digest of its SubjectPublicKeyInfo.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The algorithm's name, such as `RS256`.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm.name
    }

    /// The key as a JSON Web Key.
    pub fn json_web_key(&self) -> Value {
        let common = [("alg", self.algorithm.name), ("kid", &self.id), ("use", "sig")];
        let all = common.into_iter().chain(self.members.iter().map(|(name, value)| (*name, value.as_str())));
        Value::Object(all.collect::<Map>())
    }

    /// Whether `signature` is the key's on `message`.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

enum Signer {
    Ecdsa(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

/// A key that tokens are signed with.
pub struct SigningKey {
    signer: Signer,
    public: Arc<VerifyingKey>,
}

impl SigningKey {
    /// The first private key of a PEM file (`--service-account-signing-key-file`).
    pub fn from_pem(pem: &[u8]) -> Result<SigningKey, String> {
        let private = |kind: &SectionKind| {
            matches!(kind, SectionKind::PrivateKey | SectionKind::EcPrivateKey | SectionKind::RsaPrivateKey)
        };
        for section in <(SectionKind, Vec<u8>) as PemObject>::pem_slice_iter(pem) {
            let (kind, der) = section.map_err(|error| error.to_string())?;
            if private(&kind) {
                return SigningKey::from_der(kind, &der);
            }
        }
        Err(NO_KEY.to_owned())
    }

    /// A new key (ES256), for servers whose tokens need not outlive them.
    pub fn generate() -> Result<SigningKey, String> {
        let (_, curve) = CURVES[0];
        let pair = EcdsaKeyPair::generate(curve).map_err(|error| error.to_string())?;
        SigningKey::new(Signer::Ecdsa(pair))
    }

    fn from_der(kind: SectionKind, der: &[u8]) -> Result<SigningKey, String> {
        let rsa = match kind {
            SectionKind::RsaPrivateKey => RsaKeyPair::from_der(der),
            _ => RsaKeyPair::from_pkcs8(der),
        };
        if let Ok(pair) = rsa {
            return SigningKey::new(Signer::Rsa(pair));
        }
        let pair = CURVES.iter().find_map(|(_, curve)| EcdsaKeyPair::from_private_key_der(curve, der).ok());
        SigningKey::new(Signer::Ecdsa(pair.ok_or(NO_KEY)?))
    }

    fn new(signer: Signer) -> Result<SigningKey, String> {
        let der: Result<PublicKeyX509Der<'_>, _> = match &signer {
            Signer::Ecdsa(pair) => pair.public_key().as_der(),
            Signer::Rsa(pair) => pair.public_key().as_der(),
        };
        let public = VerifyingKey::from_der(der.map_err(|error| error.to_string())?.as_ref())?;
        Ok(SigningKey { signer, public: Arc::new(public) })
    }

    /// The public half.
    pub fn public(&self) -> &Arc<VerifyingKey> {
        &self.public
    }

    /// The signature on `message`.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let random = SystemRandom::new();
        let signature = match &self.signer {
            Signer::Ecdsa(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Signer::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
        };
        signature.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256};

    use super::*;

    #[test]
    fn keys_of_all_kinds_sign_and_verify() {
        let kinds = [
            (&PKCS_RSA_SHA256, "RS256", "RSA"),
            (&PKCS_ECDSA_P256_SHA256, "ES256", "EC"),
            (&PKCS_ECDSA_P384_SHA384, "ES384", "EC"),
        ];
        for (kind, algorithm, key_type) in kinds {
            let pair = KeyPair::generate_for(kind).expect("keys can be made");
            let private = SigningKey::from_pem(pair.serialize_pem().as_bytes()).expect("a private key");
            let public = VerifyingKey::all_from_pem(pair.public_key_pem().as_bytes()).expect("a public key");
            let half = VerifyingKey::all_from_pem(pair.serialize_pem().as_bytes()).expect("a private key");
            let signature = private.sign(b"message").expect("it signs");
            for key in public.iter().chain(&half) {
                assert!(key.verifies(b"message", &signature), "{algorithm}");
                assert!(!key.verifies(b"massage", &signature), "{algorithm}");
                assert_eq!((key.id(), key.algorithm()), (private.public().id(), algorithm));
                assert_eq!(key.json_web_key().str_at(["kty"]), key_type);
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for pem in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "x"] {
            assert!(SigningKey::from_pem(pem.as_bytes()).is_err());
            assert!(VerifyingKey::all_from_pem(pem.as_bytes()).is_err());
        }
    }
}
