//! The scale subresource: an `autoscaling/v1` Scale made of an object's fields, and written back into them.

use std::sync::Arc;

use bytes::Bytes;
use object::{Text, Value};
use schema::OwnedType;
use status::{FieldError, Path, Result, Status};

use crate::commit::in_version;
use crate::create::check_namespace;
use crate::decode::{Configuration, Expected, decode};
use crate::patching::Edit;
use crate::registry::{Registry, not_found};
use crate::update::{Change, Creates, check_name};
use crate::{
    Body, ObjectBytes, PatchType, Request, Response, ScalePaths, Warnings, WriteOptions, metadata, ownership,
};

impl Registry {
    /// The Scale of an object.
    pub(crate) fn get_scale(
        &self,
        request: &Request,
        paths: &ScalePaths,
        object: &Arc<cache::Object>,
    ) -> Result<Response> {
        let object = in_version(&request.resource, object.json())?;
        let parent = object::json::parse(&object.json).map_err(Status::internal)?;
        Ok(Response::Object { code: 200, object: show(request, paths, &parent)? })
    }

    /// Writes the replicas of a Scale into the object.
    pub(crate) async fn update_scale(
        &self,
        request: &Request,
        paths: &ScalePaths,
        body: &Body,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let ty = scale_type(request)?;
        let expected =
            Expected { group: "autoscaling", version: "v1", kind: "Scale", ty, resource: &request.resource };
        let resources = self.resources();
        let mut scale = decode(body, &expected, &resources, options.field_validation, warnings)?;
        check_name(request, &scale)?;
        check_namespace(request, &mut scale)?;
        let change = WriteScale { request, options, paths, source: Source::Put(scale) };
        self.write_scale(request, &change, options, warnings).await
    }

    /// Patches the Scale of an object, or applies a configuration to it.
    pub(crate) async fn patch_scale(
        &self,
        request: &Request,
        paths: &ScalePaths,
        patch_type: PatchType,
        body: &Body,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let source = match patch_type {
            PatchType::Apply => Source::Apply(Configuration::read(body)?),
            _ => Source::Edit(Edit { options, patch_type, patch: body.bytes.clone() }),
        };
        let change = WriteScale { request, options, paths, source };
        self.write_scale(request, &change, options, warnings).await
    }

    async fn write_scale(
        &self,
        request: &Request,
        change: &WriteScale<'_>,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let Response::Object { code, object } = self.write(request, change, options, warnings).await? else {
            return Err(Status::internal("an object was expected"));
        };
        let parent = object::json::parse(&object.json).map_err(Status::internal)?;
        Ok(Response::Object { code, object: show(request, change.paths, &parent)? })
    }
}

/// Where a new Scale comes from.
enum Source<'a> {
    Put(Value),
    Edit(Edit<'a>),
    Apply(Configuration),
}

/// A write through the scale subresource.
struct WriteScale<'a> {
    request: &'a Request,
    options: &'a WriteOptions,
    paths: &'a ScalePaths,
    source: Source<'a>,
}

impl Change for WriteScale<'_> {
    fn apply(&self, old: Option<&Value>, now: &str, warnings: &mut Warnings) -> Result<Value> {
        let old = old.ok_or_else(|| not_found(self.request))?;
        let ty = scale_type(self.request)?.get();
        let mut live = to_scale(self.paths, old);
        let owned = ownership::Scale::new(self.request, self.options, self.paths, ty, now);
        owned.read(old, &mut live);
        let scale = match &self.source {
            Source::Apply(configuration) => {
                let scale = owned.apply(&live, configuration.object.clone(), self.options.force)?;
                configuration.report(self.options.field_validation, warnings)?;
                scale
            }
            Source::Put(scale) => owned.update(&live, scale.clone()),
            Source::Edit(edit) => owned.update(&live, edit.apply(ty, None, &live, warnings)?),
        };
        check_name(self.request, &scale)?;
        let mut parent = old.clone();
        write_replicas(self.request, self.paths, &scale, &mut parent)?;
        owned.write(old, &scale, &mut parent);
        Ok(parent)
    }

    fn creates(&self) -> Creates {
        Creates::Never
    }

    fn checks_uid(&self) -> bool {
        true
    }
}

/// Validates a Scale and writes what it says into its parent.
pub(crate) fn write_replicas(
    request: &Request,
    paths: &ScalePaths,
    scale: &Value,
    parent: &mut Value,
) -> Result<()> {
    let replicas = scale.at(["spec", "replicas"]).and_then(Value::as_i64).unwrap_or(0);
    // Of a custom resource the object's own rules say so.
    if replicas < 0 && !request.resource.custom {
        let spec = Path::new("spec");
        let error =
            FieldError::invalid(&spec.child("replicas"), replicas, "must be greater than or equal to 0");
        return Err(Status::invalid("autoscaling", "Scale", &request.name, &[error]));
    }
    let version = metadata::text(scale, "resourceVersion");
    if !(version.is_empty() && request.resource.custom) {
        metadata::set(parent, "resourceVersion", Some(version.into()));
    }
    let uid = metadata::uid(scale);
    if !uid.is_empty() {
        metadata::set(parent, "uid", Some(uid.into()));
    }
    set(parent, &paths.spec_replicas, Value::Int(replicas));
    Ok(())
}

fn set(object: &mut Value, path: &[Text], value: Value) {
    let Some((last, parents)) = path.split_last() else { return };
    let mut parent = object;
    for key in parents {
        parent = parent.make_object().get_or_insert_with(key, Value::object);
    }
    parent.set(last.clone(), value);
}

/// The Scale of `parent`.
pub(crate) fn to_scale(paths: &ScalePaths, parent: &Value) -> Value {
    let number =
        |path: &[Text]| parent.at(path.iter().map(Text::as_str)).and_then(Value::as_i64).unwrap_or(0);
    let mut scale = Value::object();
    scale.set("kind", "Scale");
    scale.set("apiVersion", "autoscaling/v1");
    for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
        if let Some(value) = parent.at(["metadata", field]) {
            metadata::set(&mut scale, field, Some(value.clone()));
        }
    }
    let spec = number(&paths.spec_replicas);
    scale.object_at("spec");
    if spec != 0 {
        scale.object_at("spec").insert("replicas", spec);
    }
    scale.object_at("status").insert("replicas", number(&paths.status_replicas));
    let selector = selector_text(parent.at(paths.selector.iter().map(Text::as_str)));
    if !selector.is_empty() {
        scale.object_at("status").insert("selector", selector);
    }
    scale
}

/// A selector as text: as it is, of matchLabels and matchExpressions, or of a plain map of labels. Empty if there is
/// none, or no valid one.
pub fn selector_text(selector: Option<&Value>) -> String {
    match selector {
        Some(Value::String(text)) => text.to_string(),
        Some(Value::Object(map)) => {
            let structured = map.contains("matchLabels") || map.contains("matchExpressions");
            let labels =
                if structured { map.get("matchLabels").and_then(Value::as_object) } else { Some(map) };
            let labels = labels.into_iter().flat_map(|labels| labels.iter());
            let labels = labels.filter_map(|(key, value)| Some((key, value.as_str()?)));
            let expressions = selector.map_or(&[][..], |of| of.items_at(["matchExpressions"]));
            let expressions = expressions.iter().map(|one| meta::selector::MatchExpression {
                key: one.str_at(["key"]),
                operator: one.str_at(["operator"]),
                values: one.items_at(["values"]).iter().filter_map(Value::as_str).collect(),
            });
            meta::LabelSelector::from_parts(labels, expressions)
                .map_or_else(|_| String::new(), |of| of.to_string())
        }
        _ => String::new(),
    }
}

fn scale_type(request: &Request) -> Result<&OwnedType> {
    request
        .subresource
        .as_ref()
        .and_then(|subresource| subresource.ty.as_ref())
        .ok_or_else(Status::no_such_resource)
}

/// The Scale of `parent` as it is sent. Fails with 500 if a custom resource does not say how many replicas it wants.
fn show(request: &Request, paths: &ScalePaths, parent: &Value) -> Result<ObjectBytes> {
    let wanted = parent.at(paths.spec_replicas.iter().map(Text::as_str)).and_then(Value::as_i64);
    if request.resource.custom && wanted.is_none() {
        let path = format!(".{}", paths.spec_replicas.join("."));
        let path = status::go_quote(&path);
        return Err(Status::internal(format_args!("the spec replicas field {path} does not exist")));
    }
    encode(request, &to_scale(paths, parent))
}

/// A Scale as it is sent.
pub(crate) fn encode(request: &Request, scale: &Value) -> Result<ObjectBytes> {
    let mut json = Vec::with_capacity(256);
    schema::encode(scale_type(request)?.get(), scale, &mut json);
    Ok(ObjectBytes { json: Bytes::from(json), resource: request.resource.clone() })
}
