//! GET: one object, a list, a watch. Stored bytes are handed on as they are.

use std::sync::Arc;

use bytes::Bytes;
use cache::{Cache, Cursor, Selection, Snapshot};
use meta::{FieldSelector, LabelSelector, selector::FieldRequirement};
use status::{FieldError, Path, Result, Status};

use crate::commit::in_version;
use crate::registry::{Registry, not_found};
use crate::token::Continue;
use crate::{
    Conversion, FieldLabels, Item, ListMeta, ListOptions, Request, Resource, Response, SubresourceAction,
};

/// The state that a list names by its revision is gone: what the client is told.
const EXPIRED: &str = "The resourceVersion for the provided list is too old.";
/// The oldest page that a continue token still names is gone: what the client is told.
const INCONSISTENT: &str = "The provided continue parameter is too old to display a consistent list result. You can \
     start a new list without the continue parameter, or use the continue token in this response to retrieve the \
     remainder of the results. Continuing with the provided token results in an inconsistent list - objects that \
     were created, modified, or deleted between the time the first chunk was returned and now may show up in the \
     list.";

impl Registry {
    /// The object that the request names, no older than `resource_version` (empty: as of now, `0`: whatever there is).
    pub async fn get(&self, request: &Request, resource_version: &str) -> Result<Response> {
        let cache = self.cache(&request.resource)?;
        let version = parse_version(resource_version).map_err(|error| Status::unknown(error.message()))?;
        let snapshot = match version {
            None => cache.current().await?,
            Some(0) => cache.snapshot(),
            Some(version) => cache.not_older_than(version).await?,
        };
        let key = cache.shape().key(&request.namespace, &request.name);
        let object = snapshot.get(&key).ok_or_else(|| not_found(request))?;
        if let Some(SubresourceAction::Scale(paths)) = request.subresource.as_ref().map(|sub| &sub.action) {
            return self.get_scale(request, paths, object);
        }
        Ok(Response::Object { code: 200, object: in_version(&request.resource, object.json())? })
    }

    /// A list, or a page of one.
    pub async fn list(&self, request: &Request, options: &ListOptions) -> Result<Response> {
        let cache = self.cache(&request.resource)?;
        let selection = selection(request, options)?;
        let scope = cache.shape().scope(&request.namespace);
        let start = self.list_start(&cache, &scope, options).await?;
        let limit = usize::try_from(options.limit).unwrap_or(0);
        let limit = if start.whole { 0 } else { limit };
        let page = start.snapshot.list(&selection, &start.after, limit);
        let revision = start.snapshot.revision();
        let continue_token = match &page.last {
            Some(last) => Continue::after(revision, last, &scope).encode(),
            None => String::new(),
        };
        let remaining_item_count = page.remaining.filter(|_| page.last.is_some()).map(|count| count as u64);
        let resource = request.resource.clone();
        if let Some(version) = resource.custom_version() {
            version.read_ahead(&mut page.objects.iter().map(|object| object.json()));
        }
        let item = |object: Arc<cache::Object>| match resource.conversion {
            Conversion::Stored => Ok(Item::Stored(object)),
            _ => in_version(&resource, object.json()).map(|object| Item::Made(object.json)),
        };
        let items = page.objects.into_iter().map(item).collect::<Result<Vec<_>>>()?;
        let meta = ListMeta { resource_version: revision, continue_token, remaining_item_count };
        Ok(Response::List { resource, meta, items })
    }

    /// Which state a list shows, and where in it the list begins.
    async fn list_start(&self, cache: &Arc<Cache>, scope: &str, options: &ListOptions) -> Result<Start> {
        if !options.continue_token.is_empty() {
            let token = Continue::decode(&options.continue_token)?;
            let snapshot = match token.revision {
                None => cache.current().await?,
                Some(revision) => cache.at(revision).await.map_err(|error| match error {
                    cache::Error::TooOld { .. } => {
                        let mut status = Status::expired(INCONSISTENT);
                        status.continue_token = Some(token.without_revision().encode());
                        status
                    }
                    error => error.into(),
                })?,
            };
            return Ok(Start { snapshot, after: token.key(scope), whole: false });
        }
        let version = parse_version(&options.resource_version)
            .map_err(|error| Status::bad_request(format!("invalid resource version: {}", error.message())))?;
        let exact = options.resource_version_match == "Exact";
        let snapshot = match version {
            None => cache.current().await?,
            Some(0) => cache.snapshot(),
            Some(version) if exact || options.limit > 0 && options.resource_version_match.is_empty() => {
                cache.at(version).await.map_err(|error| match error {
                    cache::Error::TooOld { .. } => Status::expired(EXPIRED),
                    error => error.into(),
                })?
            }
            Some(version) => cache.not_older_than(version).await?,
        };
        Ok(Start { snapshot, after: String::new(), whole: version == Some(0) })
    }

    /// A watch: the state it begins with, if it is to be sent, and the events after it.
    pub async fn watch(&self, request: &Request, options: &ListOptions) -> Result<Watch> {
        let cache = self.cache(&request.resource)?;
        let selection = selection(request, options)?;
        let version =
            parse_version(&options.resource_version).map_err(|error| Status::unknown(error.message()))?;
        let state_first = options.send_initial_events.unwrap_or(matches!(version, None | Some(0)));
        let (after, initial) = match version {
            _ if state_first => {
                let snapshot = match version {
                    None | Some(0) => cache.current().await?,
                    Some(version) => cache.not_older_than(version).await?,
                };
                (snapshot.revision(), Some(snapshot))
            }
            None | Some(0) => (cache.current().await?.revision(), None),
            Some(version) => (version, None),
        };
        let cursor = cache.watch(after, selection.clone())?;
        let initial = initial.map_or(Vec::new(), |snapshot| snapshot.list(&selection, "", 0).objects);
        Ok(Watch { resource: request.resource.clone(), initial, revision: after, cursor })
    }
}

/// A watch that has begun.
pub struct Watch {
    /// What is watched.
    pub resource: Arc<Resource>,
    /// The objects that are sent first, as ADDED.
    pub initial: Vec<Arc<cache::Object>>,
    /// The revision of the state that `initial` shows, or the one that the watch goes on from.
    pub revision: u64,
    /// The events after it.
    pub cursor: Cursor,
}

impl Watch {
    /// A stored object of this watch in the version that is watched.
    pub fn in_version(&self, json: Bytes) -> Result<Bytes> {
        in_version(&self.resource, json).map(|object| object.json)
    }
}

struct Start {
    snapshot: Snapshot,
    after: String,
    /// The limit does not count.
    whole: bool,
}

/// A resource version; nothing if it is empty.
fn parse_version(text: &str) -> Result<Option<u64>, FieldError> {
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).map(Some).ok_or_else(|| {
        let why = if digits { "value out of range" } else { "invalid syntax" };
        let detail = format!("strconv.ParseUint: parsing {}: {why}", status::go_quote(text));
        FieldError::invalid(&Path::new("resourceVersion"), text, detail)
    })
}

/// What the request's namespace, name and selectors select.
pub(crate) fn selection(request: &Request, options: &ListOptions) -> Result<Selection> {
    let bad = |error: meta::selector::SelectorError| Status::bad_request(error.to_string());
    let labels = LabelSelector::parse(&options.label_selector).map_err(bad)?;
    let fields = FieldSelector::parse(&options.field_selector).map_err(bad)?;
    // `=` alone asks nothing: the original takes it for a selector that is not there.
    let nothing = |only: &FieldRequirement| only.equal && only.field.is_empty() && only.value.is_empty();
    let fields = match fields.requirements() {
        [only] if nothing(only) => FieldSelector::EVERYTHING,
        _ => fields,
    };
    for requirement in fields.requirements() {
        check_field(&request.resource, &requirement.field)?;
    }
    Ok(Selection { namespace: request.namespace.clone(), labels, fields })
}

/// Refuses a field that the kind does not select by, in the kind's words.
fn check_field(resource: &Resource, field: &str) -> Result<()> {
    let generic = field == "metadata.name"
        || (field == "metadata.namespace"
            && (resource.namespaced || resource.field_labels == FieldLabels::Generic));
    if generic || resource.selectable_fields.iter().any(|known| known.name == field) {
        return Ok(());
    }
    Err(Status::bad_request(match resource.field_labels {
        FieldLabels::Generic => format!(
            "{} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
            status::go_quote(field)
        ),
        FieldLabels::Label => format!("field label not supported: {field}"),
        FieldLabels::Kind => {
            format!("field label {} not supported for {}", status::go_quote(field), resource.kind)
        }
        FieldLabels::Typed => format!(
            "field label not supported for {}, Kind={}: {field}",
            resource.api_version(),
            resource.kind
        ),
    }))
}
