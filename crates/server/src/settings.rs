//! What can be set about the serving side, apart from addresses and certificates.

use std::time::Duration;

/// The largest request body, in bytes (`MaxRequestBodyBytes` of the original).
pub const MAX_BODY: usize = 3 * 1024 * 1024;

/// Limits and switches, under the names of the flags that set them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `--request-timeout`: how long a request that is no watch or stream may take.
    pub request_timeout: Duration,
    /// `--min-request-timeout`: the least time a watch lasts that asks for none; it gets up to twice as much.
    pub min_request_timeout: Duration,
    /// `--max-requests-inflight`: reads at a time; 0: no limit.
    pub max_requests_inflight: usize,
    /// `--max-mutating-requests-inflight`: writes at a time; 0: no limit.
    pub max_mutating_requests_inflight: usize,
    /// `--cors-allowed-origins`: regular expressions on the Origin header.
    pub cors_allowed_origins: Vec<regex::Regex>,
    /// `--anonymous-auth`: requests without credentials are `system:anonymous`'s.
    pub anonymous: bool,
    /// `--shutdown-delay-duration`: how long requests are still taken after readyz has begun to fail.
    pub shutdown_delay: Duration,
    /// The address clients reach the server at, `host:port`.
    pub public_address: String,
    /// `--http2-max-streams-per-connection`.
    pub http2_streams: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            request_timeout: Duration::from_secs(60),
            min_request_timeout: Duration::from_secs(1800),
            max_requests_inflight: 400,
            max_mutating_requests_inflight: 200,
            cors_allowed_origins: Vec::new(),
            anonymous: true,
            shutdown_delay: Duration::ZERO,
            public_address: "127.0.0.1:6443".to_owned(),
            http2_streams: 250,
        }
    }
}
