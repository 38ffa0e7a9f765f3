//! The versions of one custom kind: their schemas, and how objects get from one to the other.

use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use cel::rules::Rules;
use object::{Text, Value};
use registry::CustomVersion;
use schema::structural::{Pattern, Structural};
use schema::{OwnedType, TypeRef};
use status::Status;

use crate::conversion::{Caller, Converter};
use crate::definition::Definition;
use crate::metadata;

/// What a version's schema is compiled to.
pub(crate) struct Compiled {
    /// Prunes, defaults and checks.
    pub(crate) structural: Structural,
    /// The `x-kubernetes-validations`.
    pub(crate) rules: Rules,
}

/// One version of a kind.
pub(crate) struct Member {
    /// `group/version`.
    pub(crate) api_version: String,
    /// The type that merges walk.
    pub(crate) ty: OwnedType,
    preserve: bool,
    schema: Value,
    compiled: OnceLock<Compiled>,
}

/// All versions of a kind.
pub(crate) struct Family {
    /// The kind.
    pub(crate) kind: Text,
    /// In the order of the definition.
    pub(crate) members: Vec<Member>,
    /// Which of them objects are stored in.
    stored: usize,
    /// Objects stored after this revision are as the definition says now.
    since: u64,
    /// What converts, unless nothing but `apiVersion` differs.
    webhook: Option<Converter>,
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions = self.members.iter().map(|member| &member.api_version);
        f.debug_list().entries(versions).finish()
    }
}

impl Member {
    /// The compiled schema; the first use compiles it.
    pub(crate) fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| Compiled {
            structural: Structural::compile(&self.schema, &pattern),
            rules: Rules::compile(&self.schema),
        })
    }

    /// Takes out what the schema does not specify, and nulls that mean nothing. Answers the paths of the former.
    fn prune(&self, object: &mut Value) -> Vec<String> {
        if self.preserve {
            return Vec::new();
        }
        let structural = &self.compiled().structural;
        let unknown = structural.prune(object);
        structural.drop_nulls(object);
        unknown
    }

    fn metadata_type(&self) -> Option<TypeRef<'_>> {
        self.ty.get().child("metadata")
    }
}

/// A pattern of a schema, ready to match.
pub(crate) fn pattern(source: &str) -> Option<Pattern> {
    let matches = cel::pattern(source).ok()?;
    Some(Arc::new(matches))
}

impl Family {
    /// The versions of `definition`, whose schemas are in force since a revision.
    pub(crate) fn new(
        definition: &Definition,
        builtin: &schema::Schema,
        since: u64,
        caller: &Arc<dyn Caller>,
    ) -> Family {
        let members = definition.versions.iter().map(|version| {
            let (group, name) = (&definition.group, &version.name);
            let types =
                schema::structural::schema_of(group, name, &definition.kind, &version.schema, builtin);
            let id = types.of_kind(group, name, &definition.kind).map_or(schema::TypeId(0), |ty| ty.id);
            Member {
                api_version: format!("{group}/{name}"),
                ty: OwnedType { schema: Arc::new(types), id },
                preserve: version.preserve,
                schema: version.schema.clone(),
                compiled: OnceLock::new(),
            }
        });
        Family {
            kind: definition.kind.clone(),
            members: members.collect(),
            stored: definition.versions.iter().position(|version| version.storage).unwrap_or(0),
            since,
            webhook: definition.webhook.clone().map(|webhook| Converter::new(webhook, Arc::clone(caller))),
        }
    }

    fn position(&self, api_version: &str) -> Option<usize> {
        self.members.iter().position(|member| member.api_version == api_version)
    }

    /// `object` in the version of a member.
    fn convert(&self, object: Value, to: usize) -> Result<Value, String> {
        let Some(member) = self.members.get(to) else { return Ok(object) };
        if object.str_at(["apiVersion"]) == member.api_version {
            return Ok(object);
        }
        let mut converted = match &self.webhook {
            Some(webhook) => webhook.convert(object, &member.api_version)?,
            None => {
                let mut object = object;
                object.set("apiVersion", member.api_version.as_str());
                object
            }
        };
        member.prune(&mut converted);
        Ok(converted)
    }

    /// A stored object as its version's schema makes it now.
    fn revive(&self, stored: &mut Value) {
        let place = self.position(stored.str_at(["apiVersion"])).unwrap_or(self.stored);
        if let Some(member) = self.members.get(place) {
            member.prune(stored);
            member.compiled().structural.apply_defaults(stored);
        }
    }
}

/// A served version of a kind.
#[derive(Debug)]
pub(crate) struct Served {
    /// The kind's versions.
    pub(crate) family: Arc<Family>,
    /// Which of them.
    pub(crate) index: usize,
}

impl Served {
    /// The version itself.
    pub(crate) fn member(&self) -> Option<&Member> {
        self.family.members.get(self.index)
    }
}

impl CustomVersion for Served {
    fn admit(&self, object: &mut Value) -> Result<Vec<String>, String> {
        let Some(member) = self.member() else { return Ok(Vec::new()) };
        let Some(metadata_type) = member.metadata_type() else { return Ok(Vec::new()) };
        let mut unknown = metadata::admit(object, metadata_type)?;
        let api_version = object.str_at(["apiVersion"]);
        if object.str_at(["kind"]) != self.family.kind {
            return Ok(unknown);
        }
        // An object that says it is of another version is pruned as that, and refused afterwards.
        if let Some(said) = self.family.position(api_version).and_then(|place| self.family.members.get(place))
        {
            unknown.extend(said.prune(object));
            let embedded = said.compiled().structural.coerce_embedded(object, metadata_type);
            unknown.extend(embedded.map_err(|error| error.message())?);
        }
        Ok(unknown)
    }

    fn read(&self, mut stored: Value) -> status::Result<Value> {
        self.family.revive(&mut stored);
        match (&self.family.webhook, self.member()) {
            (Some(webhook), Some(member)) if stored.str_at(["apiVersion"]) != member.api_version => {
                let mut converted = webhook.read(stored, &member.api_version).map_err(Status::unknown)?;
                member.prune(&mut converted);
                Ok(converted)
            }
            _ => self.family.convert(stored, self.index).map_err(Status::unknown),
        }
    }

    fn read_ahead(&self, stored: &mut dyn Iterator<Item = Bytes>) {
        let (Some(webhook), Some(member)) = (&self.family.webhook, self.member()) else { return };
        let parsed = stored.filter_map(|bytes| object::json::parse(&bytes).ok());
        let elsewhere = parsed.filter(|object| object.str_at(["apiVersion"]) != member.api_version);
        let revived = elsewhere.map(|mut object| {
            self.family.revive(&mut object);
            object
        });
        webhook.convert_ahead(revived.collect(), &member.api_version);
    }

    fn store(&self, object: Value) -> status::Result<Value> {
        self.family.convert(object, self.family.stored).map_err(Status::unknown)
    }

    fn is_current(&self, revision: u64) -> bool {
        self.index == self.family.stored && revision > self.family.since
    }

    fn type_of(&self, api_version: &str) -> Option<TypeRef<'_>> {
        let place = self.family.position(api_version)?;
        self.family.members.get(place).map(|member| member.ty.get())
    }

    fn convert(&self, object: &Value, api_version: &str) -> Option<Value> {
        let place = self.family.position(api_version)?;
        self.family.convert(object.clone(), place).ok()
    }
}
