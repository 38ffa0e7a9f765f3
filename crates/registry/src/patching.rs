//! PATCH in its forms. The body is read once; what it says is done to the object as often as it takes.

use object::Value;
use status::{Result, Status};

use crate::decode::parse_apply;
use crate::registry::Registry;
use crate::update::{Change, Creates, check_name};
use crate::{Body, PatchType, Request, Response, Warnings, WriteOptions, metadata, ownership};

/// A server-side apply.
struct Apply<'a> {
    request: &'a Request,
    options: &'a WriteOptions,
    configuration: Value,
}

impl Change for Apply<'_> {
    fn apply(&self, old: Option<&Value>, now: &str, _warnings: &mut Warnings) -> Result<Value> {
        let resource = &self.request.resource;
        let mut object = ownership::apply(self.request, self.options, now, old, self.configuration.clone())?;
        metadata::set(&mut object, "name", Some(self.request.name.clone().into()));
        if resource.namespaced {
            metadata::set(&mut object, "namespace", Some(self.request.namespace.clone().into()));
        }
        schema::normalise(resource.ty.get(), &mut object);
        resource.strategy.default(&mut object);
        Ok(object)
    }

    fn creates(&self) -> Creates {
        Creates::Always
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
        match patch_type {
            PatchType::Apply => {
                let configuration = parse_apply(body, options, warnings)?;
                let named = metadata::name(&configuration);
                if !named.is_empty() {
                    check_name(request, &configuration)?;
                }
                let change = Apply { request, options, configuration };
                self.write(request, &change, options, warnings).await
            }
            PatchType::Json | PatchType::Merge | PatchType::Strategic => {
                Err(Status::unsupported_media_type(&["application/apply-patch+yaml"]))
            }
        }
    }
}
