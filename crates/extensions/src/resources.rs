//! From a definition to the resources it is served as.

use std::sync::Arc;

use object::Text;
use registry::{Conversion, FieldLabels, Resource, Storage, Subresource, SubresourceAction, Verb, Verbs};
use schema::OwnedType;

use crate::conversion::Caller;
use crate::custom::{Family, Served};
use crate::definition::{Definition, Version};
use crate::strategy::{CustomResource, CustomResourceStatus};

const OBJECT_VERBS: Verbs = Verbs::of(&[Verb::Get, Verb::Patch, Verb::Update]);

/// What a terminating definition's resources still do.
const LAST_VERBS: Verbs =
    Verbs::of(&[Verb::Delete, Verb::DeleteCollection, Verb::Get, Verb::List, Verb::Watch]);

/// The resources of a definition, one for each version that is served. `builtin` are the built-in types; `since` is
/// the revision since which the definition is as it is; `caller` asks webhooks.
pub(crate) fn resources(
    definition: Definition,
    builtin: &Arc<schema::Schema>,
    since: u64,
    caller: &Arc<dyn Caller>,
) -> Vec<Arc<Resource>> {
    if !definition.established {
        return Vec::new();
    }
    let family = Arc::new(Family::new(&definition, builtin, since, caller));
    let storage = definition.versions.iter().find(|version| version.storage);
    let stored = storage.map_or(Text::default(), |version| version.name.clone());
    let Definition { versions, .. } = &definition;
    let names: Vec<bool> = versions.iter().map(|version| version.served).collect();
    let mut maker = Maker { definition, family, stored, builtin };
    let versions = std::mem::take(&mut maker.definition.versions);
    versions
        .into_iter()
        .enumerate()
        .filter(|(index, _)| names[*index])
        .map(|(index, version)| Arc::new(maker.resource(index, Arc::new(version))))
        .collect()
}

struct Maker<'b> {
    definition: Definition,
    family: Arc<Family>,
    stored: Text,
    builtin: &'b Arc<schema::Schema>,
}

impl Maker<'_> {
    fn resource(&self, index: usize, version: Arc<Version>) -> Resource {
        let definition = &self.definition;
        let served = Arc::new(Served { family: Arc::clone(&self.family), index });
        let rules = || CustomResource { served: Arc::clone(&served), version: Arc::clone(&version) };
        Resource {
            group: definition.group.clone(),
            version: version.name.clone(),
            resource: definition.plural.clone(),
            singular: definition.singular.clone(),
            kind: definition.kind.clone(),
            list_kind: definition.list_kind.clone(),
            short_names: definition.short_names.clone(),
            categories: definition.categories.clone(),
            namespaced: definition.namespaced,
            verbs: if definition.terminating { LAST_VERBS } else { Verbs::ALL },
            ty: self.family.members[index].ty.clone(),
            storage: Some(Storage {
                prefix: format!("{}/{}", definition.group, definition.plural).into(),
                version: self.stored.clone(),
            }),
            conversion: Conversion::Custom(served.clone()),
            strategy: Arc::new(rules()),
            subresources: self.subresources(&version, &rules),
            selectable_fields: version.selectable_fields.clone(),
            field_labels: FieldLabels::Label,
            columns: version.columns.clone(),
            custom: true,
            deprecation: Some(version.deprecation.clone()).filter(|text| !text.is_empty()),
        }
    }

    fn subresources(&self, version: &Version, rules: &dyn Fn() -> CustomResource) -> Vec<Arc<Subresource>> {
        let definition = &self.definition;
        let mut subresources = Vec::new();
        if version.status {
            subresources.push(Arc::new(Subresource {
                name: "status".into(),
                kind: (definition.group.clone(), version.name.clone(), definition.kind.clone()),
                ty: None,
                verbs: OBJECT_VERBS,
                action: SubresourceAction::Object(Arc::new(CustomResourceStatus(rules()))),
            }));
        }
        let scale = self.builtin.of_kind("autoscaling", "v1", "Scale");
        if let (Some(of), Some(ty)) = (&version.scale, scale) {
            subresources.push(Arc::new(Subresource {
                name: "scale".into(),
                kind: ("autoscaling".into(), "v1".into(), "Scale".into()),
                ty: Some(OwnedType { schema: Arc::clone(self.builtin), id: ty.id }),
                verbs: OBJECT_VERBS,
                action: SubresourceAction::Scale(of.paths.clone()),
            }));
        }
        subresources
    }
}
