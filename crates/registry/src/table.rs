//! Which resources there are, found by what a path names; replaced as a whole when custom resources come and go.

use std::collections::HashMap;
use std::sync::Arc;

use object::Text;

use crate::{Conversion, Resource};

/// The resources that are served at one moment.
#[derive(Debug, Default)]
pub struct Resources {
    list: Vec<Arc<Resource>>,
    by_path: HashMap<(Text, Text, Text), usize>,
    by_prefix: HashMap<Text, usize>,
    preferred: HashMap<(Text, Text), usize>,
}

impl Resources {
    /// A table of `list`: groups in the order in which discovery shows them, of each group the preferred version
    /// first.
    pub fn new(list: Vec<Arc<Resource>>) -> Resources {
        let mut table = Resources { list, ..Resources::default() };
        for (index, resource) in table.list.iter().enumerate() {
            let (group, version, plural) =
                (resource.group.clone(), resource.version.clone(), resource.resource.clone());
            table.preferred.entry((group.clone(), plural.clone())).or_insert(index);
            table.by_path.insert((group, version, plural), index);
            if let (Some(storage), Conversion::Stored) = (&resource.storage, &resource.conversion) {
                table.by_prefix.insert(storage.prefix.clone(), index);
            }
        }
        table
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Resource>> {
        self.list.iter()
    }

    /// The resource at a group, version and plural.
    pub fn get(&self, group: &str, version: &str, plural: &str) -> Option<&Arc<Resource>> {
        self.by_path.get(&(group.into(), version.into(), plural.into())).map(|index| &self.list[*index])
    }

    /// The preferred version of a group's plural.
    pub fn preferred(&self, group: &str, plural: &str) -> Option<&Arc<Resource>> {
        self.preferred.get(&(group.into(), plural.into())).map(|index| &self.list[*index])
    }

    /// The resource in whose version objects below a storage prefix are kept.
    pub fn stored_at(&self, prefix: &str) -> Option<&Arc<Resource>> {
        self.by_prefix.get(prefix).map(|index| &self.list[*index])
    }

    /// The resource in whose version `resource`'s objects are kept (itself, for most); nothing if it is virtual.
    pub fn stored<'a>(&'a self, resource: &Resource) -> Option<&'a Arc<Resource>> {
        self.stored_at(&resource.storage.as_ref()?.prefix)
    }

    /// The resource whose objects say they are this group, version and kind.
    pub fn of_kind(&self, group: &str, version: &str, kind: &str) -> Option<&Arc<Resource>> {
        self.list
            .iter()
            .find(|resource| resource.kind == kind && resource.group == group && resource.version == version)
    }

    /// Whether any resource of the group is served.
    pub fn has_group(&self, group: &str) -> bool {
        self.list.iter().any(|resource| resource.group == group)
    }

    /// Whether any resource of the group's version is served.
    pub fn has_version(&self, group: &str, version: &str) -> bool {
        self.list.iter().any(|resource| resource.group == group && resource.version == version)
    }
}
