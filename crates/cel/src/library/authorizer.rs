//! Authorization checks: expressions ask whether somebody may do something.

use std::sync::Arc;

use super::Row;
use crate::error::{CelError, Outcome};
use crate::opaque::{OpaqueValue, expect, opaque};
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("authorizer_path: Authorizer::path(string) -> PathCheck", path),
    ("authorizer_group: Authorizer::group(string) -> GroupCheck", group),
    ("authorizer_serviceaccount: Authorizer::serviceAccount(string, string) -> Authorizer", service_account),
    ("pathcheck_check: PathCheck::check(string) -> Decision", check),
    ("groupcheck_resource: GroupCheck::resource(string) -> ResourceCheck", |args| {
        set(args, RESOURCE, |a, text| a.resource = text)
    }),
    ("resourcecheck_subresource: ResourceCheck::subresource(string) -> ResourceCheck", |args| {
        set(args, RESOURCE, |a, text| a.subresource = text)
    }),
    ("resourcecheck_namespace: ResourceCheck::namespace(string) -> ResourceCheck", |args| {
        set(args, RESOURCE, |a, text| a.namespace = text)
    }),
    ("resourcecheck_name: ResourceCheck::name(string) -> ResourceCheck", |args| {
        set(args, RESOURCE, |a, text| a.name = text)
    }),
    ("authorizer_fieldselector: ResourceCheck::fieldSelector(string) -> ResourceCheck", |args| {
        set(args, RESOURCE, |a, text| a.field_selector = Some(text))
    }),
    ("authorizer_labelselector: ResourceCheck::labelSelector(string) -> ResourceCheck", |args| {
        set(args, RESOURCE, |a, text| a.label_selector = Some(text))
    }),
    ("resourcecheck_check: ResourceCheck::check(string) -> Decision", check),
    ("decision_errored: Decision::errored() -> bool", |args| {
        Ok(Value::Bool(decision(args)?.error.is_some()))
    }),
    ("decision_error: Decision::error() -> string", |args| {
        Ok(Value::from(decision(args)?.error.clone().unwrap_or_default()))
    }),
    ("decision_allowed: Decision::allowed() -> bool", |args| Ok(Value::Bool(decision(args)?.allowed))),
    ("decision_reason: Decision::reason() -> string", |args| Ok(Value::from(decision(args)?.reason.clone()))),
];

const AUTHORIZER: &str = "kubernetes.authorization.Authorizer";
const PATH: &str = "kubernetes.authorization.PathCheck";
const GROUP: &str = "kubernetes.authorization.GroupCheck";
const RESOURCE: &str = "kubernetes.authorization.ResourceCheck";

/// What an expression asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessRequest {
    /// The namespace and name of a service account that is asked for instead of the request's user.
    pub service_account: Option<(String, String)>,
    /// The verb.
    pub verb: String,
    /// A path, if it is no resource.
    pub path: Option<String>,
    /// The API group; empty for the core group.
    pub group: String,
    /// The resource.
    pub resource: String,
    /// The subresource; empty for none.
    pub subresource: String,
    /// The namespace; empty for none.
    pub namespace: String,
    /// The object's name; empty for any.
    pub name: String,
    /// A field selector as text.
    pub field_selector: Option<String>,
    /// A label selector as text.
    pub label_selector: Option<String>,
}

/// The answer to an [`AccessRequest`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessDecision {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why.
    pub reason: String,
    /// What went wrong when deciding.
    pub error: Option<String>,
}

/// Decides what users may do.
pub trait Authorizer: Send + Sync {
    /// The decision on a request of the user that the expression runs for.
    fn decide(&self, request: &AccessRequest) -> AccessDecision;
}

#[derive(Clone)]
struct Check {
    type_name: &'static str,
    authorizer: Arc<dyn Authorizer>,
    request: AccessRequest,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple(self.type_name).field(&self.request).finish()
    }
}

impl OpaqueValue for Check {
    fn type_name(&self) -> &'static str {
        self.type_name
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Check>().is_some_and(|other| self.request == other.request)
    }
}

#[derive(Debug)]
struct Decision(AccessDecision);

impl OpaqueValue for Decision {
    fn type_name(&self) -> &'static str {
        "kubernetes.authorization.Decision"
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Decision>().is_some_and(|other| self.0 == other.0)
    }
}

/// The value of the variable `authorizer`.
pub fn authorizer_value<'a>(authorizer: Arc<dyn Authorizer>) -> Value<'a> {
    opaque(Check { type_name: AUTHORIZER, authorizer, request: AccessRequest::default() })
}

/// The value of the variable `authorizer.requestResource`: a check of the resource of the request.
pub fn resource_check_value<'a>(authorizer: Arc<dyn Authorizer>, request: AccessRequest) -> Value<'a> {
    opaque(Check { type_name: RESOURCE, authorizer, request })
}

fn own<'v>(args: &'v [Value<'_>]) -> Result<&'v Check, CelError> {
    args.first().map_or_else(|| Err(CelError::no_such_overload()), expect::<Check>)
}

fn text_at(args: &[Value<'_>], index: usize) -> Result<String, CelError> {
    let text = args.get(index).and_then(Value::as_str).ok_or_else(CelError::no_such_overload)?;
    Ok(text.to_owned())
}

/// The check with one thing more said of what is asked for.
fn set<'a>(
    args: &[Value<'a>],
    type_name: &'static str,
    change: fn(&mut AccessRequest, String),
) -> Outcome<'a> {
    let mut check = Check { type_name, ..own(args)?.clone() };
    change(&mut check.request, text_at(args, 1)?);
    Ok(opaque(check))
}

fn path<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    if text_at(args, 1)?.is_empty() {
        return Err(CelError::new("path must not be empty"));
    }
    set(args, PATH, |request, text| request.path = Some(text))
}

fn group<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    set(args, GROUP, |request, text| request.group = text)
}

fn service_account<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (namespace, name) = (text_at(args, 1)?, text_at(args, 2)?);
    if !meta::names::dns1123_subdomain(&name).is_empty() {
        return Err(CelError::new("Invalid service account name"));
    }
    if !meta::names::dns1123_label(&namespace).is_empty() {
        return Err(CelError::new("Invalid service account namespace"));
    }
    let mut check = own(args)?.clone();
    check.request.service_account = Some((namespace, name));
    Ok(opaque(check))
}

fn check<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let check = own(args)?;
    let request = AccessRequest { verb: text_at(args, 1)?, ..check.request.clone() };
    Ok(opaque(Decision(check.authorizer.decide(&request))))
}

fn decision<'v>(args: &'v [Value<'_>]) -> Result<&'v AccessDecision, CelError> {
    args.first()
        .map_or_else(|| Err(CelError::no_such_overload()), expect::<Decision>)
        .map(|decision| &decision.0)
}
