//! Descriptions: what is served at one group, version and plural.

use std::sync::Arc;

use object::{Text, Value};
use schema::OwnedType;

use crate::{Columns, CustomVersion, Strategy, Verb};

/// A set of verbs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verbs(u8);

impl Verbs {
    /// All eight.
    pub const ALL: Verbs = Verbs(0xff);

    /// The set of `verbs`.
    pub const fn of(verbs: &[Verb]) -> Verbs {
        let mut bits = 0;
        let mut index = 0;
        while index < verbs.len() {
            bits |= 1 << verbs[index] as u8;
            index += 1;
        }
        Verbs(bits)
    }

    /// Whether `verb` is in the set.
    pub const fn has(self, verb: Verb) -> bool {
        self.0 & (1 << verb as u8) != 0
    }

    /// The verbs in the order discovery lists them (alphabetical).
    pub fn iter(self) -> impl Iterator<Item = Verb> {
        const ORDER: [Verb; 8] = [
            Verb::Create,
            Verb::Delete,
            Verb::DeleteCollection,
            Verb::Get,
            Verb::List,
            Verb::Patch,
            Verb::Update,
            Verb::Watch,
        ];
        ORDER.into_iter().filter(move |verb| self.has(*verb))
    }
}

/// A field that a field selector may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectableField {
    /// Its name in selectors, such as `spec.nodeName`.
    pub name: Text,
    /// Where its value stands in the stored version; the first path with a non-empty value counts.
    pub paths: Vec<Vec<Text>>,
    /// Its value where no path has one.
    pub default: Text,
}

/// How a field selector that names no selectable field is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldLabels {
    /// `"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"`.
    #[default]
    Generic,
    /// `field label not supported: spec.x`.
    Label,
    /// `field label "spec.x" not supported for Job`.
    Kind,
    /// `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: spec.x`.
    Typed,
}

/// Where a resource's objects are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// The key prefix below `/registry/`, such as `pods` or `services/specs` (kube-apiserver's own layout).
    pub prefix: Text,
    /// The version they are stored in.
    pub version: Text,
}

/// How objects get from the stored version to this resource's and back.
#[derive(Clone, Default)]
pub enum Conversion {
    /// This is the stored version.
    #[default]
    Stored,
    /// By functions over normalised objects.
    Functions {
        /// From this version to the stored one.
        to_stored: fn(Value) -> Value,
        /// From the stored version to this one.
        from_stored: fn(Value) -> Value,
    },
    /// As a custom resource's definition says. The rules of the request's version run, and what they pass is brought
    /// into the stored version when it is encoded.
    Custom(Arc<dyn CustomVersion>),
}

impl std::fmt::Debug for Conversion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Conversion::Stored => "Stored",
            Conversion::Functions { .. } => "Functions",
            Conversion::Custom(_) => "Custom",
        })
    }
}

/// What is served at `/apis/GROUP/VERSION/[namespaces/NS/]RESOURCE`.
#[derive(Debug)]
pub struct Resource {
    /// The API group; empty for the core one.
    pub group: Text,
    /// The version served.
    pub version: Text,
    /// The plural.
    pub resource: Text,
    /// The singular.
    pub singular: Text,
    /// The kind.
    pub kind: Text,
    /// The kind of its lists.
    pub list_kind: Text,
    /// Short names.
    pub short_names: Vec<Text>,
    /// Categories, such as `all`.
    pub categories: Vec<Text>,
    /// Objects live in namespaces.
    pub namespaced: bool,
    /// What may be done.
    pub verbs: Verbs,
    /// The type of its objects.
    pub ty: OwnedType,
    /// Where they are kept; nothing for virtual resources, which are only computed.
    pub storage: Option<Storage>,
    /// How they get to and from the stored version.
    pub conversion: Conversion,
    /// Its rules.
    pub strategy: Arc<dyn Strategy>,
    /// Its subresources.
    pub subresources: Vec<Arc<Subresource>>,
    /// What field selectors may name, besides `metadata.name` and `metadata.namespace`.
    pub selectable_fields: Vec<SelectableField>,
    /// How other field selectors are refused.
    pub field_labels: FieldLabels,
    /// What every client of the resource is warned of.
    pub deprecation: Option<Text>,
    /// How its objects are shown in tables.
    pub columns: Columns,
    /// A custom resource: lists carry item kinds, patches can't be strategic, ...
    pub custom: bool,
}

impl Resource {
    /// The subresource `name`.
    pub fn subresource(&self, name: &str) -> Option<&Arc<Subresource>> {
        self.subresources.iter().find(|sub| sub.name == name)
    }

    /// What its definition makes of objects, if it is a custom resource.
    pub(crate) fn custom_version(&self) -> Option<&dyn CustomVersion> {
        match &self.conversion {
            Conversion::Custom(version) => Some(&**version),
            _ => None,
        }
    }

    /// `group/version`, or the version alone for the core group: the objects' `apiVersion`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_string()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}

/// Where a scale subresource finds its numbers (JSON paths of fields, as in CRDs).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalePaths {
    /// Desired replicas, such as `spec`, `replicas`.
    pub spec_replicas: Vec<Text>,
    /// Observed replicas.
    pub status_replicas: Vec<Text>,
    /// The label selector: text, or a metav1.LabelSelector.
    pub selector: Vec<Text>,
}

/// What a subresource does.
#[derive(Clone, Debug)]
pub enum SubresourceAction {
    /// The object itself with rules of its own (status, finalize, approval, resize, ephemeralcontainers).
    Object(Arc<dyn Strategy>),
    /// An `autoscaling/v1` Scale made from the object.
    Scale(ScalePaths),
    /// A POST of another kind, carried out by what is registered for it (binding, eviction, token).
    Create,
    /// A stream or a proxied request (exec, attach, portforward, proxy, log): the server's.
    Connect,
}

/// A subresource.
#[derive(Debug)]
pub struct Subresource {
    /// Its name, such as `status`.
    pub name: Text,
    /// The group, version and kind of what it takes and answers.
    pub kind: (Text, Text, Text),
    /// The type of what it takes, for those that are not the parent's.
    pub ty: Option<OwnedType>,
    /// What may be done.
    pub verbs: Verbs,
    /// What it does.
    pub action: SubresourceAction,
}
