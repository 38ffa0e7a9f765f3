//! From what a request asks for to what answers it: paths, methods and media types, checked in the order in which
//! the original's router checks them (404, 405, 415, 406).

use std::sync::Arc;

use http::Method;
use registry::{PatchType, Resource, Subresource, SubresourceAction, Verb, Verbs};
use status::Status;

use crate::catalog::Catalog;
use crate::negotiate;
use crate::request_info::RequestInfo;

/// What a request is to be answered by.
#[derive(Clone, Debug)]
pub struct Routed {
    /// The resource.
    pub resource: Arc<Resource>,
    /// Its subresource.
    pub subresource: Option<Arc<Subresource>>,
    /// What is done; nothing for streams and proxied requests, which keep their method.
    pub verb: Option<Verb>,
    /// The kind of patch, if it is one.
    pub patch: Option<PatchType>,
}

/// Why a request can't be answered.
#[derive(Clone, Debug)]
pub enum Unrouted {
    /// Nobody knows the group: 404 as text.
    NoPage,
    /// The group is known; what is asked of it is not, or not like this.
    Status(Box<Status>),
}

impl From<Box<Status>> for Unrouted {
    fn from(status: Box<Status>) -> Unrouted {
        Unrouted::Status(status)
    }
}

/// The headers that routes look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteHeaders<'a> {
    /// Accept.
    pub accept: Option<&'a str>,
    /// Content-Type.
    pub content_type: Option<&'a str>,
}

/// Finds what answers `method` on `info`, a resource's path.
pub fn find(
    catalog: &Catalog,
    info: &RequestInfo,
    method: &Method,
    headers: RouteHeaders<'_>,
) -> Result<Routed, Unrouted> {
    if catalog.group(&info.group).is_none() {
        return Err(Unrouted::NoPage);
    }
    let resource = catalog
        .find(&info.group, &info.version, &info.resource)
        .filter(|resource| placed(resource, info))
        .ok_or_else(|| match catalog.is_custom(&info.group) {
            true => Unrouted::NoPage,
            false => Unrouted::Status(Status::no_such_resource()),
        })?;
    if resource.custom {
        return find_custom(resource, info, method, headers);
    }
    let subresource = match info.subresource.as_str() {
        "" => None,
        name => Some(resource.subresource(name).ok_or_else(Status::no_such_resource)?),
    };
    let connects = subresource.is_some_and(|one| matches!(one.action, SubresourceAction::Connect));
    if info.rest.is_some() && !(connects && info.subresource == "proxy") {
        return Err(Status::no_such_resource().into());
    }
    let offered = offered(resource, subresource, info);
    if offered == Verbs::default() {
        return Err(Status::no_such_resource().into());
    }
    let verb = verb(info, method);
    let allowed = verb.is_some_and(|verb| offered.has(verb));
    let proxied = connects && info.subresource == "proxy";
    if !allowed && !proxied {
        return Err(Status::method_not_allowed().into());
    }
    let routed = Routed {
        resource: Arc::clone(resource),
        subresource: subresource.cloned(),
        verb: verb.filter(|_| !connects),
        patch: None,
    };
    check_media_types(routed, headers)
}

/// As [`find`], for a custom resource, which the original serves without a router.
fn find_custom(
    resource: &Arc<Resource>,
    info: &RequestInfo,
    method: &Method,
    headers: RouteHeaders<'_>,
) -> Result<Routed, Unrouted> {
    let subresource = match info.subresource.as_str() {
        "" => None,
        name => Some(
            resource
                .subresource(name)
                .filter(|_| info.rest.is_none())
                .ok_or_else(|| Status::not_found(&info.group, &info.resource, &info.name))?,
        ),
    };
    let offered = offered(resource, subresource, info);
    let Some(verb) = verb(info, method).filter(|verb| offered.has(*verb)) else {
        return Err(Status::method_not_supported(&info.group, &info.resource, &info.verb).into());
    };
    let patch = match verb {
        Verb::Patch => Some(
            negotiate::patch_type(headers.content_type)
                .filter(|patch| *patch != PatchType::Strategic)
                .ok_or_else(|| Status::unsupported_media_type(negotiate::CUSTOM_PATCH_TYPES))?,
        ),
        _ => None,
    };
    Ok(Routed { resource: Arc::clone(resource), subresource: subresource.cloned(), verb: Some(verb), patch })
}

/// Whether the path has the form that the resource's scope demands.
fn placed(resource: &Resource, info: &RequestInfo) -> bool {
    if info.empty_segment {
        return false;
    }
    match (resource.namespaced, info.below_namespace) {
        (true, true) => true,
        (true, false) => !info.named,
        (false, below) => !below && (resource.resource == "namespaces" || info.namespace.is_empty()),
    }
}

/// What the path offers, whatever the method.
fn offered(resource: &Resource, subresource: Option<&Arc<Subresource>>, info: &RequestInfo) -> Verbs {
    const COLLECTION: &[Verb] = &[Verb::Create, Verb::DeleteCollection, Verb::List, Verb::Watch];
    const ALL_NAMESPACES: &[Verb] = &[Verb::List, Verb::Watch];
    const OBJECT: &[Verb] = &[Verb::Delete, Verb::Get, Verb::Patch, Verb::Update];
    if let Some(subresource) = subresource {
        return if info.special_verb { Verbs::default() } else { subresource.verbs };
    }
    let (verbs, path) = match (info.special_verb, path_named(info)) {
        (true, _) if info.verb == "watch" => (resource.verbs, &[Verb::Watch][..]),
        (true, _) => return Verbs::default(),
        (false, true) => (resource.verbs, OBJECT),
        (false, false) if resource.namespaced && !info.below_namespace => (resource.verbs, ALL_NAMESPACES),
        (false, false) => (resource.verbs, COLLECTION),
    };
    let offered: Vec<Verb> = path.iter().copied().filter(|verb| verbs.has(*verb)).collect();
    Verbs::of(&offered)
}

fn path_named(info: &RequestInfo) -> bool {
    info.named
}

/// The verb that a method and a path make.
fn verb(info: &RequestInfo, method: &Method) -> Option<Verb> {
    let named = path_named(info);
    match *method {
        Method::GET if info.special_verb => Some(Verb::Watch),
        _ if info.special_verb => None,
        Method::GET if named => Some(Verb::Get),
        Method::GET if info.verb == "watch" => Some(Verb::Watch),
        Method::GET => Some(Verb::List),
        Method::POST if !named || !info.subresource.is_empty() => Some(Verb::Create),
        Method::PUT if named => Some(Verb::Update),
        Method::PATCH if named => Some(Verb::Patch),
        Method::DELETE if named => Some(Verb::Delete),
        Method::DELETE => Some(Verb::DeleteCollection),
        _ => None,
    }
}

fn check_media_types(mut routed: Routed, headers: RouteHeaders<'_>) -> Result<Routed, Unrouted> {
    let Some(verb) = routed.verb else { return Ok(routed) };
    if verb == Verb::Patch {
        let patch = negotiate::patch_type(headers.content_type);
        routed.patch = Some(patch.ok_or_else(Status::route_unsupported_media_type)?);
    }
    let produces = match verb {
        Verb::List | Verb::Watch => negotiate::LIST_TYPES,
        _ => negotiate::OBJECT_TYPES,
    };
    if !negotiate::route_accepts(headers.accept, produces) {
        return Err(Status::route_not_acceptable(produces).into());
    }
    Ok(routed)
}
