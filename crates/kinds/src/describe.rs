//! How the files of this crate write a description down.

use std::sync::Arc;

use object::{Text, Value};
use registry::{
    Columns, Conversion, FieldLabels, Resource, ScalePaths, SelectableField, Storage, Strategy, Subresource,
    SubresourceAction, Verb, Verbs,
};
use schema::{OwnedType, Schema};

/// The built-in types, shared by all descriptions.
pub(crate) type Types = Arc<Schema>;

const OBJECT_VERBS: &[Verb] = &[Verb::Get, Verb::Patch, Verb::Update];

/// A description in the making: namespaced, with all verbs, stored under its own plural in its own version, unless
/// something else is said.
pub(crate) struct Describe<'a> {
    types: &'a Types,
    resource: Resource,
}

impl<'a> Describe<'a> {
    /// Begins the description of `group/version`'s `plural`.
    ///
    /// # Panics
    /// If the type facts have no such kind: a mistake in this crate, found by its tests.
    pub(crate) fn new(
        types: &'a Types,
        group: &str,
        version: &str,
        plural: &str,
        kind: &str,
        strategy: impl Strategy + 'static,
    ) -> Describe<'a> {
        let resource = Resource {
            group: group.into(),
            version: version.into(),
            resource: plural.into(),
            singular: kind.to_ascii_lowercase().into(),
            kind: kind.into(),
            list_kind: format!("{kind}List").into(),
            short_names: Vec::new(),
            categories: Vec::new(),
            namespaced: true,
            verbs: Verbs::ALL,
            ty: kind_type(types, group, version, kind),
            storage: Some(Storage { prefix: plural.into(), version: version.into() }),
            conversion: Conversion::Stored,
            strategy: Arc::new(strategy),
            subresources: Vec::new(),
            selectable_fields: Vec::new(),
            field_labels: FieldLabels::Generic,
            deprecation: None,
            columns: Columns::DEFAULT,
            custom: false,
        };
        Describe { types, resource }
    }

    /// Objects belong to no namespace.
    pub(crate) fn cluster(mut self) -> Self {
        self.resource.namespaced = false;
        self
    }

    /// Short names that kubectl takes.
    pub(crate) fn short_names(mut self, names: &[&str]) -> Self {
        self.resource.short_names = texts(names);
        self
    }

    /// Categories that kubectl takes.
    pub(crate) fn categories(mut self, categories: &[&str]) -> Self {
        self.resource.categories = texts(categories);
        self
    }

    /// Not all verbs, but these.
    pub(crate) fn verbs(mut self, verbs: Verbs) -> Self {
        self.resource.verbs = verbs;
        self
    }

    /// Nothing is stored: what is posted is answered.
    pub(crate) fn virtual_resource(mut self) -> Self {
        self.resource.storage = None;
        self
    }

    /// Kept under another prefix than the plural (kube-apiserver's layout in etcd).
    pub(crate) fn stored_at(mut self, prefix: &str) -> Self {
        let version = self.resource.version.clone();
        self.resource.storage = Some(Storage { prefix: prefix.into(), version });
        self
    }

    /// Kept in another version, with the functions that lead there and back.
    pub(crate) fn stored_as(
        mut self,
        version: &str,
        to_stored: fn(Value) -> Value,
        from_stored: fn(Value) -> Value,
    ) -> Self {
        if let Some(storage) = &mut self.resource.storage {
            storage.version = version.into();
        }
        self.resource.conversion = Conversion::Functions { to_stored, from_stored };
        self
    }

    /// Fields that selectors may name, each with its value where it is absent.
    pub(crate) fn selectable_fields(mut self, fields: &[(&str, &str)]) -> Self {
        self.resource.selectable_fields = fields
            .iter()
            .map(|(name, default)| SelectableField {
                name: (*name).into(),
                paths: vec![path(name)],
                default: (*default).into(),
            })
            .collect();
        self
    }

    /// A field that selectors may name, which stands at the first of several paths (of the stored version) that has a
    /// value.
    pub(crate) fn selectable_field(mut self, name: &str, paths: &[&str]) -> Self {
        self.resource.selectable_fields.push(SelectableField {
            name: name.into(),
            paths: paths.iter().map(|text| path(text)).collect(),
            default: Text::default(),
        });
        self
    }

    /// A number that selectors may name, which stands at another path; 0 where it is absent.
    pub(crate) fn selectable_number(mut self, name: &str, at: &str) -> Self {
        self.resource.selectable_fields.push(SelectableField {
            name: name.into(),
            paths: vec![path(at)],
            default: "0".into(),
        });
        self
    }

    /// How selectors on other fields are refused.
    pub(crate) fn field_labels(mut self, labels: FieldLabels) -> Self {
        self.resource.field_labels = labels;
        self
    }

    /// Clients are warned of this whatever they do.
    pub(crate) fn deprecated(mut self, warning: &str) -> Self {
        self.resource.deprecation = Some(warning.into());
        self
    }

    /// How objects are shown in tables, if not by name and time of creation alone.
    pub(crate) fn columns(mut self, columns: Columns) -> Self {
        self.resource.columns = columns;
        self
    }

    /// A status subresource.
    pub(crate) fn status(self, strategy: impl Strategy + 'static) -> Self {
        self.object_subresource("status", OBJECT_VERBS, strategy)
    }

    /// A subresource that is the object itself under other rules.
    pub(crate) fn object_subresource(
        self,
        name: &str,
        verbs: &[Verb],
        strategy: impl Strategy + 'static,
    ) -> Self {
        let kind = (self.resource.group.clone(), self.resource.version.clone(), self.resource.kind.clone());
        self.subresource(name, kind, None, verbs, SubresourceAction::Object(Arc::new(strategy)))
    }

    /// A scale subresource over these fields.
    pub(crate) fn scale(self, spec_replicas: &str, status_replicas: &str, selector: &str) -> Self {
        let paths = ScalePaths {
            spec_replicas: path(spec_replicas),
            status_replicas: path(status_replicas),
            selector: path(selector),
        };
        let kind = ("autoscaling".into(), "v1".into(), "Scale".into());
        let ty = kind_type(self.types, "autoscaling", "v1", "Scale");
        self.subresource("scale", kind, Some(ty), OBJECT_VERBS, SubresourceAction::Scale(paths))
    }

    /// A subresource to which objects of another kind are posted.
    pub(crate) fn create_subresource(self, name: &str, (group, version, kind): (&str, &str, &str)) -> Self {
        let ty = kind_type(self.types, group, version, kind);
        let kind = (group.into(), version.into(), kind.into());
        self.subresource(name, kind, Some(ty), &[Verb::Create], SubresourceAction::Create)
    }

    /// A subresource that is a stream or a proxy.
    pub(crate) fn connect(self, name: &str, kind: &str, verbs: &[Verb]) -> Self {
        let kind = ("".into(), "v1".into(), kind.into());
        self.subresource(name, kind, None, verbs, SubresourceAction::Connect)
    }

    fn subresource(
        mut self,
        name: &str,
        kind: (Text, Text, Text),
        ty: Option<OwnedType>,
        verbs: &[Verb],
        action: SubresourceAction,
    ) -> Self {
        let verbs = Verbs::of(verbs);
        self.resource.subresources.push(Arc::new(Subresource { name: name.into(), kind, ty, verbs, action }));
        self
    }

    /// The description.
    pub(crate) fn finish(self) -> Resource {
        self.resource
    }
}

fn texts(list: &[&str]) -> Vec<Text> {
    list.iter().map(|text| (*text).into()).collect()
}

fn path(dotted: &str) -> Vec<Text> {
    dotted.split('.').map(Text::from).collect()
}

fn kind_type(types: &Types, group: &str, version: &str, kind: &str) -> OwnedType {
    let Some(found) = types.of_kind(group, version, kind) else {
        panic!("the type facts have no {group}/{version} {kind}");
    };
    OwnedType { schema: types.clone(), id: found.id }
}
