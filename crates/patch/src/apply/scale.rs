//! Entries of an object as its scale subresource sees them, and back.
//!
//! A Scale has one field to own, `.spec.replicas`; in the object it stands where the kind says.

use object::Text;

use super::managed::{Entry, Operation};
use super::{Element, Set};

/// The version of Scale.
pub const SCALE_VERSION: &str = "autoscaling/v1";

/// Where each version of the parent keeps its replicas; a version without a scale subresource has no path.
pub struct ScaleMapping<'a> {
    /// (apiVersion, path of fields).
    pub versions: &'a [(&'a str, Option<Vec<&'a str>>)],
}

impl ScaleMapping<'_> {
    /// The path in `version`: nothing for one that is not known, nothing inside for one without scale.
    fn path(&self, version: &str) -> Option<Option<Vec<Element>>> {
        let known = self.versions.iter().find(|known| known.0 == version)?;
        Some(known.1.as_ref().map(|path| path.iter().map(|name| Element::field(*name)).collect()))
    }

    /// The entries that the Scale of an object with these entries has.
    pub fn to_scale(&self, parent: &[Entry]) -> Vec<Entry> {
        let owns = |entry: &&Entry| {
            self.path(&entry.api_version).flatten().is_some_and(|path| entry.fields.contains(&path))
        };
        let scale = |entry: &Entry| Entry {
            api_version: Text::const_new(SCALE_VERSION),
            fields: Set::of_fields([["spec", "replicas"]]),
            ..entry.clone()
        };
        parent.iter().filter(owns).map(scale).collect()
    }

    /// The entries of the parent after its Scale was written with entries `scale`, in the parent's `version`. Who
    /// does not own the replicas of the Scale any more loses them; who is new there has no time, as in the original.
    pub fn to_parent(&self, parent: &[Entry], mut scale: Vec<Entry>, version: &str) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(parent.len() + scale.len());
        for entry in parent {
            let Some(path) = self.path(&entry.api_version) else { continue };
            let Some(path) = path.filter(|path| entry.fields.contains(path)) else {
                entries.push(entry.clone());
                continue;
            };
            let same =
                |candidate: &Entry| entry.operation == Operation::Apply && entry.same_manager(candidate);
            if let Some(index) = scale.iter().position(same) {
                scale.swap_remove(index);
                entries.push(entry.clone());
                continue;
            }
            let mut left = entry.clone();
            let mut stolen = Set::new();
            stolen.insert(path);
            left.fields.subtract(&stolen);
            if !left.fields.is_empty() {
                entries.push(left);
            }
        }
        let mut fields = Set::new();
        fields.insert(self.path(version).flatten().unwrap_or_default());
        entries.extend(scale.into_iter().map(|entry| Entry {
            api_version: version.into(),
            time: None,
            fields: fields.clone(),
            ..entry
        }));
        entries
    }
}
