//! Makes tokens: the `token` subresource of service accounts.

use std::sync::Arc;

use meta::time::{Clock, Time};
use meta::{Randomness, new_uid};
use object::Value;
use registry::{Lookup, Warnings};
use status::{FieldError, FieldErrors, Path, Result, Status, go_quote};

use super::claims::{Claims, Reference};
use super::jwt;
use super::keys::SigningKey;
use super::lookup::Kind;
use crate::users;

const GROUP: &str = "authentication.k8s.io";
const KIND: &str = "TokenRequest";

/// How long a token lasts unless the request says otherwise, in seconds.
const DEFAULT_EXPIRATION: i64 = 3600;
/// The shortest and the longest that may be asked for, in seconds.
const EXPIRATION_LIMITS: (i64, i64) = (600, 1 << 32);
/// What kubelets ask for on behalf of pods that know nothing of expiry, in seconds: such a token lasts
/// [`EXTENDED_EXPIRATION`] and is reported when it is used for longer than was asked.
const EXTENDABLE_EXPIRATION: i64 = 3607;
const EXTENDED_EXPIRATION: i64 = 365 * 24 * 60 * 60;

/// How tokens are made.
#[derive(Clone, Debug, Default)]
pub struct IssuerOptions {
    /// The issuer (`--service-account-issuer`).
    pub issuer: String,
    /// Whom tokens are for unless the request says otherwise (`--api-audiences`).
    pub audiences: Vec<String>,
    /// The longest a token lasts, in seconds (`--service-account-max-token-expiration`).
    pub max_expiration: Option<i64>,
    /// Whether the tokens of pods last longer than asked for (`--service-account-extend-token-expiration`).
    pub extend_expiration: bool,
}

/// Makes tokens.
pub struct TokenIssuer {
    key: SigningKey,
    options: IssuerOptions,
    lookup: Arc<dyn Lookup>,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

/// The service account a token is asked for.
#[derive(Clone, Copy, Debug)]
pub struct TokenTarget<'a> {
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// What a token is bound to.
#[derive(Default)]
struct Bound {
    pod: Option<Reference>,
    secret: Option<Reference>,
    node: Option<Reference>,
}

impl TokenIssuer {
    /// Signs with `key`.
    pub fn new(
        key: SigningKey,
        options: IssuerOptions,
        lookup: Arc<dyn Lookup>,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
    ) -> TokenIssuer {
        TokenIssuer { key, options, lookup, clock, randomness }
    }

    /// Answers a TokenRequest: the request with everything filled in and the token in its status. Signing with an RSA
    /// key takes about a millisecond.
    pub fn create(
        &self,
        target: TokenTarget<'_>,
        mut request: Value,
        warnings: &mut Warnings,
    ) -> Result<Value> {
        let account = self.account(target, &request)?;
        let now = self.clock.now();
        self.fill_in(&mut request, &account, now);
        validate(&request)?;
        let bound = self.bound(target, &request)?;
        let expiration = self.limit(&mut request, warnings);
        let claims = self.claims(target, &account, &request, bound, now.unix(), expiration);
        let token = jwt::sign(&self.key, &claims.write())
            .map_err(|error| Status::unknown(format!("failed to generate token: {error}")))?;
        let mut status = Value::object();
        status.set("token", token);
        status.set("expirationTimestamp", Time::from_unix(now.unix().saturating_add(expiration)).to_string());
        request.set("status", status);
        Ok(request)
    }

    /// The service account, if the request's metadata agree with it.
    fn account(&self, target: TokenTarget<'_>, request: &Value) -> Result<Value> {
        let metadata = Path::new("metadata");
        for (field, own, what) in
            [("name", target.name, "name"), ("namespace", target.namespace, "namespace")]
        {
            let given = request.str_at(["metadata", field]);
            if !given.is_empty() && given != own {
                let detail = format!("must match the service account {what} if specified");
                let error = FieldError::invalid(&metadata.child(field), given, detail);
                return Err(Status::invalid(GROUP, KIND, target.name, &[error]));
            }
        }
        let account = Kind::ServiceAccount
            .get(&*self.lookup, target.namespace, target.name)
            .ok_or_else(|| Status::not_found("", "serviceaccounts", target.name))?;
        let (given, own) = (request.str_at(["metadata", "uid"]), account.str_at(["metadata", "uid"]));
        if !given.is_empty() && given != own {
            let why = format!(
                "the UID in the token request ({given}) does not match the UID of the service account ({own})"
            );
            return Err(Status::conflict(GROUP, KIND, target.name, why));
        }
        Ok(account)
    }

    fn fill_in(&self, request: &mut Value, account: &Value, now: Time) {
        request.set("apiVersion", format!("{GROUP}/v1"));
        request.set("kind", KIND);
        let metadata = request.object_at("metadata");
        for field in ["name", "namespace", "uid"] {
            metadata.insert(field, account.str_at(["metadata", field]));
        }
        metadata.insert("creationTimestamp", now.to_string());
        request.remove("status");
        let spec = request.object_at("spec");
        if spec.get("audiences").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            let own = self.options.audiences.iter().map(|audience| Value::from(audience.as_str()));
            spec.insert("audiences", own.collect::<Vec<_>>());
        }
        if spec.get("expirationSeconds").is_none_or(Value::is_null) {
            spec.insert("expirationSeconds", DEFAULT_EXPIRATION);
        }
        spec.get_or_insert_with("boundObjectRef", || Value::Null);
    }

    /// Shortens the expiration to what is allowed, and answers it.
    fn limit(&self, request: &mut Value, warnings: &mut Warnings) -> i64 {
        let asked = expiration(request);
        let Some(limit) = self.options.max_expiration.filter(|limit| *limit > 0 && asked > *limit) else {
            return asked;
        };
        warnings.add(format!("requested expiration of {asked} seconds shortened to {limit} seconds"));
        request.object_at("spec").insert("expirationSeconds", limit);
        limit
    }

    /// What the request wants the token to be bound to.
    fn bound(&self, target: TokenTarget<'_>, request: &Value) -> Result<Bound> {
        let Some(reference) = request.at(["spec", "boundObjectRef"]).filter(|value| !value.is_null()) else {
            return Ok(Bound::default());
        };
        let text = |field| reference.str_at([field]);
        let (name, kind) = (text("name"), text("kind"));
        let (group, version) = text("apiVersion").split_once('/').unwrap_or(("", text("apiVersion")));
        let kind = match (group, kind) {
            ("", "Pod") => Kind::Pod,
            ("", "Node") => Kind::Node,
            ("", "Secret") => Kind::Secret,
            _ => {
                let kind = format!("{group}/{version}, Kind={kind}");
                return Err(Status::bad_request(format!("cannot bind token to object of type {kind}")));
            }
        };
        let object = kind
            .get(&*self.lookup, target.namespace, name)
            .ok_or_else(|| Status::not_found("", kind.resource(), name))?;
        if matches!(kind, Kind::Pod) && object.str_at(["spec", "serviceAccountName"]) != target.name {
            return Err(Status::bad_request(format!(
                "cannot bind token for serviceaccount {} to pod running with different serviceaccount name.",
                go_quote(target.name)
            )));
        }
        let found = Reference::to(&object);
        let uid = text("uid");
        if !uid.is_empty() && uid != found.uid {
            let why = format!(
                "the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been \
                 deleted and then recreated"
            );
            return Err(Status::conflict("", text("kind"), name, why));
        }
        let found = Some(found);
        Ok(match kind {
            Kind::Pod => Bound { pod: found, node: self.node_of(&object), ..Bound::default() },
            Kind::Node => Bound { node: found, ..Bound::default() },
            _ => Bound { secret: found, ..Bound::default() },
        })
    }

    /// The node a pod runs on; without a uid if there is no such node.
    fn node_of(&self, pod: &Value) -> Option<Reference> {
        let name = Some(pod.str_at(["spec", "nodeName"])).filter(|name| !name.is_empty())?;
        let node = Kind::Node.get(&*self.lookup, "", name);
        Some(node.map_or_else(
            || Reference { name: name.to_owned(), ..Reference::default() },
            |node| Reference::to(&node),
        ))
    }

    fn claims(
        &self,
        target: TokenTarget<'_>,
        account: &Value,
        request: &Value,
        bound: Bound,
        now: i64,
        expiration: i64,
    ) -> Claims {
        let audiences = request.items_at(["spec", "audiences"]).iter().filter_map(Value::as_str);
        let audiences: Vec<String> = audiences.map(str::to_owned).collect();
        let own = audiences.iter().all(|audience| self.options.audiences.contains(audience));
        let extended = self.options.extend_expiration
            && bound.pod.is_some()
            && expiration == EXTENDABLE_EXPIRATION
            && own;
        let lasts = if extended { EXTENDED_EXPIRATION } else { expiration };
        Claims {
            issuer: self.options.issuer.clone(),
            subject: users::service_account_name(target.namespace, target.name),
            audiences,
            id: new_uid(&*self.randomness).to_string(),
            expiry: Some(now.saturating_add(lasts)),
            not_before: Some(now),
            issued_at: Some(now),
            namespace: target.namespace.to_owned(),
            account: Reference::to(account),
            pod: bound.pod,
            secret: bound.secret,
            node: bound.node,
            warn_after: extended.then(|| now.saturating_add(expiration)),
        }
    }
}

fn expiration(request: &Value) -> i64 {
    request.at(["spec", "expirationSeconds"]).and_then(Value::as_i64).unwrap_or(0)
}

fn validate(request: &Value) -> Result<()> {
    let mut errors = FieldErrors::new();
    let spec = Path::new("spec");
    let path = spec.child("expirationSeconds");
    let (asked, (shortest, longest)) = (expiration(request), EXPIRATION_LIMITS);
    if asked < shortest {
        let detail = "may not specify a duration less than 10 minutes";
        errors.push(FieldError::invalid(&path, asked, detail));
    }
    if asked > longest {
        let detail = "may not specify a duration larger than 2^32 seconds";
        errors.push(FieldError::invalid(&path, asked, detail));
    }
    if errors.is_empty() { Ok(()) } else { Err(Status::invalid(GROUP, KIND, "", &errors)) }
}

#[cfg(test)]
#[path = "issuer_tests.rs"]
mod tests;
