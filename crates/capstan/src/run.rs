//! Starting and stopping a server.

use std::fmt::Display;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use controllers::Controllers;
use registry::Registry;
use server::tls::KeyPair;
use server::{Aggregated, Api, Backends, Kubelets, Parts, Redirect, Server};

use crate::access::Access;
use crate::kubeconfig::Kubeconfig;
use crate::options::{CertificateFiles, Options};
use crate::pki::{self, Pki};
use crate::webhooks::Webhooks;
use crate::{control, definitions, front_proxy};

/// A server that is up.
pub struct Running {
    api: Arc<Api>,
    address: SocketAddr,
    kubeconfig: Option<PathBuf>,
    shutdown_delay: std::time::Duration,
    serving: tokio::task::JoinHandle<()>,
    _controllers: Vec<Controllers>,
}

/// `error` with what was being done.
fn during(what: impl Display) -> impl FnOnce(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{what}: {error}"))
}

impl Running {
    /// Starts what `options` say, and returns once it is ready.
    ///
    /// # Errors
    /// If files can't be read or written, or the address can't be listened on.
    pub async fn start(options: Options) -> io::Result<Running> {
        let pki = Pki::open(&options.data_directory.join("pki"))
            .map_err(during(format_args!("can't make {}", options.data_directory.display())))?;
        let tls = server::tls::server_config(&key_pairs(&options, &pki)?).map_err(io::Error::other)?;
        let registry = control::open(&options.data_directory, options.compaction_interval).await?;
        let access = Access::new(&options.access, &pki, &options.settings.public_address, &registry)?;
        let api = Api::new(Parts {
            settings: options.settings.clone(),
            registry: Arc::clone(&registry),
            authenticator: Arc::clone(&access.authenticator),
            authorizer: Arc::clone(&access.authorizer),
            backends: backends(&options, &pki)?,
            token_discovery: access.token_discovery.clone(),
        });
        let server = Server::bind(options.address, tls, Arc::clone(&api))
            .await
            .map_err(during(format_args!("can't listen on {}", options.address)))?;
        let address = server.address()?;
        let kubeconfig = match options.kubeconfig {
            true => Some(write_kubeconfig(&options, &pki, address)?),
            false => None,
        };
        if let Some(plain) = options.redirect {
            let redirect = Redirect::bind(plain, address.port(), Arc::clone(&api))
                .await
                .map_err(during(format_args!("can't listen on {plain}")))?;
            tokio::spawn(redirect.run());
        }
        // From here on there are answers: that it is not ready yet, and health.
        let serving = tokio::spawn(server.run());
        match prepare(&options, &pki, &registry, &api, access, address).await {
            Ok(controllers) => {
                api.health().set_started();
                let shutdown_delay = options.settings.shutdown_delay;
                Ok(Running { api, address, kubeconfig, shutdown_delay, serving, _controllers: controllers })
            }
            Err(error) => {
                api.stop();
                Err(error)
            }
        }
    }

    /// The address listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the administrator's kubeconfig is, if one was written.
    pub fn kubeconfig(&self) -> Option<&PathBuf> {
        self.kubeconfig.as_ref()
    }

    /// Stops: readyz fails first; after the delay that was asked for, watches end and no connection is taken any more;
    /// returns when every request under way is answered.
    pub async fn stop(self) {
        self.api.health().set_stopping();
        tokio::time::sleep(self.shutdown_delay).await;
        self.api.stop();
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "serving ended badly");
        }
    }
}

/// What has to be there before requests are answered: the custom resources, the objects of a fresh server, who guards
/// writes. Starts the controllers, which run for as long as the answer is kept.
async fn prepare(
    options: &Options,
    pki: &Pki,
    registry: &Arc<Registry>,
    api: &Arc<Api>,
    access: Access,
    address: SocketAddr,
) -> io::Result<Vec<Controllers>> {
    let webhooks = Arc::new(Webhooks::new(registry, options.aggregator_routing));
    definitions::follow(registry, api, webhooks).await.map_err(io::Error::other)?;
    let trust = front_proxy::published(options, pki)?;
    control::furnish(registry, address, options.service_ranges.clone(), trust).await?;
    let chain = admission::chain(&options.enabled_admission, &options.disabled_admission);
    access.put_in_place(registry, Arc::new(chain));
    let mut running =
        vec![controllers::start_own(registry, Arc::new(Prober(Arc::clone(api))), options.event_time)];
    if options.controllers {
        let root_authority = pki.authority().map_err(during("can't read the certificate authority"))?;
        running.push(controllers::start(
            registry,
            controllers::Settings { root_authority, disabled: options.disabled_controllers.clone() },
        ));
    }
    Ok(running)
}

/// The names the serving certificate is for.
fn names(options: &Options) -> Vec<String> {
    let mut names: Vec<String> = [
        "localhost",
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "127.0.0.1",
        "::1",
    ]
    .map(str::to_owned)
    .into();
    let public = options.settings.public_address.rsplit_once(':').map_or("", |(host, _)| host);
    let own = [options.address.ip().to_string(), public.trim_matches(['[', ']']).to_owned()];
    for name in own.into_iter().chain(options.names.iter().cloned()) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn key_pairs(options: &Options, pki: &Pki) -> io::Result<Vec<KeyPair>> {
    let own = match &options.certificate {
        Some(files) => read_pair(files)?,
        None => {
            let (certificate, key) =
                pki.serving(&names(options)).map_err(during("can't make a serving certificate"))?;
            KeyPair { certificates: certificate.into(), key: key.into(), names: Vec::new() }
        }
    };
    std::iter::once(Ok(own)).chain(options.other_certificates.iter().map(read_pair)).collect()
}

/// Asks aggregated API servers by way of the server itself.
struct Prober(Arc<Api>);

impl controllers::Probe for Prober {
    fn probe<'a>(&'a self, api_service: &'a object::Value) -> registry::BoxFuture<'a, Result<(), String>> {
        Box::pin(self.0.probe(api_service))
    }
}

fn backends(options: &Options, pki: &Pki) -> io::Result<Backends> {
    let kubelets = &options.kubelets;
    let authority = kubelets.authority.as_ref().map(read).transpose()?;
    let client = kubelets.client.as_ref().map(read_pair).transpose()?;
    let proxy_client = match &options.proxy_client {
        Some(files) => Some(read_pair(files)?),
        None if options.own_front_proxy => {
            let (certificate, key, _) =
                pki.front_proxy().map_err(during("can't make a certificate for the proxy"))?;
            Some(KeyPair { certificates: certificate.into(), key: key.into(), names: Vec::new() })
        }
        None => None,
    };
    let aggregated = Aggregated { client: proxy_client, by_endpoints: options.aggregator_routing };
    let kubelets = Kubelets { address_types: kubelets.address_types.clone(), authority, client };
    Backends::new(&kubelets, aggregated).map_err(|error| io::Error::other(format!("kubelets: {error}")))
}

fn read(path: &PathBuf) -> io::Result<Vec<u8>> {
    fs::read(path).map_err(during(format_args!("can't read {}", path.display())))
}

fn read_pair(files: &CertificateFiles) -> io::Result<KeyPair> {
    Ok(KeyPair {
        certificates: read(&files.certificate)?,
        key: read(&files.key)?,
        names: files.names.clone(),
    })
}

fn write_kubeconfig(options: &Options, pki: &Pki, address: SocketAddr) -> io::Result<PathBuf> {
    let (certificate, key) = pki.administrator()?;
    let mut server = address;
    if server.ip().is_unspecified() {
        server.set_ip([127, 0, 0, 1].into());
    }
    let text = Kubeconfig {
        server: &format!("https://{server}"),
        authority: &pki.authority()?,
        certificate: &certificate,
        key: &key,
    }
    .render();
    let path = options.data_directory.join("admin.kubeconfig");
    pki::write_private(&path, &text).map_err(during(format_args!("can't write {}", path.display())))?;
    Ok(path)
}
