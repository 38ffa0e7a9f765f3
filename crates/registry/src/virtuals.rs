//! What is posted but not stored: reviews, bindings, evictions, tokens. Each is carried out by a [`Creator`].

use std::sync::Arc;

use object::Value;
use schema::OwnedType;
use status::{Result, Status};

use crate::create::check_namespace;
use crate::decode::{Expected, decode};
use crate::registry::Registry;
use crate::{
    Attributes, Body, BoxFuture, ObjectBytes, Operation, Request, Response, Subresource, Warnings,
    WriteOptions, metadata, ownership,
};

/// Carries out what a posted object asks for.
pub trait Creator: Send + Sync {
    /// Fills in what the version's defaults say.
    fn default(&self, _object: &mut Value) {}

    /// Answers the object that is sent back (a `Status` object too), in the version it came in.
    fn create<'a>(
        &'a self,
        registry: &'a Registry,
        request: &'a Request,
        object: Value,
        options: &'a WriteOptions,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<Value>>;
}

impl Registry {
    /// Computes the answer to an object of a virtual resource.
    pub(crate) async fn compute(
        &self,
        request: &Request,
        mut object: Value,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let creator = self.creator_of(request)?;
        creator.default(&mut object);
        ownership::update(request, options, &self.now(), None, &mut object);
        self.carry_out(&*creator, request, &request.resource.ty, object, options, warnings).await
    }

    /// Posts to a subresource such as `pods/binding`.
    pub(crate) async fn create_through(
        &self,
        request: &Request,
        subresource: &Subresource,
        body: &Body,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let ty = subresource.ty.as_ref().ok_or_else(Status::method_not_allowed)?;
        let creator = self.creator_of(request)?;
        let (group, version, kind) = &subresource.kind;
        let expected = Expected { group, version, kind, ty, resource: &request.resource };
        let resources = self.resources();
        let mut object = decode(body, &expected, &resources, options.field_validation, warnings)?;
        check_namespace(request, &mut object)?;
        creator.default(&mut object);
        ownership::posted(request, subresource, options, &self.now(), &mut object);
        self.carry_out(&*creator, request, ty, object, options, warnings).await
    }

    fn creator_of(&self, request: &Request) -> Result<Arc<dyn Creator>> {
        let subresource = request.subresource.as_ref().map_or("", |subresource| subresource.name.as_str());
        self.creator(&request.resource.group, &request.resource.resource, subresource)
            .ok_or_else(Status::no_such_resource)
    }

    async fn carry_out(
        &self,
        creator: &dyn Creator,
        request: &Request,
        ty: &OwnedType,
        mut object: Value,
        options: &WriteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let name = if request.name.is_empty() { metadata::name(&object) } else { &request.name }.to_owned();
        let attributes = Attributes {
            request,
            operation: Operation::Create,
            name: &name,
            dry_run: options.dry_run,
            lookup: self,
        };
        self.admission().mutate(&attributes, &mut object, None, warnings).await?;
        self.admission().validate(&attributes, Some(&object), None, warnings).await?;
        let answer = creator.create(self, request, object, options, warnings).await?;
        let mut json = Vec::with_capacity(512);
        if answer.str_at(["kind"]) == "Status" {
            object::json::write(&mut json, &answer);
        } else {
            schema::encode(ty.get(), &answer, &mut json);
        }
        let object = ObjectBytes { json: json.into(), resource: request.resource.clone() };
        Ok(Response::Object { code: 201, object })
    }
}
