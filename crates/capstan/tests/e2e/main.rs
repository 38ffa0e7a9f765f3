//! End-to-end tests: the program itself on a port of its own, and real clients over TLS.
//!
//! One binary, so that tests share a server ([`Server::shared`](support::Server::shared)): each works in a namespace of
//! its own ([`Server::namespace`](support::Server::namespace)) and leaves objects without one named after it. Tests that
//! stop their server or give it flags start one of their own. Client programs come from [`support::clients`].

mod contract;
mod helm;
mod kubectl;
mod libraries;
mod smoke;
mod support;
