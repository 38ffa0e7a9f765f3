//! Field ownership of a write: who the manager is, and what `patch::apply` is told of the kind's versions.

use std::borrow::Cow;

use object::{Text, Value};
use patch::apply::{self, Set, Versions};
use schema::TypeRef;
use status::Result;

use crate::{Request, Resource, SubresourceAction, WriteOptions};

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
        (api_version == self.api_version).then(|| self.resource.ty.get())
    }

    fn convert<'o>(&self, object: &'o Value, _from: &str, to: &str) -> Option<Cow<'o, Value>> {
        (to == self.api_version).then_some(Cow::Borrowed(object))
    }

    fn reset_fields(&self, _api_version: &str) -> Option<&Set> {
        Some(&self.reset)
    }
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
