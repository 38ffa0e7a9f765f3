//! What a CustomResourceDefinition says, as far as serving needs it.

use object::{Text, Value};
use registry::{Columns, ScalePaths, SelectableField};

use crate::conditions::is_true;
use crate::conversion::Webhook;

/// The finalizer that keeps a definition until its instances are gone.
pub const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

/// A definition under the names it was given.
#[derive(Debug)]
pub struct Definition {
    /// API group.
    pub group: Text,
    /// The plural.
    pub plural: Text,
    /// The singular.
    pub singular: Text,
    /// The kind.
    pub kind: Text,
    /// The kind of its lists.
    pub list_kind: Text,
    /// Short names.
    pub short_names: Vec<Text>,
    /// Categories.
    pub categories: Vec<Text>,
    /// Objects live in namespaces.
    pub namespaced: bool,
    /// It has names and may be used.
    pub established: bool,
    /// Its deletion has begun: no objects are created any more.
    pub terminating: bool,
    /// All versions, served or not.
    pub versions: Vec<Version>,
    /// What converts between them, if a webhook does.
    pub webhook: Option<Webhook>,
}

/// One version of a definition.
#[derive(Debug)]
pub struct Version {
    /// Its name.
    pub name: Text,
    /// It is served.
    pub served: bool,
    /// Objects are stored in it.
    pub storage: bool,
    /// What its users are warned of; empty if it is not deprecated.
    pub deprecation: Text,
    /// The `openAPIV3Schema`.
    pub schema: Value,
    /// There is a status subresource.
    pub status: bool,
    /// Where the scale subresource finds its numbers, if there is one.
    pub scale: Option<Scale>,
    /// How objects are shown in tables.
    pub columns: Columns,
    /// What field selectors may name.
    pub selectable_fields: Vec<SelectableField>,
    /// Nothing is pruned (`spec.preserveUnknownFields`, which only old definitions have).
    pub preserve: bool,
}

/// The scale subresource of a version.
#[derive(Debug)]
pub struct Scale {
    /// The paths in parts.
    pub paths: ScalePaths,
    /// The paths as the definition has them, for messages: spec, status, selector (empty if there is none).
    pub texts: [Text; 3],
}

impl Definition {
    /// Reads a definition.
    pub fn read(object: &Value) -> Definition {
        let names = object.at(["status", "acceptedNames"]).cloned().unwrap_or_default();
        let text = |field: &str| Text::from(names.str_at([field]));
        let preserve = object.at(["spec", "preserveUnknownFields"]).and_then(Value::as_bool).unwrap_or(false);
        let mut definition = Definition {
            group: object.str_at(["spec", "group"]).into(),
            plural: text("plural"),
            singular: text("singular"),
            kind: text("kind"),
            list_kind: text("listKind"),
            short_names: texts(&names, "shortNames"),
            categories: texts(&names, "categories"),
            namespaced: object.str_at(["spec", "scope"]) == "Namespaced",
            established: is_true(object, "Established"),
            terminating: is_true(object, "Terminating"),
            versions: Vec::new(),
            webhook: object.at(["spec", "conversion"]).and_then(Webhook::read),
        };
        let versions = object.items_at(["spec", "versions"]);
        definition.versions = versions.iter().map(|version| Version::read(version, preserve)).collect();
        definition.warn_of_deprecated();
        definition
    }

    /// Deprecated versions without words of their own point to the newest stable one that is served.
    fn warn_of_deprecated(&mut self) {
        let mut better: Vec<Text> = self
            .versions
            .iter()
            .filter(|one| one.served && one.deprecation.is_empty())
            .map(|one| one.name.clone())
            .collect();
        better.sort_by(|a, b| crate::version_order::compare(a, b));
        let (group, kind) = (&self.group, &self.kind);
        for version in &mut self.versions {
            if version.deprecation != Version::UNSAID {
                continue;
            }
            let mut text = format!("{group}/{} {kind} is deprecated", version.name);
            let newer = better.first().filter(|name| is_better(name, &version.name));
            if let Some(newer) = newer {
                text.push_str(&format!("; use {group}/{newer} {kind}"));
            }
            version.deprecation = text.into();
        }
    }
}

/// Whether users of a deprecated version are pointed to `other`: it is at least as stable.
fn is_better(other: &str, version: &str) -> bool {
    crate::version_order::compare(other, version).is_lt()
}

impl Version {
    /// Deprecated, without words of its own.
    const UNSAID: &'static str = "\u{0}";

    fn read(version: &Value, preserve: bool) -> Version {
        let flag = |field: &str| version.get(field).and_then(Value::as_bool).unwrap_or(false);
        let deprecation = match version.get("deprecationWarning").and_then(Value::as_str) {
            _ if !flag("deprecated") => "",
            Some(text) => text,
            None => Version::UNSAID,
        };
        Version {
            name: version.str_at(["name"]).into(),
            served: flag("served"),
            storage: flag("storage"),
            deprecation: deprecation.into(),
            schema: version.at(["schema", "openAPIV3Schema"]).cloned().unwrap_or_else(Value::object),
            status: version.at(["subresources", "status"]).is_some_and(|status| !status.is_null()),
            scale: version.at(["subresources", "scale"]).filter(|scale| !scale.is_null()).map(Scale::read),
            columns: Columns::custom(version.items_at(["additionalPrinterColumns"])),
            selectable_fields: version.items_at(["selectableFields"]).iter().map(selectable).collect(),
            preserve,
        }
    }
}

impl Scale {
    fn read(scale: &Value) -> Scale {
        let text = |field: &str| Text::from(scale.str_at([field]));
        let texts = ["specReplicasPath", "statusReplicasPath", "labelSelectorPath"].map(text);
        let [spec, status, selector] = &texts;
        let paths = ScalePaths {
            spec_replicas: parts(spec),
            status_replicas: parts(status),
            selector: parts(selector),
        };
        Scale { paths, texts }
    }
}

fn selectable(field: &Value) -> SelectableField {
    let path = field.str_at(["jsonPath"]);
    SelectableField {
        name: path.trim_start_matches('.').into(),
        paths: vec![parts(path)],
        default: Text::default(),
    }
}

/// The parts of a simple path such as `.spec.replicas`.
fn parts(path: &str) -> Vec<Text> {
    path.split('.').filter(|part| !part.is_empty()).map(Text::from).collect()
}

fn texts(value: &Value, field: &str) -> Vec<Text> {
    value.items_at([field]).iter().filter_map(Value::as_str).map(Text::from).collect()
}
