//! One request on its way through the pipeline.

use std::sync::Arc;

use access::authorization::Attributes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;
use hyper::body::Incoming;
use registry::{User, Warnings};

use crate::request_info::RequestInfo;
use crate::respond::View;
use crate::route::RouteHeaders;
use crate::url::Query;

/// A request's body, until it is handed on to where the request is proxied to.
pub type Payload = Option<Incoming>;

/// What is known of a request once its head is read.
pub struct Exchange {
    /// The head.
    pub parts: Parts,
    /// The decoded path.
    pub path: String,
    /// The query.
    pub query: Query,
    /// What it asks for.
    pub info: RequestInfo,
    /// Who asks; nobody until authentication.
    pub user: Arc<User>,
    /// What the client is warned of.
    pub warnings: Warnings,
}

impl Exchange {
    /// How the client wants to see the answer.
    pub fn view(&self) -> View<'_> {
        View::new(&self.parts.headers, &self.query)
    }

    /// A header as text, if it is there and is text.
    pub fn header(&self, name: http::HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The headers that routes look at.
    pub fn route_headers(&self) -> RouteHeaders<'_> {
        RouteHeaders { accept: self.header(ACCEPT), content_type: self.header(CONTENT_TYPE) }
    }

    /// What authorization is asked about.
    pub fn attributes(&self) -> Attributes<'_> {
        Attributes {
            user: &self.user,
            verb: &self.info.verb,
            resource_request: self.info.resource_request,
            path: &self.path,
            group: &self.info.group,
            version: &self.info.version,
            namespace: &self.info.namespace,
            resource: &self.info.resource,
            subresource: &self.info.subresource,
            name: &self.info.name,
            field_selector: self.info.field_selector.as_deref(),
            label_selector: self.info.label_selector.as_deref(),
        }
    }

    /// It reads and changes nothing.
    pub fn read_only(&self) -> bool {
        matches!(self.info.verb.as_str(), "get" | "list" | "watch")
    }
}
