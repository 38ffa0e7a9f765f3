//! The discovery documents with the groups of other API servers in their places: by priority, then by name.

use std::cmp::Reverse;

use bytes::Bytes;
use object::{Value, json};

use super::service::{ApiService, GROUP};
use crate::api::{Api, Served};
use crate::discovery::Tagged;

/// The priority of groups without an APIService: those of custom resources.
const CUSTOM: i64 = 1000;

/// What APIServices say of groups. Their own group has none and comes first.
struct Registered {
    all: Vec<ApiService>,
    /// Those that are not served here, the first of each group's preferred first.
    elsewhere: Vec<ApiService>,
}

impl Registered {
    fn of(api: &Api, served: &Served) -> Registered {
        let all = ApiService::all(&*api.registry);
        let here = |one: &ApiService| {
            let group = served.catalog.group(&one.group);
            group.is_some_and(|group| group.versions.iter().any(|version| version.name == one.version))
        };
        let mut elsewhere: Vec<ApiService> = all.iter().filter(|one| !here(one)).cloned().collect();
        elsewhere.sort_by(|a, b| {
            (Reverse(a.version_priority), &a.name).cmp(&(Reverse(b.version_priority), &b.name))
        });
        Registered { all, elsewhere }
    }

    fn place<'a>(&self, group: &'a str) -> (Reverse<i64>, &'a str) {
        if group == GROUP {
            return (Reverse(i64::MAX), group);
        }
        let priorities = self.all.iter().filter(|one| one.group == group).map(|one| one.group_priority);
        (Reverse(priorities.max().unwrap_or(CUSTOM)), group)
    }

    /// Puts `version` into the group `name` of `groups`, which is put in its place if it is not there.
    fn add(&self, groups: &mut Vec<Value>, name_at: &[&str], name: &str, make: Value, version: Value) {
        let named = |group: &Value| group.str_at(name_at.iter().copied()) == name;
        if !groups.iter().any(named) {
            let own = self.place(name);
            let before = |group: &Value| self.place(group.str_at(name_at.iter().copied())) > own;
            let place = groups.iter().position(before).unwrap_or(groups.len());
            groups.insert(place, make);
        }
        let Some(group) = groups.iter_mut().find(|group| named(group)) else { return };
        let mut versions = group.items_at(["versions"]).to_vec();
        versions.push(version);
        group.set("versions", versions);
    }
}

/// `/apis`.
pub(crate) fn groups(api: &Api, served: &Served) -> Bytes {
    let registered = Registered::of(api, served);
    let document = &served.documents.groups;
    if registered.elsewhere.is_empty() {
        return document.clone();
    }
    let Ok(mut list) = json::parse(document) else { return document.clone() };
    let mut groups = list.items_at(["groups"]).to_vec();
    for one in &registered.elsewhere {
        let version = group_version(one);
        let mut group = Value::object();
        group.set("name", one.group.as_str());
        group.set("preferredVersion", version.clone());
        registered.add(&mut groups, &["name"], &one.group, group, version);
    }
    list.set("groups", groups);
    json::to_vec(&list).into()
}

fn group_version(one: &ApiService) -> Value {
    let mut version = Value::object();
    version.set("groupVersion", format!("{}/{}", one.group, one.version));
    version.set("version", one.version.as_str());
    version
}

/// `/apis/GROUP`; nothing if nobody serves the group.
pub(crate) fn group(api: &Api, served: &Served, name: &str) -> Option<Bytes> {
    let own = served.documents.group.get(name);
    let registered = Registered::of(api, served);
    if !registered.elsewhere.iter().any(|one| one.group == name) {
        return own.cloned();
    }
    let list = json::parse(&groups(api, served)).ok()?;
    let mut group = list.items_at(["groups"]).iter().find(|group| group.str_at(["name"]) == name)?.clone();
    group.set("kind", "APIGroup");
    group.set("apiVersion", "v1");
    Some(json::to_vec(&group).into())
}

/// `/apis`, aggregated.
pub(crate) fn aggregated(api: &Api, served: &Served) -> Tagged {
    let registered = Registered::of(api, served);
    let document = &served.documents.aggregated_groups;
    let known = api.remotes.resources.lock();
    let mut remote = registered.elsewhere.iter().filter(|one| one.service.is_some()).peekable();
    if remote.peek().is_none() {
        return document.clone();
    }
    let Ok(mut list) = json::parse(&document.json) else { return document.clone() };
    let mut groups = list.items_at(["items"]).to_vec();
    for one in remote {
        let mut version = Value::object();
        version.set("version", one.version.as_str());
        let resources = known.get(&one.name).map(resources).unwrap_or_default();
        if !resources.is_empty() {
            version.set("resources", resources);
        }
        version.set("freshness", if one.available { "Current" } else { "Stale" });
        let mut group = Value::object();
        group.object_at("metadata").insert("name", one.group.as_str());
        registered.add(&mut groups, &["metadata", "name"], &one.group, group, version);
    }
    list.set("items", groups);
    Tagged::new(json::to_vec(&list).into())
}

/// The resources of an `APIResourceList` as aggregated discovery has them: subresources within their parents.
fn resources(list: &Value) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for one in list.items_at(["resources"]) {
        let (parent, subresource) =
            one.str_at(["name"]).split_once('/').unwrap_or((one.str_at(["name"]), ""));
        let entry = aggregated_resource(list, one, subresource);
        if subresource.is_empty() {
            out.push(entry);
        } else if let Some(parent) = out.iter_mut().find(|known| known.str_at(["resource"]) == parent) {
            let mut subresources = parent.items_at(["subresources"]).to_vec();
            subresources.push(entry);
            parent.set("subresources", subresources);
        }
    }
    out
}

fn aggregated_resource(list: &Value, one: &Value, subresource: &str) -> Value {
    let (group, version) = list.str_at(["groupVersion"]).split_once('/').unwrap_or_default();
    let or = |field: &str, inherited: &str| match one.str_at([field]) {
        "" => inherited.to_owned(),
        own => own.to_owned(),
    };
    let mut entry = Value::object();
    let mut kind = Value::object();
    kind.set("group", or("group", group));
    kind.set("version", or("version", version));
    kind.set("kind", one.str_at(["kind"]));
    entry.set("responseKind", kind);
    entry.set("verbs", one.items_at(["verbs"]).to_vec());
    if !subresource.is_empty() {
        entry.set("subresource", subresource);
        return entry;
    }
    entry.set("resource", one.str_at(["name"]));
    let namespaced = one.get("namespaced").and_then(Value::as_bool).unwrap_or(false);
    entry.set("scope", if namespaced { "Namespaced" } else { "Cluster" });
    entry.set("singularResource", one.str_at(["singularName"]));
    for field in ["shortNames", "categories"] {
        let texts = one.items_at([field]);
        if !texts.is_empty() {
            entry.set(field, texts.to_vec());
        }
    }
    entry
}
