//! Acting as somebody else: the headers that ask for it, and who may.
//!
//! Sources: "User impersonation" in "Authenticating" of the Kubernetes documentation; KEP-5284 (constrained
//! impersonation).

mod headers;
mod mode;
mod rights;

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use registry::User;
use status::Result;

use crate::authorization::{Attributes, Authorizer};

pub use headers::wanted_user;

pub(crate) use headers::unescape_extra_key;

use mode::Mode;
use rights::Rights;

/// How many users' last modes are remembered.
const REMEMBERED: usize = 10_000;

/// Somebody whom a user may act as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impersonated {
    /// Whom.
    pub user: User,
    /// The verb that allowed it, such as `impersonate:user-info`; empty for the unconstrained `impersonate`. For
    /// the audit log.
    pub constraint: &'static str,
}

/// Decides who may act as whom.
pub struct Impersonation {
    authorizer: Arc<dyn Authorizer>,
    /// The mode by which a user succeeded last: it is tried first, and a refusal speaks of it.
    last: Mutex<HashMap<String, Mode>>,
}

impl Impersonation {
    /// By the server's own authorizer.
    pub fn new(authorizer: Arc<dyn Authorizer>) -> Impersonation {
        Impersonation { authorizer, last: Mutex::default() }
    }

    /// Whom the sender of the request that `attributes` describe acts as. 403 if they may not in any way; the
    /// refusal is that of the first way tried.
    pub async fn impersonate(&self, wanted: &User, attributes: &Attributes<'_>) -> Result<Impersonated> {
        let requestor = attributes.user;
        let last = self.last.lock().get(&requestor.name).copied();
        let others = Mode::ALL.into_iter().filter(|mode| Some(*mode) != last);
        let mut refusal = None;
        for mode in last.into_iter().chain(others).filter(|mode| mode.applies(wanted, requestor)) {
            match Rights::new(&*self.authorizer, mode, requestor).check(wanted, attributes).await {
                Ok(user) => {
                    self.remember(requestor, mode);
                    return Ok(Impersonated { user, constraint: mode.constraint() });
                }
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        // The unconstrained mode always applies, so there is a refusal.
        Err(refusal.unwrap_or_else(|| status::Status::internal("all impersonation modes failed")))
    }

    fn remember(&self, requestor: &User, mode: Mode) {
        let mut last = self.last.lock();
        if last.get(&requestor.name) == Some(&mode) {
            return;
        }
        if last.len() >= REMEMBERED {
            last.clear();
        }
        last.insert(requestor.name.clone(), mode);
    }
}

#[cfg(test)]
mod tests;
