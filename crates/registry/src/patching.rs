//! PATCH in its forms. The body is read once; what it says is done to the object as often as it takes.

use bytes::Bytes;
use object::{Value, json};
use patch::Patched;
use schema::TypeRef;
use status::{Result, Status};

use crate::create::check_namespace;
use crate::decode::{Configuration, kind_missing, report, type_texts};
use crate::registry::{Registry, not_found};
use crate::update::{Change, Creates, check_name};
use crate::{
    Body, CustomVersion, FieldValidation, PatchType, Request, Response, SubresourceAction, Warnings,
    WriteOptions, ownership,
};

/// A server-side apply.
struct Apply<'a> {
    request: &'a Request,
    options: &'a WriteOptions,
    configuration: Configuration,
}

impl Change for Apply<'_> {
    fn apply(&self, old: Option<&Value>, now: &str, warnings: &mut Warnings) -> Result<Value> {
        let resource = &self.request.resource;
        let applied = self.configuration.object.clone();
        let mut object = ownership::apply(self.request, self.options, now, old, applied)?;
        self.configuration.report(self.options.field_validation, warnings)?;
        check_name(self.request, &object)?;
        check_namespace(self.request, &mut object)?;
        match resource.custom_version() {
            None => schema::normalise(resource.ty.get(), &mut object),
            Some(version) => {
                version.admit(&mut object).map_err(Status::internal)?;
            }
        }
        resource.strategy.default(&mut object);
        Ok(object)
    }

    fn creates(&self) -> Creates {
        Creates::Always
    }
}

/// A patch other than an apply.
pub(crate) struct Edit<'a> {
    pub(crate) options: &'a WriteOptions,
    pub(crate) patch_type: PatchType,
    pub(crate) patch: Bytes,
}

impl Edit<'_> {
    /// The object of type `ty` (or of a custom resource's `version`) that the patch makes of `old`, normalised. What strict decoding finds becomes warnings
    /// or a 422.
    pub(crate) fn apply(
        &self,
        ty: TypeRef<'_>,
        version: Option<&dyn CustomVersion>,
        old: &Value,
        warnings: &mut Warnings,
    ) -> Result<Value> {
        let strict = self.options.field_validation != FieldValidation::Ignore;
        if let Some(version) = version {
            return self.apply_custom(version, old, strict, warnings);
        }
        let (object, reports, shown) = if self.patch_type == PatchType::Strategic {
            let merged = patch::strategic_merge_patch(ty, old, &self.patch, strict)?;
            (merged.object, merged.reports, merged.patch)
        } else {
            let mut target = Vec::with_capacity(1024);
            schema::encode(ty, old, &mut target);
            decode_patched(ty, self.patched(&target, strict)?, old)?
        };
        report(reports, self.options.field_validation, warnings)
            .map_err(|error| patch::refuse(&shown, error))?;
        Ok(object)
    }

    fn apply_custom(
        &self,
        version: &dyn CustomVersion,
        old: &Value,
        strict: bool,
        warnings: &mut Warnings,
    ) -> Result<Value> {
        let (object, reports, shown) = decode_custom(version, self.patched(&json::to_vec(old), strict)?)?;
        report(reports, self.options.field_validation, warnings)
            .map_err(|error| patch::refuse(&shown, error))?;
        Ok(object)
    }

    /// What a JSON patch or merge patch makes of a document.
    fn patched(&self, target: &[u8], strict: bool) -> Result<Patched> {
        match self.patch_type {
            PatchType::Json => patch::json_patch(target, &self.patch, strict),
            _ => patch::merge_patch(target, &self.patch, strict),
        }
    }
}

/// As [`decode_patched`], of an object of a custom resource.
fn decode_custom(version: &dyn CustomVersion, patched: Patched) -> Result<(Value, Vec<String>, String)> {
    let Patched { json, mut reports } = patched;
    let shown = String::from_utf8_lossy(&json).into_owned();
    let mut object = json::parse(&json).map_err(|error| patch::refuse(&shown, error.to_string()))?;
    if object.str_at(["kind"]).is_empty() {
        return Err(patch::refuse(&shown, kind_missing(&json)));
    }
    let unknown = version.admit(&mut object).map_err(|error| patch::refuse(&shown, error))?;
    reports.extend(unknown.iter().map(|path| format!("unknown field {}", status::go_quote(path))));
    Ok((object, reports, shown))
}

/// The object in patched JSON, what strict decoding reports, and the JSON as messages show it.
fn decode_patched(ty: TypeRef<'_>, patched: Patched, old: &Value) -> Result<(Value, Vec<String>, String)> {
    let Patched { json, mut reports } = patched;
    let shown = String::from_utf8_lossy(&json).into_owned();
    let (mut value, notices) =
        json::parse_with_notices(&json).map_err(|error| patch::refuse(&shown, error.to_string()))?;
    let cleared = ownership::clears(&value);
    let given = given_type(ty, &mut value, old, &shown)?;
    let (mut object, unknown) = schema::decode_with_notices(given.unwrap_or(ty), value, &json, &notices)
        .map_err(|error| patch::refuse(&shown, error))?;
    if given.is_some() {
        return Err(patch::refuse(&shown, no_conversion(&object, old)));
    }
    if cleared {
        ownership::clear(&mut object);
    }
    reports.extend(unknown);
    Ok((object, reports, shown))
}

/// An object that lost its kind or version keeps the one it had. The type it says to be of, if that is another.
fn given_type<'t>(
    ty: TypeRef<'t>,
    value: &mut Value,
    old: &Value,
    shown: &str,
) -> Result<Option<TypeRef<'t>>> {
    let [version, kind] = type_texts(value).map_err(|error| {
        patch::refuse(shown, format!("couldn't get version/kind; json parse error: {error}"))
    })?;
    if value.is_null() {
        return Ok(None);
    }
    let texts = [("apiVersion", version.to_owned()), ("kind", kind.to_owned())];
    for (field, text) in &texts {
        if text.is_empty()
            && let Some(known) = old.get(field)
        {
            value.set(*field, known.clone());
        }
    }
    let (version, kind) = (value.str_at(["apiVersion"]), value.str_at(["kind"]));
    if kind == old.str_at(["kind"]) && version == old.str_at(["apiVersion"]) {
        return Ok(None);
    }
    let known = meta::GroupVersion::parse(version)
        .ok()
        .and_then(|parsed| ty.schema.of_kind(&parsed.group, &parsed.version, kind));
    known.map(Some).ok_or_else(|| {
        let why = format!(
            "no kind {} is registered for version {} in scheme \"pkg/api/legacyscheme/scheme.go:30\"",
            status::go_quote(kind),
            status::go_quote(version)
        );
        patch::refuse(shown, why)
    })
}

/// What is wrong with an object that became one of another kind.
fn no_conversion(object: &Value, old: &Value) -> String {
    let named = |object: &Value| {
        let version = object.str_at(["apiVersion"]);
        format!("{}.{}", version.rsplit('/').next().unwrap_or_default(), object.str_at(["kind"]))
    };
    format!("converting ({}) to ({}): unknown conversion", named(object), named(old))
}

/// A patch of an object itself.
struct EditObject<'a> {
    request: &'a Request,
    edit: Edit<'a>,
}

impl Change for EditObject<'_> {
    fn apply(&self, old: Option<&Value>, now: &str, warnings: &mut Warnings) -> Result<Value> {
        let old = old.ok_or_else(|| not_found(self.request))?;
        let resource = &self.request.resource;
        let mut object = self.edit.apply(resource.ty.get(), resource.custom_version(), old, warnings)?;
        check_name(self.request, &object)?;
        check_namespace(self.request, &mut object)?;
        resource.strategy.default(&mut object);
        ownership::update(self.request, self.edit.options, now, Some(old), &mut object);
        Ok(object)
    }

    fn creates(&self) -> Creates {
        Creates::Never
    }
}

impl Registry {
    /// Patches the object, or applies a configuration to it.
    pub async fn patch(
        &self,
        request: &Request,
        patch_type: PatchType,
        body: &Body,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        if let Some(SubresourceAction::Scale(paths)) = request.subresource.as_ref().map(|sub| &sub.action) {
            return self.patch_scale(request, paths, patch_type, body, options, warnings).await;
        }
        if patch_type == PatchType::Apply {
            let configuration = Configuration::read(body)?;
            let change = Apply { request, options, configuration };
            return self.write(request, &change, options, warnings).await;
        }
        if patch_type == PatchType::Strategic && request.resource.custom {
            return Err(Status::unsupported_media_type(&[
                "application/json-patch+json",
                "application/merge-patch+json",
                "application/apply-patch+yaml",
            ]));
        }
        let change = EditObject { request, edit: Edit { options, patch_type, patch: body.bytes.clone() } };
        self.write(request, &change, options, warnings).await
    }
}
