//! A kind's rules: what is defaulted, reset and checked around each verb (`rest.*Strategy` of the original).

use std::fmt::Debug;

use object::Value;
use status::{FieldErrors, Result};

use crate::{DeleteOptions, Request, Warnings};

/// What the rules of a kind may look at besides the object.
pub struct Context<'a> {
    /// The request.
    pub request: &'a Request,
    /// Nothing will be persisted.
    pub dry_run: bool,
    /// Where to put warnings; they are sent if the write succeeds.
    pub warnings: &'a mut Warnings,
    /// The time, RFC 3339 with seconds.
    pub now: &'a str,
    /// Other objects, as of now.
    pub lookup: &'a dyn Lookup,
}

/// Reads of other objects that rules need (a pod's node, a service's neighbours), from memory.
pub trait Lookup: Send + Sync {
    /// The object of a resource (named by group and plural) in its stored version.
    fn get(&self, group: &str, resource: &str, namespace: &str, name: &str) -> Option<Value>;

    /// All objects of a resource, of one namespace or (when it is empty) of all, in key order.
    fn list(&self, group: &str, resource: &str, namespace: &str) -> Vec<Value>;
}

/// Another object that is written or removed in the same transaction as the one a request is about
/// (the IPAddress of a service, say).
#[derive(Clone, Debug)]
pub enum SideWrite {
    /// Created; the whole write is tried again if it exists by then.
    Create {
        /// API group.
        group: &'static str,
        /// Plural.
        resource: &'static str,
        /// The whole object but for system metadata.
        object: Value,
    },
    /// Removed if it is there.
    Delete {
        /// API group.
        group: &'static str,
        /// Plural.
        resource: &'static str,
        /// Namespace; empty for cluster-scoped resources.
        namespace: String,
        /// Name.
        name: String,
    },
}

/// What a successful delete answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeleteAnswer {
    /// A success `Status` naming the object, unless finalizers or grace keep it.
    #[default]
    Status,
    /// The object as it was last.
    Object,
}

/// What becomes of the dependents of a deleted object by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dependents {
    /// The garbage collector removes them.
    #[default]
    Collected,
    /// They stay.
    Orphaned,
    /// They stay, of which every delete that leaves it to the default is warned in these words.
    OrphanedWithWarning(&'static str),
}

/// What names of a kind must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameRule {
    /// A DNS subdomain (RFC 1123), up to 253 characters.
    #[default]
    DnsSubdomain,
    /// A DNS label (RFC 1123), up to 63 characters.
    DnsLabel,
    /// Anything that may stand in a URL's path.
    PathSegment,
}

/// The plain choices of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyOptions {
    /// PUT of an absent object creates it.
    pub create_on_update: bool,
    /// PUT without a resource version is taken.
    pub unconditional_update: bool,
    /// `metadata.generation` starts at 1, and goes up when anything but metadata and status changes. Kinds with
    /// another rule leave this off and write it themselves.
    pub generation: bool,
    /// What a delete answers.
    pub delete_answer: DeleteAnswer,
    /// What becomes of dependents unless the request says it.
    pub dependents: Dependents,
    /// The first delete only says that the object is to go, whatever holds it; it takes another to remove it.
    pub terminates_first: bool,
    /// Nothing depends on its objects: deletes go at once, whatever they say of dependents.
    pub without_dependents: bool,
    /// [`Strategy::allocate`] hands out something that must be unique, so writes go one at a time.
    pub allocates: bool,
    /// What its names must be.
    pub names: NameRule,
    /// An update's metadata errors are reported twice, by the general rules and by the kind's (as most kinds of the
    /// original do; a client sees it in `details.causes`).
    pub checks_metadata_twice: bool,
    /// An update's metadata is checked by all the rules of a new object too, once more.
    pub checks_metadata_again: bool,
}

impl StrategyOptions {
    /// What most kinds choose: updates may be unconditional, nothing else.
    pub const USUAL: StrategyOptions = StrategyOptions {
        create_on_update: false,
        unconditional_update: true,
        generation: false,
        delete_answer: DeleteAnswer::Status,
        dependents: Dependents::Collected,
        terminates_first: false,
        without_dependents: false,
        allocates: false,
        names: NameRule::DnsSubdomain,
        checks_metadata_twice: true,
        checks_metadata_again: false,
    };
}

/// A kind's rules. Every method has a default that does nothing; objects are normalised, in the resource's version.
/// Of a subresource's rules, `options` are not asked: its parent's hold.
pub trait Strategy: Send + Sync + Debug {
    /// The plain choices.
    fn options(&self) -> StrategyOptions {
        StrategyOptions::USUAL
    }

    /// Fills in what the version's defaults say.
    fn default(&self, _object: &mut Value) {}

    /// Resets what a creator may not set.
    fn prepare_create(&self, _context: &mut Context<'_>, _object: &mut Value) {}

    /// Checks a new object (`metadata` is checked by the registry).
    fn validate_create(&self, _context: &mut Context<'_>, _object: &Value, _errors: &mut FieldErrors) {}

    /// Resets what an updater may not change.
    fn prepare_update(&self, _context: &mut Context<'_>, _object: &mut Value, _old: &Value) {}

    /// Checks a changed object; as a new one, unless the kind has other rules.
    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        self.validate_create(context, object, errors);
    }

    /// Warns of what is allowed but unwise.
    fn warn(&self, _context: &mut Context<'_>, _object: &Value, _old: Option<&Value>) {}

    /// Hands out what must be unique in the cluster (addresses, ports), and fails if it can't; before the object is
    /// prepared and validated, which sees what was handed out. Not persisted on dry run.
    fn allocate(
        &self,
        _context: &mut Context<'_>,
        _object: &mut Value,
        _old: Option<&Value>,
    ) -> Result<Vec<SideWrite>> {
        Ok(Vec::new())
    }

    /// Takes back what `allocate` handed out, when the object goes.
    fn release(&self, _object: &Value) -> Vec<SideWrite> {
        Vec::new()
    }

    /// Warns of what a delete with these options does that a client may not expect.
    fn warn_delete(&self, _context: &mut Context<'_>, _options: &DeleteOptions) {}

    /// The seconds of grace with which the object is to be deleted; `None` when it goes at once.
    fn graceful_delete(
        &self,
        _context: &Context<'_>,
        _object: &Value,
        _options: &DeleteOptions,
    ) -> Option<i64> {
        None
    }

    /// Refuses to delete what must stay.
    fn check_delete(&self, _object: &Value) -> Result<()> {
        Ok(())
    }

    /// Writes into an object whose deletion begins what the kind shows of that.
    fn begin_delete(&self, _object: &mut Value) {}

    /// The paths (`status`, `spec.nodeName`) that are reset here and so never owned by a manager who writes
    /// through it.
    fn reset_fields(&self) -> &'static [&'static str] {
        &[]
    }
}
