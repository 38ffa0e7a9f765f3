//! What a method and a path mean (`request.RequestInfo` of the original): the verb, and the resource or the path.

use http::Method;
use meta::FieldSelector;
use meta::names::path_segment_name;
use object::Text;

use crate::url::Query;

/// What a request asks for, before it is known whether that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestInfo {
    /// A resource is meant.
    pub resource_request: bool,
    /// The verb: the API's for resources (empty for methods that have none), else the lower-cased method.
    pub verb: Text,
    /// The API group; empty for the core one.
    pub group: Text,
    /// The version.
    pub version: Text,
    /// The namespace.
    pub namespace: Text,
    /// The resource.
    pub resource: Text,
    /// The subresource.
    pub subresource: Text,
    /// The object's name: from the path, or from a list's field selector.
    pub name: Text,
    /// What a collection request's field selector says.
    pub field_selector: Option<String>,
    /// What a collection request's label selector says.
    pub label_selector: Option<String>,
    /// The name stands in the path.
    pub named: bool,
    /// Where `/namespaces/x/` precedes the resource.
    pub below_namespace: bool,
    /// The path begins with `watch` or `proxy`, as it did long ago.
    pub special_verb: bool,
    /// What follows the subresource in the path, slashes included.
    pub rest: Option<String>,
    /// A path segment is empty.
    pub empty_segment: bool,
}

/// A path that begins as a resource's and then has nothing to name one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoKind;

impl RequestInfo {
    /// Reads `method`, the decoded `path` and the `query`.
    pub fn parse(method: &Method, path: &str, query: &Query) -> Result<RequestInfo, NoKind> {
        let mut info =
            RequestInfo { verb: method.as_str().to_ascii_lowercase().into(), ..RequestInfo::default() };
        let trimmed = path.trim_matches('/');
        let mut parts: Vec<&str> = trimmed.split('/').collect();
        info.empty_segment = parts.iter().any(|part| part.is_empty());
        let prefix = match parts.first() {
            Some(&"api") if parts.len() >= 3 => 1,
            Some(&"apis") if parts.len() >= 4 => {
                info.group = parts[1].into();
                2
            }
            _ => return Ok(info),
        };
        info.resource_request = true;
        info.version = parts[prefix].into();
        parts.drain(..=prefix);
        info.verb = verb_of(method).into();
        if matches!(parts[0], "proxy" | "watch") {
            if parts.len() < 2 {
                return Err(NoKind);
            }
            info.verb = parts.remove(0).into();
            info.special_verb = true;
        }
        if parts[0] == "namespaces" && parts.len() > 1 {
            info.namespace = parts[1].into();
            if parts.len() > 2 && !matches!(parts[2], "status" | "finalize") {
                parts.drain(..2);
                info.below_namespace = true;
            }
        }
        info.take_resource(&parts);
        info.take_selectors(query);
        Ok(info)
    }

    fn take_resource(&mut self, parts: &[&str]) {
        self.resource = parts[0].into();
        if let Some(name) = parts.get(1) {
            self.name = (*name).into();
            self.named = true;
        }
        if self.verb == "proxy" {
            return;
        }
        if let Some(subresource) = parts.get(2) {
            self.subresource = (*subresource).into();
        }
        if parts.len() > 3 {
            self.rest = Some(parts[3..].join("/"));
        }
    }

    /// A collection is listed or watched, or deleted as a whole; its selectors matter to authorization.
    fn take_selectors(&mut self, query: &Query) {
        if self.name.is_empty() {
            match self.verb.as_str() {
                "get" => {
                    self.verb = if query.flag("watch") { "watch".into() } else { "list".into() };
                    if let Some(name) = selected_name(query) {
                        self.name = name;
                    }
                }
                "delete" => self.verb = "deletecollection".into(),
                _ => {}
            }
        }
        if matches!(self.verb.as_str(), "list" | "watch" | "deletecollection") {
            self.field_selector = query.get("fieldSelector").map(str::to_owned);
            self.label_selector = query.get("labelSelector").map(str::to_owned);
        }
    }

    /// The request may stay open as long as it likes (a watch or a stream).
    pub fn long_running(&self) -> bool {
        self.resource_request
            && (matches!(self.verb.as_str(), "watch" | "proxy")
                || matches!(self.subresource.as_str(), "attach" | "exec" | "proxy" | "log" | "portforward"))
    }
}

/// The verb a method stands for when an object is named.
fn verb_of(method: &Method) -> &'static str {
    match *method {
        Method::POST => "create",
        Method::GET | Method::HEAD => "get",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE => "delete",
        _ => "",
    }
}

/// The name a list's field selector asks for; nothing if one of the list's options can't be read.
fn selected_name(query: &Query) -> Option<Text> {
    let numbers = ["limit", "timeoutSeconds"];
    if numbers.iter().any(|name| query.get(name).is_some_and(|value| value.parse::<i64>().is_err())) {
        return None;
    }
    meta::LabelSelector::parse(query.get("labelSelector").unwrap_or("")).ok()?;
    let selector = FieldSelector::parse(query.get("fieldSelector").unwrap_or("")).ok()?;
    selector.exact_value("metadata.name").filter(|name| path_segment_name(name).is_empty()).map(Text::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(method: &str, target: &str) -> Result<RequestInfo, NoKind> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        RequestInfo::parse(&Method::from_bytes(method.as_bytes()).unwrap(), path, &Query::parse(query))
    }

    #[test]
    fn resources_are_told_from_paths() {
        // method, target, verb, group, version, namespace, resource, subresource, name
        let cases = [
            ("GET", "/api/v1/pods", "list", "", "v1", "", "pods", "", ""),
            ("GET", "/api/v1/pods?watch=1", "watch", "", "v1", "", "pods", "", ""),
            ("GET", "/api/v1/pods?watch=false", "list", "", "v1", "", "pods", "", ""),
            ("GET", "/api/v1/namespaces/a/pods/", "list", "", "v1", "a", "pods", "", ""),
            ("GET", "/api/v1/namespaces/a/pods/b", "get", "", "v1", "a", "pods", "", "b"),
            ("HEAD", "/api/v1/namespaces/a/pods/b", "get", "", "v1", "a", "pods", "", "b"),
            ("OPTIONS", "/api/v1/namespaces/a/pods/b", "", "", "v1", "a", "pods", "", "b"),
            ("POST", "/api/v1/namespaces/a/pods/b/exec", "create", "", "v1", "a", "pods", "exec", "b"),
            ("GET", "/api/v1/namespaces/a", "get", "", "v1", "a", "namespaces", "", "a"),
            ("PUT", "/api/v1/namespaces/a/finalize", "update", "", "v1", "a", "namespaces", "finalize", "a"),
            ("GET", "/api/v1/namespaces/a/bogus", "list", "", "v1", "a", "bogus", "", ""),
            (
                "DELETE",
                "/apis/apps/v1/namespaces/a/deployments",
                "deletecollection",
                "apps",
                "v1",
                "a",
                "deployments",
                "",
                "",
            ),
            (
                "PATCH",
                "/apis/apps/v1/namespaces/a/deployments/d/scale",
                "patch",
                "apps",
                "v1",
                "a",
                "deployments",
                "scale",
                "d",
            ),
            ("GET", "/api/v1/watch/namespaces/a/pods/b", "watch", "", "v1", "a", "pods", "", "b"),
            ("POST", "/api/v1/watch/namespaces/a/pods", "watch", "", "v1", "a", "pods", "", ""),
            ("GET", "/api/v1/pods?fieldSelector=metadata.name%3Dx", "list", "", "v1", "", "pods", "", "x"),
            (
                "GET",
                "/api/v1/pods?fieldSelector=metadata.name%3Dx&limit=z",
                "list",
                "",
                "v1",
                "",
                "pods",
                "",
                "",
            ),
            ("GET", "/api/v1/pods?fieldSelector=metadata.name!%3Dx", "list", "", "v1", "", "pods", "", ""),
        ];
        for (method, target, verb, group, version, namespace, resource, subresource, name) in cases {
            let info = parse(method, target).unwrap();
            assert!(info.resource_request, "{target}");
            assert_eq!(
                (info.verb.as_str(), info.group.as_str(), info.version.as_str(), info.namespace.as_str()),
                (verb, group, version, namespace),
                "{method} {target}"
            );
            assert_eq!(
                (info.resource.as_str(), info.subresource.as_str(), info.name.as_str()),
                (resource, subresource, name),
                "{method} {target}"
            );
        }
    }

    #[test]
    fn other_paths_keep_their_method() {
        for target in ["/", "/api", "/api/v1", "/apis/apps/v1", "/healthz/ping", "/version", "/API/v1/x"] {
            let info = parse("GET", target).unwrap();
            assert!(!info.resource_request, "{target}");
            assert_eq!(info.verb, "get");
        }
        assert_eq!(parse("GET", "/api/v1/watch"), Err(NoKind));
    }

    #[test]
    fn long_running_requests_are_known() {
        for (target, long) in [
            ("/api/v1/pods", false),
            ("/api/v1/pods?watch", true),
            ("/api/v1/namespaces/a/pods/b/log", true),
            ("/api/v1/namespaces/a/pods/b/status", false),
        ] {
            assert_eq!(parse("GET", target).unwrap().long_running(), long, "{target}");
        }
    }
}
