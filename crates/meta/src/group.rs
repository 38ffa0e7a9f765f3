//! Names of groups, versions, kinds and resources (API conventions, "API groups and versioning").

use std::fmt;

use crate::Text;

/// An `apiVersion` with more than one slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupVersionError(String);

impl fmt::Display for GroupVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unexpected GroupVersion string: {}", self.0)
    }
}

impl std::error::Error for GroupVersionError {}

/// A group and one of its versions; the core group is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupVersion {
    /// The group, such as `apps`.
    pub group: Text,
    /// The version, such as `v1`.
    pub version: Text,
}

impl GroupVersion {
    /// From its parts.
    pub fn new(group: impl AsRef<str>, version: impl AsRef<str>) -> Self {
        GroupVersion { group: Text::new(group), version: Text::new(version) }
    }

    /// Reads an `apiVersion`: `v1`, `apps/v1`; empty and `/` are the empty one.
    pub fn parse(api_version: &str) -> Result<Self, GroupVersionError> {
        if api_version == "/" {
            return Ok(GroupVersion::default());
        }
        match api_version.split_once('/') {
            None => Ok(GroupVersion::new("", api_version)),
            Some((_, version)) if version.contains('/') => Err(GroupVersionError(api_version.to_owned())),
            Some((group, version)) => Ok(GroupVersion::new(group, version)),
        }
    }

    /// With a kind.
    pub fn kind(&self, kind: impl AsRef<str>) -> GroupVersionKind {
        GroupVersionKind { group: self.group.clone(), version: self.version.clone(), kind: Text::new(kind) }
    }

    /// With a resource.
    pub fn resource(&self, resource: impl AsRef<str>) -> GroupVersionResource {
        let resource = Text::new(resource);
        GroupVersionResource { group: self.group.clone(), version: self.version.clone(), resource }
    }
}

impl fmt::Display for GroupVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() {
            f.write_str(&self.version)
        } else {
            write!(f, "{}/{}", self.group, self.version)
        }
    }
}

/// A kind of a version of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupVersionKind {
    /// The group.
    pub group: Text,
    /// The version.
    pub version: Text,
    /// The kind, such as `Deployment`.
    pub kind: Text,
}

impl GroupVersionKind {
    /// From its parts.
    pub fn new(group: impl AsRef<str>, version: impl AsRef<str>, kind: impl AsRef<str>) -> Self {
        GroupVersion::new(group, version).kind(kind)
    }

    /// The group and version, which print as the `apiVersion`.
    pub fn group_version(&self) -> GroupVersion {
        GroupVersion { group: self.group.clone(), version: self.version.clone() }
    }

    /// The group and kind.
    pub fn group_kind(&self) -> GroupKind {
        GroupKind { group: self.group.clone(), kind: self.kind.clone() }
    }
}

/// `apps/v1, Kind=Deployment`; the core group leaves the slash: `/v1, Kind=Pod`.
impl fmt::Display for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}

/// A resource of a version of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupVersionResource {
    /// The group.
    pub group: Text,
    /// The version.
    pub version: Text,
    /// The resource's plural, such as `deployments`.
    pub resource: Text,
}

impl GroupVersionResource {
    /// From its parts.
    pub fn new(group: impl AsRef<str>, version: impl AsRef<str>, resource: impl AsRef<str>) -> Self {
        GroupVersion::new(group, version).resource(resource)
    }

    /// The group and version.
    pub fn group_version(&self) -> GroupVersion {
        GroupVersion { group: self.group.clone(), version: self.version.clone() }
    }

    /// The group and resource.
    pub fn group_resource(&self) -> GroupResource {
        GroupResource { group: self.group.clone(), resource: self.resource.clone() }
    }
}

/// `apps/v1, Resource=deployments`.
impl fmt::Display for GroupVersionResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Resource={}", self.group, self.version, self.resource)
    }
}

/// A kind of a group, whatever the version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupKind {
    /// The group.
    pub group: Text,
    /// The kind.
    pub kind: Text,
}

/// `Deployment.apps`, or the kind alone for the core group.
impl fmt::Display for GroupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_dotted(f, &self.kind, &self.group)
    }
}

/// A resource of a group, whatever the version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupResource {
    /// The group.
    pub group: Text,
    /// The resource's plural.
    pub resource: Text,
}

impl GroupResource {
    /// From its parts.
    pub fn new(group: impl AsRef<str>, resource: impl AsRef<str>) -> Self {
        GroupResource { group: Text::new(group), resource: Text::new(resource) }
    }

    /// Reads `deployments.apps` or `pods`: the resource ends at the first dot.
    pub fn parse(text: &str) -> Self {
        let (resource, group) = text.split_once('.').unwrap_or((text, ""));
        GroupResource::new(group, resource)
    }
}

/// `deployments.apps`, or the resource alone for the core group.
impl fmt::Display for GroupResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_dotted(f, &self.resource, &self.group)
    }
}

fn write_dotted(f: &mut fmt::Formatter<'_>, name: &str, group: &str) -> fmt::Result {
    f.write_str(name)?;
    if group.is_empty() { Ok(()) } else { write!(f, ".{group}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_versions_read_and_print() {
        for (text, group, version, printed) in [
            ("v1", "", "v1", "v1"),
            ("apps/v1", "apps", "v1", "apps/v1"),
            ("", "", "", ""),
            ("/", "", "", ""),
            ("/v1", "", "v1", "v1"),
            ("apps/", "apps", "", "apps/"),
        ] {
            let read = GroupVersion::parse(text).unwrap();
            assert_eq!(read, GroupVersion::new(group, version), "{text}");
            assert_eq!(read.to_string(), printed, "{text}");
        }
        let error = GroupVersion::parse("a/b/c").unwrap_err();
        assert_eq!(error.to_string(), "unexpected GroupVersion string: a/b/c");
    }

    #[test]
    fn names_print_as_messages_show_them() {
        let core = GroupVersion::new("", "v1");
        let apps = GroupVersion::new("apps", "v1");
        assert_eq!(core.kind("Pod").to_string(), "/v1, Kind=Pod");
        assert_eq!(apps.kind("Deployment").to_string(), "apps/v1, Kind=Deployment");
        assert_eq!(apps.kind("Deployment").group_kind().to_string(), "Deployment.apps");
        assert_eq!(apps.resource("deployments").to_string(), "apps/v1, Resource=deployments");
        assert_eq!(core.resource("pods").group_resource().to_string(), "pods");
        for text in ["pods", "deployments.apps", "ingresses.networking.k8s.io"] {
            assert_eq!(GroupResource::parse(text).to_string(), text);
        }
    }
}
