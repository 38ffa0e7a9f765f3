//! The ways to act as somebody: each has verbs of its own.

use registry::User;

use crate::users;

/// A way to act as somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A service account as the node its pod runs on.
    AssociatedNode,
    /// As any node.
    ArbitraryNode,
    /// As a service account.
    ServiceAccount,
    /// As a user who is neither node nor service account.
    UserInfo,
    /// By the verb `impersonate`, whatever the request does.
    Unconstrained,
}

impl Mode {
    /// In the order they are tried.
    pub(super) const ALL: [Mode; 5] = [
        Mode::AssociatedNode,
        Mode::ArbitraryNode,
        Mode::ServiceAccount,
        Mode::UserInfo,
        Mode::Unconstrained,
    ];

    /// The verb that allows to act as somebody.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Mode::AssociatedNode => "impersonate:associated-node",
            Mode::ArbitraryNode => "impersonate:arbitrary-node",
            Mode::ServiceAccount => "impersonate:serviceaccount",
            Mode::UserInfo => "impersonate:user-info",
            Mode::Unconstrained => "impersonate",
        }
    }

    /// What the verbs that allow to do something as somebody begin with; nothing if whatever they may is allowed.
    pub(super) fn action_prefix(self) -> Option<&'static str> {
        match self {
            Mode::AssociatedNode => Some("impersonate-on:associated-node:"),
            Mode::ArbitraryNode => Some("impersonate-on:arbitrary-node:"),
            Mode::ServiceAccount => Some("impersonate-on:serviceaccount:"),
            Mode::UserInfo => Some("impersonate-on:user-info:"),
            Mode::Unconstrained => None,
        }
    }

    /// Whether it allows certain actions only.
    pub(super) fn is_constrained(self) -> bool {
        self != Mode::Unconstrained
    }

    /// The constraint for the audit log.
    pub(super) fn constraint(self) -> &'static str {
        if self.is_constrained() { self.verb() } else { "" }
    }

    /// Whether `requestor` could act as `wanted` in this way.
    pub(super) fn applies(self, wanted: &User, requestor: &User) -> bool {
        let name_only = wanted.uid.is_empty() && wanted.groups.is_empty() && wanted.extra.is_empty();
        let node = users::split_node(&wanted.name);
        let service_account = users::split_service_account(&wanted.name).is_some();
        match self {
            Mode::AssociatedNode => {
                name_only
                    && users::split_service_account(&requestor.name).is_some()
                    && node.is_some_and(|node| users::extra_value(requestor, users::NODE_NAME) == node)
            }
            Mode::ArbitraryNode => name_only && node.is_some(),
            Mode::ServiceAccount => name_only && service_account,
            Mode::UserInfo => node.is_none() && !service_account,
            Mode::Unconstrained => true,
        }
    }
}
