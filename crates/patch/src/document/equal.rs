//! Whether two values of a document are the same.

use super::{Document, Kind, Node, NodeId, Slot};

impl Document {
    /// Whether two values are the same: objects whatever the order of their members, scalars as they are written
    /// (`1` is not `1.0`, an escaped character not the plain one).
    pub fn equal(&mut self, a: Slot, b: Slot) -> bool {
        let mut pairs = vec![(a, b)];
        while let Some(pair) = pairs.pop() {
            let same = match pair {
                (None, None) => true,
                (Some(a), Some(b)) => self.compare(a, b, &mut pairs),
                _ => false,
            };
            if !same {
                return false;
            }
        }
        true
    }

    /// Compares two values as far as they go themselves; the pairs of their parts are put on `pairs`.
    fn compare(&mut self, a: NodeId, b: NodeId, pairs: &mut Vec<(Slot, Slot)>) -> bool {
        let kind = self.open_all(a);
        if kind != self.open_all(b) {
            return false;
        }
        match (&self.nodes[a.0], &self.nodes[b.0]) {
            (Node::Object(a), Node::Object(b)) => {
                pairs.extend(a.values().copied().zip(b.values().copied()));
                a.keys().eq(b.keys())
            }
            (Node::Array(a), Node::Array(b)) => {
                pairs.extend(a.iter().copied().zip(b.iter().copied()));
                a.len() == b.len()
            }
            (Node::Raw(a), Node::Raw(b)) => {
                kind == Kind::Scalar && self.text[a.clone()] == self.text[b.clone()]
            }
            _ => false,
        }
    }
}
