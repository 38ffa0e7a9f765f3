//! The serving side: sockets and TLS, the pipeline every request passes, and what is answered outside of resources
//! (discovery, health, version, metrics).
//!
//! A request is parsed ([`request_info`]), authenticated and authorized (`access`), routed ([`route`]) and answered;
//! [`negotiate`] says in which representation. The rules of kinds are not known here: resources come as descriptions
//! in a [`Catalog`], and their verbs are the registry's.
//!
//! Invariants: every error is a `Status`, or the plain text that the original sends in its place; a panic is a 500 and
//! ends nothing else; bodies, connections, requests under way and queues are bounded; nothing blocks the async
//! threads.

mod aggregation;
mod answer;
mod api;
mod body;
pub mod catalog;
mod compress;
mod connect;
mod cors;
mod discovery;
pub mod duration;
mod exchange;
mod health;
mod json;
mod limit;
mod listen;
mod metrics;
pub mod negotiate;
mod openapi;
mod pipeline;
mod produce;
mod protobuf;
mod proxy;
mod redirect;
pub mod request_info;
mod resource;
mod respond;
pub mod route;
mod settings;
mod tasks;
pub mod tls;
mod url;
mod version;
mod warning;

pub use aggregation::service_target;
pub use api::{Api, Parts};
pub use catalog::{Catalog, Group, Version};
pub use health::{Endpoint, Health};
pub use listen::Server;
pub use proxy::{Aggregated, Backends, Kubelets};
pub use redirect::Redirect;
pub use settings::{MAX_BODY, Settings};
pub use url::Query;
pub use version::KUBERNETES;
