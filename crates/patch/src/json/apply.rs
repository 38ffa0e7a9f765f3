//! Operations, done to a document one after the other.
//!
//! The rules are those of the Go library that Kubernetes uses, which are wider than RFC 6902: negative indices count
//! from the end, `replace` adds what is missing, `copy` of what is missing writes null, `test` of null passes where
//! nothing is, and what stands before the first slash of a pointer is not looked at.

use object::Text;

use super::pointer::{Pointer, index, insertion_index};
use crate::document::{Document, Kind, NodeId, Slot};

/// How many bytes the `copy` operations of one patch may add.
const MAX_COPIED: usize = 3 << 20;

/// An operation can't be done. Clients are not told which, nor why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rejected;

/// One operation, as it was decoded.
#[derive(Debug)]
pub(super) struct Operation {
    pub op: Option<Text>,
    pub path: Option<Text>,
    pub from: Option<Text>,
    /// Null if there is none.
    pub value: Slot,
}

/// A document that operations change.
pub(super) struct Target {
    pub document: Document,
    pub root: NodeId,
    copied: usize,
}

impl Target {
    pub fn new(document: Document, root: NodeId) -> Target {
        Target { document, root, copied: 0 }
    }

    pub fn apply(&mut self, operation: &Operation) -> Result<(), Rejected> {
        let path = operation.path.as_deref().ok_or(Rejected);
        match operation.op.as_deref().unwrap_or_default() {
            "add" => self.add(path?, operation.value),
            "remove" => self.remove(path?).map(drop),
            "replace" => self.replace(path?, operation.value),
            "move" => {
                let moved = self.remove(operation.from.as_deref().ok_or(Rejected)?)?;
                self.add(path?, moved)
            }
            "copy" => self.copy(operation.from.as_deref().ok_or(Rejected)?, path?),
            "test" => self.test(path?, operation.value),
            _ => Err(Rejected),
        }
    }

    fn add(&mut self, path: &str, value: Slot) -> Result<(), Rejected> {
        let (container, key) = self.find(path)?;
        if let Some(members) = self.document.object(container) {
            members.insert(key, value);
            return Ok(());
        }
        let elements = self.document.array(container).ok_or(Rejected)?;
        elements.insert(insertion_index(&key, elements.len()).ok_or(Rejected)?, value);
        Ok(())
    }

    fn remove(&mut self, path: &str) -> Result<Slot, Rejected> {
        let (container, key) = self.find(path)?;
        if let Some(members) = self.document.object(container) {
            return members.remove(&key).ok_or(Rejected);
        }
        let elements = self.document.array(container).ok_or(Rejected)?;
        Ok(elements.remove(index(&key, elements.len()).ok_or(Rejected)?))
    }

    fn replace(&mut self, path: &str, value: Slot) -> Result<(), Rejected> {
        if path.is_empty() {
            let root = value.filter(|id| self.document.open(*id) != Kind::Scalar);
            self.root = root.ok_or(Rejected)?;
            return Ok(());
        }
        let (container, key) = self.find(path)?;
        if let Some(members) = self.document.object(container) {
            members.insert(key, value);
            return Ok(());
        }
        let elements = self.document.array(container).ok_or(Rejected)?;
        let at = index(&key, elements.len()).ok_or(Rejected)?;
        elements[at] = value;
        Ok(())
    }

    fn copy(&mut self, from: &str, path: &str) -> Result<(), Rejected> {
        let (container, key) = self.find(from)?;
        let original = self.get(container, &key)?;
        self.find(path)?;
        let (copy, size) = self.document.duplicate(original);
        self.copied += size;
        if self.copied > MAX_COPIED {
            return Err(Rejected);
        }
        self.add(path, copy)
    }

    fn test(&mut self, path: &str, value: Slot) -> Result<(), Rejected> {
        let found = if path.is_empty() {
            Some(self.root)
        } else {
            let (container, key) = self.find(path)?;
            self.get(container, &key)?
        };
        if self.document.equal(found, value) { Ok(()) } else { Err(Rejected) }
    }

    /// The container that the last step of `path` is taken in, and that step.
    fn find(&mut self, path: &str) -> Result<(NodeId, Text), Rejected> {
        let pointer = Pointer::parse(path).ok_or(Rejected)?;
        let mut container = self.root;
        for (depth, step) in pointer.parents.into_iter().enumerate() {
            container = self.get(container, &step)?.ok_or(Rejected)?;
            if self.document.open_at(container, depth) == Kind::Scalar {
                return Err(Rejected);
            }
        }
        Ok((container, pointer.last))
    }

    /// What a container has under a key: null if it is an object that has nothing there.
    fn get(&mut self, container: NodeId, key: &str) -> Result<Slot, Rejected> {
        if let Some(members) = self.document.object(container) {
            return Ok(members.get(key).copied().flatten());
        }
        let elements = self.document.array(container).ok_or(Rejected)?;
        Ok(elements[index(key, elements.len()).ok_or(Rejected)?])
    }
}
