//! What is served: the resources, found by group, version and plural, and in the order discovery lists them.

use std::sync::Arc;

use registry::{Conversion, Resource};

/// The versions of one API group, the preferred one first.
#[derive(Debug)]
pub struct Group {
    /// The group; empty for the core one.
    pub name: String,
    /// Its versions.
    pub versions: Vec<Version>,
}

/// The resources of one version of a group.
#[derive(Debug)]
pub struct Version {
    /// The version.
    pub name: String,
    /// Its resources, sorted by plural.
    pub resources: Vec<Arc<Resource>>,
}

/// All resources at one moment; a change makes a new catalog.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Sorted by group, version and plural.
    sorted: Vec<Arc<Resource>>,
    groups: Vec<Group>,
}

fn key(resource: &Resource) -> (&str, &str, &str) {
    (&resource.group, &resource.version, &resource.resource)
}

impl Catalog {
    /// A catalog of `resources`, whose order is that of their groups and, within those, of their versions.
    pub fn new(resources: impl IntoIterator<Item = Arc<Resource>>) -> Catalog {
        let mut catalog = Catalog::default();
        for resource in resources {
            catalog.version_mut(&resource.group, &resource.version).resources.push(Arc::clone(&resource));
            catalog.sorted.push(resource);
        }
        catalog.sorted.sort_by(|a, b| key(a).cmp(&key(b)));
        for version in catalog.groups.iter_mut().flat_map(|group| &mut group.versions) {
            version.resources.sort_by(|a, b| a.resource.cmp(&b.resource));
        }
        catalog
    }

    fn version_mut(&mut self, group: &str, version: &str) -> &mut Version {
        let group = find_or_push(
            &mut self.groups,
            |one| one.name == group,
            || Group { name: group.to_owned(), versions: Vec::new() },
        );
        find_or_push(
            &mut group.versions,
            |one| one.name == version,
            || Version { name: version.to_owned(), resources: Vec::new() },
        )
    }

    /// The resource at `group`, `version` and `plural`.
    pub fn find(&self, group: &str, version: &str, plural: &str) -> Option<&Arc<Resource>> {
        let place = self.sorted.binary_search_by(|one| key(one).cmp(&(group, version, plural))).ok()?;
        self.sorted.get(place)
    }

    /// All groups in order, the core one among them.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group `name`.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// Whether the group serves nothing but custom resources: what it does not serve is no page at all.
    pub fn is_custom(&self, group: &str) -> bool {
        let versions = self.group(group).map_or(&[][..], |group| &group.versions);
        versions.iter().flat_map(|version| &version.resources).all(|resource| resource.custom)
    }

    /// The group and version in which `resource`'s objects are stored; nothing for virtual resources.
    pub fn storage_version<'a>(&'a self, resource: &'a Resource) -> Option<(&'a str, &'a str)> {
        let storage = resource.storage.as_ref()?;
        if matches!(resource.conversion, Conversion::Stored | Conversion::Custom(_)) {
            return Some((&resource.group, &storage.version));
        }
        let stored = self.sorted.iter().find(|other| {
            matches!(other.conversion, Conversion::Stored)
                && other.storage.as_ref().is_some_and(|theirs| theirs.prefix == storage.prefix)
        });
        Some(stored.map_or((&resource.group, &storage.version), |stored| (&stored.group, &stored.version)))
    }
}

fn find_or_push<T>(items: &mut Vec<T>, is: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> &mut T {
    let place = items.iter().position(is).unwrap_or_else(|| {
        items.push(make());
        items.len() - 1
    });
    &mut items[place]
}
