//! Field ownership of a write: who the manager is, and what `patch::apply` is told of the kind's versions.

use std::borrow::Cow;

use object::{Text, Value};
use patch::apply::{self, ScaleMapping, Set, SingleVersion, Versions};
use schema::{Scalar, Shape, TypeRef};
use status::Result;

use crate::{Conversion, Request, Resource, ScalePaths, Subresource, SubresourceAction, WriteOptions};

/// The version of the request's resource, which its objects are in while ownership is tracked.
struct OneVersion<'a> {
    resource: &'a Resource,
    api_version: String,
    reset: Set,
}

impl<'a> OneVersion<'a> {
    fn of(request: &'a Request) -> OneVersion<'a> {
        let resource = &request.resource;
        let strategy = match request.subresource.as_ref().map(|subresource| &subresource.action) {
            Some(SubresourceAction::Object(strategy)) => strategy,
            _ => &resource.strategy,
        };
        let paths = strategy.reset_fields().iter().map(|path| path.split('.').collect::<Vec<_>>());
        OneVersion { resource, api_version: resource.api_version(), reset: Set::of_fields(paths) }
    }
}

impl Versions for OneVersion<'_> {
    fn ty(&self, api_version: &str) -> Option<TypeRef<'_>> {
        if api_version == self.api_version {
            return Some(self.resource.ty.get());
        }
        if let Some(version) = self.resource.custom_version() {
            return version.type_of(api_version);
        }
        let parsed = meta::GroupVersion::parse(api_version).ok()?;
        self.resource.ty.get().schema.of_kind(&parsed.group, &parsed.version, &self.resource.kind)
    }

    fn convert<'o>(&self, object: &'o Value, from: &str, to: &str) -> Option<Cow<'o, Value>> {
        if to == self.api_version && from == self.api_version {
            return Some(Cow::Borrowed(object));
        }
        match &self.resource.conversion {
            Conversion::Custom(version) => version.convert(object, to).map(Cow::Owned),
            Conversion::Functions { to_stored, from_stored } => {
                let convert = if to == self.api_version { from_stored } else { to_stored };
                Some(Cow::Owned(convert(object.clone())))
            }
            // What the versions of a built-in kind share has the same path in all of them, and ownership is of paths.
            Conversion::Stored => Some(Cow::Borrowed(object)),
        }
    }

    fn reset_fields(&self, _api_version: &str) -> Option<&Set> {
        Some(&self.reset)
    }

    fn accept(&self, merged: &Value) -> std::result::Result<(), String> {
        if self.resource.custom {
            return Ok(());
        }
        fractions(self.resource.ty.get(), merged).map_err(|why| {
            let slash = if self.resource.group.is_empty() { "/" } else { "" };
            let (version, kind) = (&self.api_version, &self.resource.kind);
            format!("unable to convert unstructured object to {slash}{version}, Kind={kind}: {why}")
        })
    }
}

/// Fails for a number with a fraction where the type has whole ones.
fn fractions(ty: TypeRef<'_>, value: &Value) -> std::result::Result<(), String> {
    match (ty.shape(), value) {
        (Shape::Struct(_), Value::Object(map)) => map
            .iter()
            .filter_map(|(name, value)| Some((ty.child(name)?, value)))
            .try_for_each(|(ty, value)| fractions(ty, value)),
        (Shape::List(list), Value::Array(items)) => {
            items.iter().try_for_each(|item| fractions(ty.schema.get(list.items), item))
        }
        (Shape::Map(map), Value::Object(entries)) => {
            entries.iter().try_for_each(|(_, entry)| fractions(ty.schema.get(map.values), entry))
        }
        (Shape::Scalar(Scalar::Int32), Value::Float(number)) if number.fract() != 0.0 => {
            Err("cannot convert float64 to int32".to_owned())
        }
        (Shape::Scalar(Scalar::Int64), Value::Float(number)) if number.fract() != 0.0 => {
            Err("cannot convert float64 to int64".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether what a client sent clears the managed fields by an empty list, which no decoded object has.
pub(crate) fn clears(sent: &Value) -> bool {
    sent.at(["metadata", "managedFields"]).and_then(Value::as_array).is_some_and(Vec::is_empty)
}

/// Makes a decoded object clear the managed fields.
pub(crate) fn clear(object: &mut Value) {
    crate::metadata::set(object, "managedFields", Some(Vec::<Value>::new().into()));
}

/// The name that a request's writes are recorded under.
fn manager(request: &Request, options: &WriteOptions) -> Text {
    if options.field_manager.is_empty() {
        apply::manager_from_user_agent(&request.user_agent)
    } else {
        options.field_manager.clone()
    }
}

fn subresource(request: &Request) -> Text {
    request.subresource.as_ref().map_or(Text::default(), |subresource| subresource.name.clone())
}

/// Records a create or an update in `new`'s managed fields.
pub(crate) fn update(
    request: &Request,
    options: &WriteOptions,
    now: &str,
    live: Option<&Value>,
    new: &mut Value,
) {
    let versions = OneVersion::of(request);
    let context = apply::Context {
        versions: &versions,
        api_version: &versions.api_version,
        kind: &request.resource.kind,
        manager: &manager(request, options),
        subresource: &subresource(request),
        now,
    };
    apply::update(&context, live, new);
}

/// Records who posted `new` to a subresource that takes another kind than its parent.
pub(crate) fn posted(
    request: &Request,
    subresource: &Subresource,
    options: &WriteOptions,
    now: &str,
    new: &mut Value,
) {
    let (Some(ty), (group, version, kind)) = (&subresource.ty, &subresource.kind) else { return };
    let api_version = if group.is_empty() { version.to_string() } else { format!("{group}/{version}") };
    let versions = SingleVersion { api_version: &api_version, ty: ty.get(), reset_fields: Set::new() };
    let context = apply::Context {
        versions: &versions,
        api_version: &api_version,
        kind,
        manager: &manager(request, options),
        subresource: &subresource.name,
        now,
    };
    apply::update(&context, None, new);
}

/// Applies a configuration to the live object.
pub(crate) fn apply(
    request: &Request,
    options: &WriteOptions,
    now: &str,
    live: Option<&Value>,
    applied: Value,
) -> Result<Value> {
    let versions = OneVersion::of(request);
    let context = apply::Context {
        versions: &versions,
        api_version: &versions.api_version,
        kind: &request.resource.kind,
        manager: &manager(request, options),
        subresource: &subresource(request),
        now,
    };
    apply::apply(&context, live, applied, options.force)
}

/// The version of a Scale.
struct ScaleVersion<'a> {
    scale: SingleVersion<'a>,
    /// It is that of a custom resource, which the original can't apply.
    custom: bool,
}

impl Versions for ScaleVersion<'_> {
    fn ty(&self, api_version: &str) -> Option<TypeRef<'_>> {
        self.scale.ty(api_version)
    }

    fn convert<'o>(&self, object: &'o Value, from: &str, to: &str) -> Option<Cow<'o, Value>> {
        self.scale.convert(object, from, to)
    }

    fn accept(&self, _merged: &Value) -> std::result::Result<(), String> {
        if self.custom {
            let version = apply::SCALE_VERSION;
            return Err(format!("request to convert CR to an invalid group/version: {version}"));
        }
        Ok(())
    }
}

/// Ownership of the replicas as writers of a Scale see it: its entries are the parent's in other words.
pub(crate) struct Scale<'a> {
    versions: ScaleVersion<'a>,
    manager: Text,
    now: &'a str,
    parent_version: String,
    path: Vec<&'a str>,
}

impl<'a> Scale<'a> {
    pub(crate) fn new(
        request: &Request,
        options: &WriteOptions,
        paths: &'a ScalePaths,
        ty: TypeRef<'a>,
        now: &'a str,
    ) -> Scale<'a> {
        Scale {
            versions: ScaleVersion {
                scale: SingleVersion { api_version: apply::SCALE_VERSION, ty, reset_fields: Set::new() },
                custom: request.resource.custom,
            },
            manager: manager(request, options),
            now,
            parent_version: request.resource.api_version(),
            path: paths.spec_replicas.iter().map(Text::as_str).collect(),
        }
    }

    fn context(&self) -> apply::Context<'_> {
        apply::Context {
            versions: &self.versions,
            api_version: apply::SCALE_VERSION,
            kind: "Scale",
            manager: &self.manager,
            subresource: "scale",
            now: self.now,
        }
    }

    fn entries(object: &Value) -> Vec<apply::Entry> {
        object.at(["metadata", "managedFields"]).and_then(|of| apply::decode(of).ok()).unwrap_or_default()
    }

    fn put(object: &mut Value, entries: Vec<apply::Entry>) {
        let entries = (!entries.is_empty()).then(|| apply::encode(entries));
        crate::metadata::set(object, "managedFields", entries);
    }

    /// Gives a Scale the entries that follow from its parent's.
    pub(crate) fn read(&self, parent: &Value, scale: &mut Value) {
        let versions = [(self.parent_version.as_str(), Some(self.path.clone()))];
        let mapping = ScaleMapping { versions: &versions };
        Self::put(scale, mapping.to_scale(&Self::entries(parent)));
    }

    /// Records an update of the Scale.
    pub(crate) fn update(&self, live: &Value, mut scale: Value) -> Value {
        apply::update(&self.context(), Some(live), &mut scale);
        scale
    }

    /// Applies a configuration to the Scale.
    pub(crate) fn apply(&self, live: &Value, configuration: Value, force: bool) -> Result<Value> {
        apply::apply(&self.context(), Some(live), configuration, force)
    }

    /// Writes the entries of a Scale into its parent's.
    pub(crate) fn write(&self, old: &Value, scale: &Value, parent: &mut Value) {
        let versions = [(self.parent_version.as_str(), Some(self.path.clone()))];
        let mapping = ScaleMapping { versions: &versions };
        Self::put(parent, mapping.to_parent(&Self::entries(old), Self::entries(scale), &self.parent_version));
    }
}
