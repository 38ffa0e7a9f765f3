//! What acting as somebody takes in one mode: a check per attribute of the wanted user.

use std::borrow::Cow;

use meta::names;
use registry::User;
use status::{FieldErrors, Path, Result};

use super::mode::Mode;
use crate::authorization::{Attributes, Authorizer, forbidden};
use crate::users;

/// From how many checks of one kind on a single check for all of them is tried first.
const MANY: usize = 4;
/// The API group of everything a user consists of.
const AUTHENTICATION: &str = "authentication.k8s.io";
/// What stands for the extra attributes of a service account that acts as its node: their names alone.
const ASSOCIATED_KEYS: &str = "authentication.kubernetes.io/associated-node-keys";

/// The rights of a user in one mode.
pub(super) struct Rights<'a> {
    authorizer: &'a dyn Authorizer,
    mode: Mode,
    requestor: Cow<'a, User>,
}

impl<'a> Rights<'a> {
    pub(super) fn new(authorizer: &'a dyn Authorizer, mode: Mode, requestor: &'a User) -> Rights<'a> {
        let requestor = match mode {
            Mode::AssociatedNode => Cow::Owned(without_values(requestor)),
            _ => Cow::Borrowed(requestor),
        };
        Rights { authorizer, mode, requestor }
    }

    /// The user whom the requestor then is. `attributes` are the request's.
    pub(super) async fn check(&self, wanted: &User, attributes: &Attributes<'_>) -> Result<User> {
        if let Some(prefix) = self.mode.action_prefix() {
            let verb = format!("{prefix}{}", attributes.verb);
            self.allowed(&Attributes { user: &self.requestor, verb: &verb, ..*attributes }).await?;
        }
        let mut user = wanted.clone();
        self.check_name(&mut user).await?;
        if !wanted.uid.is_empty() {
            self.allowed(&Attributes { name: &wanted.uid, ..self.attributes(AUTHENTICATION, "uids") })
                .await?;
        }
        self.check_groups(&wanted.groups).await?;
        self.check_extra(&wanted.extra).await?;
        if user.name == users::ANONYMOUS {
            users::ensure_group(&mut user, users::UNAUTHENTICATED);
        } else if !users::in_group(&user, users::UNAUTHENTICATED) {
            users::ensure_group(&mut user, users::AUTHENTICATED);
        }
        Ok(user)
    }

    fn attributes<'b>(&'b self, group: &'b str, resource: &'b str) -> Attributes<'b> {
        Attributes {
            version: "v1",
            ..Attributes::resource(&self.requestor, self.mode.verb(), group, resource)
        }
    }

    /// The group of users and groups: the unconstrained verb is older than the group they belong to.
    fn group(&self) -> &'static str {
        if self.mode.is_constrained() { AUTHENTICATION } else { "" }
    }

    async fn check_name(&self, user: &mut User) -> Result<()> {
        let name = user.name.clone();
        let mut attributes = Attributes { name: &name, ..self.attributes(self.group(), "users") };
        if let Some((namespace, account)) = users::split_service_account(&name) {
            attributes = Attributes { namespace, name: account, resource: "serviceaccounts", ..attributes };
            if user.groups.is_empty() {
                user.groups = users::service_account_groups(namespace);
            }
        } else if let Some(node) = users::split_node(&name).filter(|_| self.mode.is_constrained()) {
            // A service account may be used on all nodes alike, so acting as its own takes the right for all.
            let node = if self.mode == Mode::AssociatedNode { "*" } else { node };
            attributes = Attributes { name: node, resource: "nodes", ..attributes };
            user.groups = vec![users::NODES.to_owned()];
        }
        self.allowed(&attributes).await
    }

    async fn check_groups(&self, groups: &[String]) -> Result<()> {
        let attributes = self.attributes(self.group(), "groups");
        if self.mode.is_constrained() {
            let has = |group: &str| groups.iter().any(|name| name == group);
            if has("") {
                return Err(forbidden(&attributes, "impersonating the empty string group is not allowed"));
            }
            if has(users::MASTERS) {
                let attributes = Attributes { name: users::MASTERS, ..attributes };
                return Err(forbidden(&attributes, "impersonating the system:masters group is not allowed"));
            }
            if groups.len() >= MANY && self.allowed(&Attributes { name: "*", ..attributes }).await.is_ok() {
                return Ok(());
            }
        }
        for group in groups {
            self.allowed(&Attributes { name: group, ..attributes }).await?;
        }
        Ok(())
    }

    async fn check_extra(&self, extra: &[(String, Vec<String>)]) -> Result<()> {
        let attributes = self.attributes(AUTHENTICATION, "userextras");
        if self.mode.is_constrained() {
            if let Some(why) = extra.iter().find_map(|(key, values)| bad_extra(key, values)) {
                return Err(forbidden(&attributes, &why));
            }
            let count: usize = extra.iter().map(|(_, values)| values.len()).sum();
            let all = Attributes { subresource: "*", name: "*", ..attributes };
            if (extra.len() >= MANY || count >= MANY) && self.allowed(&all).await.is_ok() {
                return Ok(());
            }
        }
        for (key, values) in extra {
            for value in values {
                self.allowed(&Attributes { subresource: key, name: value, ..attributes }).await?;
            }
        }
        Ok(())
    }

    async fn allowed(&self, attributes: &Attributes<'_>) -> Result<()> {
        let decision = self.authorizer.authorize(attributes).await;
        if decision.is_allowed() { Ok(()) } else { Err(forbidden(attributes, decision.reason())) }
    }
}

/// The user with the names of the extra attributes, but not their values.
fn without_values(user: &User) -> User {
    let mut keys: Vec<String> = user.extra.iter().map(|(key, _)| key.clone()).collect();
    keys.sort_unstable();
    User { extra: vec![(ASSOCIATED_KEYS.to_owned(), keys)], ..user.clone() }
}

/// What is wrong with an extra attribute.
fn bad_extra(key: &str, values: &[String]) -> Option<String> {
    if key.is_empty() {
        return Some("impersonating the empty string key in extra is not allowed".to_owned());
    }
    let extra = Path::new("extra");
    let errors = names::domain_prefixed_path(&extra.child("key"), key);
    if !errors.is_empty() {
        return Some(format!("impersonating an invalid key in extra is not allowed: {}", joined(&errors)));
    }
    if key != key.to_lowercase() {
        let key = status::go_quote(key);
        return Some(format!("impersonating a non-lowercase key in extra is not allowed: {key}"));
    }
    if values.is_empty() {
        return Some("impersonating empty values in extra is not allowed".to_owned());
    }
    let empty = values.iter().any(String::is_empty);
    empty.then(|| "impersonating the empty string value in extra is not allowed".to_owned())
}

fn joined(errors: &FieldErrors) -> String {
    let messages: Vec<String> = errors.iter().map(status::FieldError::message).collect();
    match messages.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    }
}
