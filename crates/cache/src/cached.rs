//! An object in the cache, and what it has in common with the others of its resource.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::{BufMut, Bytes};
use storage::{Key, KeyValue, Revision};

use crate::tree::{Element, tag};
use crate::{Encoded, Extract, Facts, FactsBuilder, NotSealed};

/// What the cache knows of a resource.
pub struct Shape {
    /// What the keys of all of its objects begin with, such as `/registry/pods/`.
    pub prefix: String,
    /// The keys go on with a namespace and a slash.
    pub namespaced: bool,
    /// How facts are found.
    pub extract: Box<dyn Extract>,
    /// The fields whose values objects are found by without a look at all of them: numbers in
    /// [`Extract::fields`].
    pub indexed_fields: Vec<usize>,
}

impl Shape {
    /// The key of an object; the namespace is empty if there are none.
    pub fn key(&self, namespace: &str, name: &str) -> Key {
        let prefix = &self.prefix;
        if self.namespaced {
            format!("{prefix}{namespace}/{name}").into()
        } else {
            format!("{prefix}{name}").into()
        }
    }

    /// What all keys of a namespace begin with; of all namespaces if it is empty.
    pub fn scope(&self, namespace: &str) -> String {
        let prefix = &self.prefix;
        if self.namespaced && !namespace.is_empty() {
            format!("{prefix}{namespace}/")
        } else {
            prefix.clone()
        }
    }

    /// The number of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.extract.fields().iter().position(|field| field == name)
    }
}

/// An object at one revision, in the store's own bytes.
pub struct Object {
    key: Key,
    encoded: Encoded,
    revision: Revision,
    shape: Arc<Shape>,
    facts: OnceLock<Facts>,
}

impl Object {
    /// Of what the store holds.
    pub fn new(shape: Arc<Shape>, kv: KeyValue) -> Result<Object, NotSealed> {
        let encoded = Encoded::new(kv.value)?;
        Ok(Object { key: kv.key, encoded, revision: kv.mod_revision, shape, facts: OnceLock::new() })
    }

    /// The key in the store.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The revision that wrote it: its resource version.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The namespace; empty if it is in none.
    pub fn namespace(&self) -> &str {
        self.place().0
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.place().1
    }

    fn place(&self) -> (&str, &str) {
        let rest = self.key.get(self.shape.prefix.len()..).unwrap_or_default();
        if self.shape.namespaced { rest.split_once('/').unwrap_or(("", rest)) } else { ("", rest) }
    }

    /// The stored form.
    pub fn encoded(&self) -> &Encoded {
        &self.encoded
    }

    /// The JSON a client is sent.
    pub fn json(&self) -> Bytes {
        self.encoded.json(self.revision)
    }

    /// Its length in bytes.
    pub fn json_length(&self) -> usize {
        self.encoded.json_length(self.revision)
    }

    /// Appends the JSON a client is sent.
    pub fn write_json(&self, out: &mut impl BufMut) {
        self.encoded.write_json(self.revision, out);
    }

    /// What selectors need: taken from the bytes when first asked for.
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| {
            let mut facts = FactsBuilder::default();
            self.shape.extract.extract(self.encoded.bare(), &mut facts);
            facts.build()
        })
    }

    /// The value of a field by its name, `metadata.name` and `metadata.namespace` among them. An object that
    /// lacks it has an empty one; nothing if the resource does not know the field.
    pub fn field(&self, name: &str) -> Option<&str> {
        match name {
            "metadata.name" => Some(self.name()),
            "metadata.namespace" => Some(self.namespace()),
            _ => self.shape.field(name).map(|number| self.facts().field(number)),
        }
    }

    /// What the object is found by in the indexes, with the number of the index: 0 for owners, then the
    /// indexed fields.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = (usize, &str)> {
        let facts = self.facts();
        let owners = facts.owners().map(|uid| (0, uid));
        let fields = self.shape.indexed_fields.iter().enumerate();
        owners.chain(fields.map(|(at, number)| (at + 1, facts.field(*number))))
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.key, self.revision)
    }
}

impl Element for Arc<Object> {
    type Probe<'a> = &'a str;
    type Owned = Key;

    fn probe(&self) -> &str {
        &self.key
    }

    fn owned(&self) -> Key {
        self.key.clone()
    }

    fn tag(probe: &str) -> u16 {
        tag(probe)
    }

    fn compare(&self, probe: &str) -> Ordering {
        (*self.key).cmp(probe)
    }

    fn compare_owned(owned: &Key, probe: &str) -> Ordering {
        (**owned).cmp(probe)
    }
}
