//! Which objects a list or a watch is about.

use meta::{FieldSelector, LabelSelector};
use object::Text;
use storage::Key;

use crate::{Object, Shape};

/// A selection of a resource's objects. The default one selects all.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The namespace; empty for all.
    pub namespace: Text,
    /// The labels wanted.
    pub labels: LabelSelector,
    /// The fields wanted. A field the resource does not know counts as empty.
    pub fields: FieldSelector,
}

impl Default for Selection {
    fn default() -> Selection {
        Selection {
            namespace: Text::default(),
            labels: LabelSelector::EVERYTHING,
            fields: FieldSelector::EVERYTHING,
        }
    }
}

impl Selection {
    /// All objects of a namespace, or all if it is empty.
    pub fn in_namespace(namespace: &str) -> Selection {
        Selection { namespace: namespace.into(), ..Selection::default() }
    }

    /// Whether the object is selected.
    pub fn matches(&self, object: &Object) -> bool {
        (self.namespace.is_empty() || self.namespace == object.namespace())
            && (self.fields.is_everything()
                || self.fields.matches(|field| Some(object.field(field).unwrap_or_default())))
            && (self.labels.is_everything() || self.labels.matches(|label| object.facts().label(label)))
    }

    /// Whether there is no selector: at most a namespace.
    pub fn selects_all(&self) -> bool {
        self.labels.is_everything() && self.fields.is_everything()
    }

    /// The key of the only object that can be selected, if the selection names it.
    pub(crate) fn exact_key(&self, shape: &Shape) -> Option<Key> {
        let name = self.fields.exact_value("metadata.name")?;
        let namespace = match self.namespace.as_str() {
            "" if shape.namespaced => self.fields.exact_value("metadata.namespace")?,
            namespace => namespace,
        };
        Some(shape.key(namespace, name))
    }
}
