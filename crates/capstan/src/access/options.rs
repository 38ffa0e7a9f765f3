//! The options of authentication and authorization.

use std::path::PathBuf;

use crate::flags::{FlagError, Flags};

/// The issuer of service account tokens unless `--service-account-issuer` says otherwise, and by that their audience.
const ISSUER: &str = "https://kubernetes.default.svc";

/// Who is believed, and who decides.
#[derive(Clone, Debug, Default)]
pub struct AccessOptions {
    /// The CAs that client certificates may come from, besides our own.
    pub client_authority: Option<PathBuf>,
    /// Static tokens.
    pub token_file: Option<PathBuf>,
    /// The proxy in front of the server, if there is one.
    pub front_proxy: Option<FrontProxyOptions>,
    /// The tokens of service accounts.
    pub service_accounts: ServiceAccountOptions,
    /// Who decides what may be done, in order (`--authorization-mode`).
    pub authorization_modes: Vec<String>,
}

/// A proxy that authenticates clients (`--requestheader-*`).
#[derive(Clone, Debug, Default)]
pub struct FrontProxyOptions {
    /// The CAs of its certificate.
    pub authority: PathBuf,
    /// The common names it may have; empty: any.
    pub allowed_names: Vec<String>,
    /// The headers with the user's name.
    pub username_headers: Vec<String>,
    /// The headers with the user's uid.
    pub uid_headers: Vec<String>,
    /// The headers with the user's groups.
    pub group_headers: Vec<String>,
    /// What the headers with extra attributes begin with.
    pub extra_prefixes: Vec<String>,
}

/// The tokens of service accounts (`--service-account-*`).
#[derive(Clone, Debug, Default)]
pub struct ServiceAccountOptions {
    /// Whose tokens are taken; the first one's are issued. Never empty.
    pub issuers: Vec<String>,
    /// The server's own audiences (`--api-audiences`). Never empty.
    pub audiences: Vec<String>,
    /// The keys that tokens are verified with; empty: the public half of the signing key.
    pub key_files: Vec<PathBuf>,
    /// The key that tokens are signed with; one is made if there is none.
    pub signing_key_file: Option<PathBuf>,
    /// The longest a token lasts, in seconds.
    pub max_expiration: Option<i64>,
    /// Whether the tokens of pods last longer than asked for.
    pub extend_expiration: bool,
    /// Whether legacy tokens must still be in their secrets.
    pub lookup: bool,
    /// Where verifiers find the keys; here, if there is none.
    pub key_set_uri: Option<String>,
}

impl AccessOptions {
    /// Of the command line.
    ///
    /// # Errors
    /// If a flag's value makes no sense.
    pub fn new(flags: &Flags) -> Result<AccessOptions, FlagError> {
        Ok(AccessOptions {
            client_authority: path(flags, "client-ca-file"),
            token_file: path(flags, "token-auth-file"),
            front_proxy: path(flags, "requestheader-client-ca-file").map(|authority| FrontProxyOptions {
                authority,
                allowed_names: flags.list("requestheader-allowed-names"),
                username_headers: flags.list("requestheader-username-headers"),
                uid_headers: flags.list("requestheader-uid-headers"),
                group_headers: flags.list("requestheader-group-headers"),
                extra_prefixes: flags.list("requestheader-extra-headers-prefix"),
            }),
            service_accounts: ServiceAccountOptions::new(flags),
            authorization_modes: modes(flags)?,
        })
    }
}

impl ServiceAccountOptions {
    fn new(flags: &Flags) -> ServiceAccountOptions {
        let issuers = or(flags.list("service-account-issuer"), &[ISSUER.to_owned()]);
        let seconds = flags.duration("service-account-max-token-expiration").as_secs();
        ServiceAccountOptions {
            audiences: or(flags.list("api-audiences"), &issuers),
            issuers,
            key_files: flags.list("service-account-key-file").into_iter().map(PathBuf::from).collect(),
            signing_key_file: path(flags, "service-account-signing-key-file"),
            max_expiration: i64::try_from(seconds).ok().filter(|seconds| *seconds > 0),
            extend_expiration: flags.switch("service-account-extend-token-expiration"),
            lookup: flags.switch("service-account-lookup"),
            key_set_uri: flags
                .given("service-account-jwks-uri")
                .filter(|uri| !uri.is_empty())
                .map(str::to_owned),
        }
    }
}

fn path(flags: &Flags, name: &str) -> Option<PathBuf> {
    flags.given(name).filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn or(given: Vec<String>, default: &[String]) -> Vec<String> {
    if given.is_empty() { default.to_vec() } else { given }
}

fn modes(flags: &Flags) -> Result<Vec<String>, FlagError> {
    const KNOWN: &[&str] = &["AlwaysAllow", "AlwaysDeny", "Node", "RBAC"];
    let modes = flags.list("authorization-mode");
    if let Some(unknown) = modes.iter().find(|mode| !KNOWN.contains(&mode.as_str())) {
        let why = format!("is not a mode that is there: choose of {}", KNOWN.join(", "));
        return Err(FlagError::value("authorization-mode", unknown, &why));
    }
    Ok(or(modes, &["AlwaysAllow".to_owned()]))
}
