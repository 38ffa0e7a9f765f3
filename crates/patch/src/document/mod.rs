//! A JSON document that is taken apart only where a patch looks into it.
//!
//! Everything else stays the bytes it came as, and leaves as them: number literals, the order of fields and duplicate
//! keys included. Messages that quote the patched object show just that, as does the original.

mod equal;
mod open;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

use object::{Text, scan};

/// A value's place in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// A value; nothing is `null`.
pub(crate) type Slot = Option<NodeId>;

/// An object that was looked into.
pub(crate) type Members = BTreeMap<Text, Slot>;

/// A value, taken apart or not.
enum Node {
    /// Well-formed JSON: a stretch of the document's text without white space around it.
    Raw(Range<usize>),
    Object(Members),
    Array(Vec<Slot>),
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    Scalar,
}

/// Texts of JSON, and the values in them that were looked into. Values know one another by number, so that however
/// deep they nest, neither writing nor dropping them needs a deep machine stack.
#[derive(Default)]
pub(crate) struct Document {
    text: Vec<u8>,
    nodes: Vec<Node>,
}

impl Document {
    /// Adds well-formed UTF-8 JSON to the document, in no place yet.
    pub fn load(&mut self, json: &[u8]) -> Slot {
        let start = self.text.len();
        self.text.extend_from_slice(json.trim_ascii());
        self.raw(start..self.text.len())
    }

    fn raw(&mut self, range: Range<usize>) -> Slot {
        match self.text.get(range.clone()) {
            None | Some(b"null" | b"") => None,
            Some(_) => Some(self.add(Node::Raw(range))),
        }
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    /// The members, if the value is an object.
    pub fn object(&mut self, id: NodeId) -> Option<&mut Members> {
        self.open(id);
        match &mut self.nodes[id.0] {
            Node::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, if the value is a list.
    pub fn array(&mut self, id: NodeId) -> Option<&mut Vec<Slot>> {
        self.open(id);
        match &mut self.nodes[id.0] {
            Node::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The text, if the value is one.
    pub fn text(&self, id: NodeId) -> Option<Text> {
        match &self.nodes[id.0] {
            Node::Raw(range) => scan::text(&self.text[range.clone()]).map(Text::from),
            Node::Object(_) | Node::Array(_) => None,
        }
    }

    /// A copy of the value in no place yet, and its size in bytes.
    pub fn duplicate(&mut self, slot: Slot) -> (Slot, usize) {
        if slot.is_none() {
            return (None, 0);
        }
        let mut copy = Vec::new();
        self.write(slot, &mut copy);
        (self.load(&copy), copy.len())
    }
}
