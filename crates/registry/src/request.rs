//! A request as the registry sees it: HTTP is gone, everything is parsed but the body.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object::Text;

use crate::{Resource, Subresource};

/// What a request does to a resource, in the API's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// POST.
    Create,
    /// DELETE of one object.
    Delete,
    /// DELETE of a collection.
    DeleteCollection,
    /// GET of one object.
    Get,
    /// GET of a collection.
    List,
    /// PATCH.
    Patch,
    /// PUT.
    Update,
    /// GET with `watch`.
    Watch,
}

impl Verb {
    /// The verb as authorization and discovery spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Delete => "delete",
            Verb::DeleteCollection => "deletecollection",
            Verb::Get => "get",
            Verb::List => "list",
            Verb::Patch => "patch",
            Verb::Update => "update",
            Verb::Watch => "watch",
        }
    }
}

/// Who asks (`user.Info`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The uid; may be empty.
    pub uid: String,
    /// The groups.
    pub groups: Vec<String>,
    /// Extra attributes.
    pub extra: Vec<(String, Vec<String>)>,
}

/// The media type of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFormat {
    /// `application/json`.
    Json,
    /// `application/yaml`.
    Yaml,
    /// `application/vnd.kubernetes.protobuf`.
    Protobuf,
    /// `application/cbor`.
    Cbor,
}

/// A body, read whole and within limits.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its bytes, decompressed.
    pub bytes: Bytes,
    /// Its media type.
    pub format: BodyFormat,
}

/// The kinds of PATCH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchType {
    /// `application/json-patch+json`.
    Json,
    /// `application/merge-patch+json`.
    Merge,
    /// `application/strategic-merge-patch+json`.
    Strategic,
    /// `application/apply-patch+yaml` (or `+cbor`).
    Apply,
}

/// `fieldValidation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// Unknown and duplicate fields are passed over.
    Ignore,
    /// They are reported as warnings.
    #[default]
    Warn,
    /// They fail the request.
    Strict,
}

/// Options of create, update, patch and apply, validated.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Nothing is persisted.
    pub dry_run: bool,
    /// The name that managed fields are recorded under; empty: from the User-Agent.
    pub field_manager: Text,
    /// What happens to unknown and duplicate fields.
    pub field_validation: FieldValidation,
    /// Apply takes fields over from other managers.
    pub force: bool,
}

/// `resourceVersionMatch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionMatch {
    /// At exactly this version.
    Exact,
    /// At this version or a later one.
    NotOlderThan,
}

/// Options of list, watch and (for `resource_version`) get, as they came; the registry checks their combinations.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// The label selector's text.
    pub label_selector: String,
    /// The field selector's text.
    pub field_selector: String,
    /// The version's text; empty when absent.
    pub resource_version: String,
    /// How the version is meant.
    pub resource_version_match: String,
    /// Page size; 0: everything.
    pub limit: i64,
    /// The token of the next page.
    pub continue_token: String,
    /// How long a watch lasts.
    pub timeout: Option<Duration>,
    /// Bookmarks are welcome.
    pub allow_watch_bookmarks: bool,
    /// The state first, as synthetic events.
    pub send_initial_events: Option<bool>,
}

/// `propagationPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// Dependents stay.
    Orphan,
    /// Dependents go afterwards.
    Background,
    /// Dependents go first.
    Foreground,
}

/// What must be true of an object for its deletion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// The uid.
    pub uid: Option<String>,
    /// The resource version.
    pub resource_version: Option<String>,
}

/// Options of delete and deletecollection, from body or query, validated.
#[derive(Clone, Debug, Default)]
pub struct DeleteOptions {
    /// Nothing is persisted.
    pub dry_run: bool,
    /// Seconds until the object goes.
    pub grace_period_seconds: Option<i64>,
    /// What must be true of the object.
    pub preconditions: Preconditions,
    /// What happens to dependents.
    pub propagation: Option<Propagation>,
    /// `orphanDependents`, the older form of `propagation`.
    pub orphan_dependents: Option<bool>,
    /// Delete even what can't be decoded.
    pub ignore_store_read_error: bool,
}

/// What a client is warned of (`Warning` headers): collected in order, each text once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings(Vec<String>);

impl Warnings {
    /// Adds a warning unless it is there.
    pub fn add(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() && !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    /// The texts in order.
    pub fn texts(&self) -> &[String] {
        &self.0
    }
}

/// A request on a resource.
#[derive(Clone, Debug)]
pub struct Request {
    /// What it does.
    pub verb: Verb,
    /// To which resource.
    pub resource: Arc<Resource>,
    /// To which of its subresources.
    pub subresource: Option<Arc<Subresource>>,
    /// In which namespace; empty for all of them and for cluster-scoped resources.
    pub namespace: Text,
    /// To which object; empty for collections and creates.
    pub name: Text,
    /// Who asks.
    pub user: Arc<User>,
    /// The User-Agent header, which names the field manager by default.
    pub user_agent: Text,
}
