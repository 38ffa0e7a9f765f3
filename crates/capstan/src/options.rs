//! What to run, made of the command line: the defaults of `capstan serve` and of `capstan kube-apiserver` differ, the
//! flags are the same.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use server::Settings;

use crate::access::AccessOptions;
use crate::flags::{FlagError, Flags};

/// A certificate file, its key file and the names it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The chain, in PEM.
    pub certificate: PathBuf,
    /// The key, in PEM.
    pub key: PathBuf,
    /// The names; empty for those in the certificate.
    pub names: Vec<String>,
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything is kept (`--data-dir`).
    pub data_directory: PathBuf,
    /// How long the past can be read (`--etcd-compaction-interval`); zero for ever.
    pub compaction_interval: Duration,
    /// Where to listen.
    pub address: SocketAddr,
    /// Where plain HTTP is redirected to TLS, if anywhere (`--http-redirect-port`).
    pub redirect: Option<SocketAddr>,
    /// The serving certificate; one is made if there is none.
    pub certificate: Option<CertificateFiles>,
    /// Certificates for other names.
    pub other_certificates: Vec<CertificateFiles>,
    /// Who is believed, and who decides.
    pub access: AccessOptions,
    /// Admission plugins that are on besides the default ones (`--enable-admission-plugins`).
    pub enabled_admission: Vec<String>,
    /// Admission plugins that are off (`--disable-admission-plugins`).
    pub disabled_admission: Vec<String>,
    /// The ranges that services get addresses from (`--service-cluster-ip-range`), the primary one first.
    pub service_ranges: Vec<String>,
    /// How kubelets are reached.
    pub kubelets: KubeletOptions,
    /// What this server proves itself with to aggregated API servers (`--proxy-client-cert-file`,
    /// `--proxy-client-key-file`).
    pub proxy_client: Option<CertificateFiles>,
    /// Whether this server makes itself what it proves itself with to them, if nothing is given.
    pub own_front_proxy: bool,
    /// Whether services of aggregated API servers are resolved by their endpoints (`--enable-aggregator-routing`).
    pub aggregator_routing: bool,
    /// Further names of the server, for its certificate.
    pub names: Vec<String>,
    /// Whether the controllers that an API server alone needs run in this process.
    pub controllers: bool,
    /// Those of them that don't, by the names kube-controller-manager has for them.
    pub disabled_controllers: Vec<String>,
    /// How long an event lives after it was last written.
    pub event_time: Duration,
    /// Whether an administrator's kubeconfig is written.
    pub kubeconfig: bool,
    /// Limits and switches of the serving side.
    pub settings: Settings,
}

/// How kubelets are reached (`--kubelet-*`).
#[derive(Clone, Debug, Default)]
pub struct KubeletOptions {
    /// The kinds of node addresses to use, the best first.
    pub address_types: Vec<String>,
    /// The CAs of kubelets' certificates; without any, every certificate is taken.
    pub authority: Option<PathBuf>,
    /// What this server proves itself with to them.
    pub client: Option<CertificateFiles>,
}

impl KubeletOptions {
    fn new(flags: &Flags) -> Result<KubeletOptions, FlagError> {
        Ok(KubeletOptions {
            address_types: flags.list("kubelet-preferred-address-types"),
            authority: flags.given("kubelet-certificate-authority").map(PathBuf::from),
            client: certificate(flags, "kubelet-client-certificate", "kubelet-client-key")?,
        })
    }
}

impl Options {
    /// `capstan serve`: for one's own machine; no flag is needed.
    ///
    /// # Errors
    /// If a flag's value makes no sense.
    pub fn serve(flags: &Flags) -> Result<Options, FlagError> {
        let mut options = Options::kube_apiserver(flags)?;
        if flags.given("data-dir").is_none() {
            options.data_directory = own_directory();
        }
        if flags.given("bind-address").is_none() {
            options.address.set_ip(IpAddr::from([127, 0, 0, 1]));
        }
        if flags.given("authorization-mode").is_none() {
            options.access.authorization_modes = vec!["Node".to_owned(), "RBAC".to_owned()];
        }
        options.settings.public_address = public_address(flags, options.address);
        options.enabled_admission.push("NodeRestriction".to_owned());
        options.kubeconfig = true;
        options.controllers = flags.text("controllers") != "-*";
        options.own_front_proxy = true;
        // Nothing makes cluster IPs lead anywhere on one's own machine.
        options.aggregator_routing |= flags.given("enable-aggregator-routing").is_none();
        Ok(options)
    }

    /// `capstan kube-apiserver`: the original's flags with the original's defaults.
    ///
    /// # Errors
    /// If a flag's value makes no sense.
    pub fn kube_apiserver(flags: &Flags) -> Result<Options, FlagError> {
        let ip: IpAddr = parse(flags, "bind-address")?;
        let address = SocketAddr::new(ip, port(flags, "secure-port")?);
        let redirect_port = port(flags, "http-redirect-port")?;
        Ok(Options {
            data_directory: flags.text("data-dir").into(),
            compaction_interval: flags.duration("etcd-compaction-interval"),
            address,
            redirect: (redirect_port != 0).then(|| SocketAddr::new(ip, redirect_port)),
            certificate: certificate(flags, "tls-cert-file", "tls-private-key-file")?,
            other_certificates: other_certificates(flags)?,
            access: AccessOptions::new(flags)?,
            enabled_admission: flags.list("enable-admission-plugins"),
            disabled_admission: flags.list("disable-admission-plugins"),
            service_ranges: match flags.list("service-cluster-ip-range") {
                ranges if ranges.is_empty() => vec!["10.0.0.0/24".to_owned()],
                ranges => ranges,
            },
            kubelets: KubeletOptions::new(flags)?,
            proxy_client: certificate(flags, "proxy-client-cert-file", "proxy-client-key-file")?,
            own_front_proxy: false,
            aggregator_routing: flags.switch("enable-aggregator-routing"),
            names: flags.given("external-hostname").into_iter().map(str::to_owned).collect(),
            controllers: false,
            disabled_controllers: disabled_controllers(flags)?,
            event_time: flags.duration("event-ttl"),
            kubeconfig: false,
            settings: settings(flags, address)?,
        })
    }
}

/// What `--controllers=*,-NAME` turns off.
fn disabled_controllers(flags: &Flags) -> Result<Vec<String>, FlagError> {
    let mut disabled = Vec::new();
    for entry in flags.list("controllers") {
        let name = entry.strip_prefix('-').unwrap_or(&entry);
        if name != "*" && !controllers::NAMES.contains(&name) {
            return Err(bad(
                "controllers",
                &entry,
                &format_args!("known are {}", controllers::NAMES.join(", ")),
            ));
        }
        if entry.starts_with('-') {
            disabled.push(name.to_owned());
        }
    }
    Ok(disabled)
}

fn settings(flags: &Flags, address: SocketAddr) -> Result<Settings, FlagError> {
    let origins = flags.list("cors-allowed-origins");
    Ok(Settings {
        request_timeout: flags.duration("request-timeout"),
        min_request_timeout: Duration::from_secs(natural(flags, "min-request-timeout")?),
        max_requests_inflight: natural(flags, "max-requests-inflight")?,
        max_mutating_requests_inflight: natural(flags, "max-mutating-requests-inflight")?,
        cors_allowed_origins: origins
            .iter()
            .map(|origin| {
                regex::Regex::new(origin).map_err(|error| bad("cors-allowed-origins", origin, &error))
            })
            .collect::<Result<_, _>>()?,
        anonymous: flags.switch("anonymous-auth"),
        shutdown_delay: flags.duration("shutdown-delay-duration"),
        public_address: public_address(flags, address),
        http2_streams: match natural(flags, "http2-max-streams-per-connection")? {
            0 => Settings::default().http2_streams,
            streams => streams,
        },
    })
}

/// Where clients are told the server is: not at an address that stands for all of them.
fn public_address(flags: &Flags, address: SocketAddr) -> String {
    let host = match flags.given("advertise-address").or(flags.given("external-hostname")) {
        Some(host) => host.to_owned(),
        None if address.ip().is_unspecified() => "127.0.0.1".to_owned(),
        None => return address.to_string(),
    };
    match host.parse::<IpAddr>() {
        Ok(ip) => SocketAddr::new(ip, address.port()).to_string(),
        Err(_) => format!("{host}:{}", address.port()),
    }
}

fn own_directory() -> PathBuf {
    let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME")?;
        Some(PathBuf::from(home).join(".local/share"))
    });
    base.unwrap_or_default().join("capstan")
}

fn bad(flag: &str, value: &str, why: &dyn std::fmt::Display) -> FlagError {
    FlagError::value(flag, value, why)
}

fn parse<T: std::str::FromStr>(flags: &Flags, name: &str) -> Result<T, FlagError>
where
    T::Err: std::fmt::Display,
{
    let value = flags.text(name);
    value.parse().map_err(|error: T::Err| bad(name, value, &error))
}

fn port(flags: &Flags, name: &str) -> Result<u16, FlagError> {
    parse(flags, name)
}

/// A number that is not negative; 0 where none is given.
fn natural<T: TryFrom<i64>>(flags: &Flags, name: &str) -> Result<T, FlagError> {
    T::try_from(flags.number(name)).map_err(|_| bad(name, flags.text(name), &"must not be negative or huge"))
}

/// A certificate and its key, which go together.
fn certificate(
    flags: &Flags,
    certificate_flag: &str,
    key_flag: &str,
) -> Result<Option<CertificateFiles>, FlagError> {
    match (flags.given(certificate_flag), flags.given(key_flag)) {
        (Some(certificate), Some(key)) => {
            Ok(Some(CertificateFiles { certificate: certificate.into(), key: key.into(), names: Vec::new() }))
        }
        (None, None) => Ok(None),
        (certificate, _) => Err(bad(
            certificate_flag,
            certificate.unwrap_or(""),
            &format_args!("--{certificate_flag} and --{key_flag} go together"),
        )),
    }
}

/// `cert,key` or `cert,key:name,name`.
fn other_certificates(flags: &Flags) -> Result<Vec<CertificateFiles>, FlagError> {
    let values = flags.whole("tls-sni-cert-key");
    values
        .iter()
        .filter(|value| !value.is_empty())
        .map(|value| {
            let (files, names) = value.split_once(':').unwrap_or((value, ""));
            let (certificate, key) = files.split_once(',').ok_or_else(|| {
                bad("tls-sni-cert-key", value, &"expected comma separated certificate and key file paths")
            })?;
            let names = names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
            Ok(CertificateFiles { certificate: certificate.into(), key: key.into(), names })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Result<Options, String> {
        let flags =
            Flags::parse(line.split_whitespace().map(str::to_owned)).map_err(|error| error.to_string())?;
        Options::kube_apiserver(&flags).map_err(|error| error.to_string())
    }

    #[test]
    fn the_originals_defaults() {
        let options = options("").unwrap();
        assert_eq!(options.address.to_string(), "0.0.0.0:6443");
        assert_eq!(options.settings.public_address, "127.0.0.1:6443");
        assert_eq!(options.access.authorization_modes, ["AlwaysAllow"]);
        assert_eq!(options.settings.max_requests_inflight, 400);
    }

    #[test]
    fn certificates_for_names() {
        let options = options("--tls-sni-cert-key=a.crt,a.key:*.x,y").unwrap();
        let files = &options.other_certificates[0];
        assert_eq!((files.key.to_str(), files.names.join(" ")), (Some("a.key"), "*.x y".to_owned()));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "--bind-address=x",
            "--secure-port=70000",
            "--authorization-mode=Bogus",
            "--max-requests-inflight=-1",
            "--tls-cert-file=a",
            "--cors-allowed-origins=(",
        ] {
            assert!(options(line).is_err(), "{line}");
        }
    }
}
