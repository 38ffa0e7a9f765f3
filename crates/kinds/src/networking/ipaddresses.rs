//! `ipaddresses` of networking.k8s.io/v1.

use registry::{Resource, Strategy};

use crate::describe::{Describe, Types};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "ipaddresses", "IPAddress", IPAddress)
        .cluster()
        .short_names(&["ip"])
        .finish()
}

#[derive(Debug)]
struct IPAddress;

impl Strategy for IPAddress {}
