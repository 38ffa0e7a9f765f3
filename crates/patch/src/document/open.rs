//! Taking values apart: one level, or all of them.

use std::ops::Range;

use object::Text;
use object::scan::{self, Token, Tokens};

use super::{Document, Kind, Members, Node, NodeId, Slot};

/// A list or object whose end was not reached yet; of an object also the key whose value is next.
enum Partial {
    Object(Members, Text),
    Array(Vec<Slot>),
}

impl Partial {
    fn put(&mut self, slot: Slot) {
        match self {
            Partial::Object(members, key) => drop(members.insert(std::mem::take(key), slot)),
            Partial::Array(elements) => elements.push(slot),
        }
    }
}

/// How deep documents are opened level by level; below, all at once.
const MAX_LAZY_DEPTH: usize = 64;

impl Document {
    /// What the value is, taken apart if it has parts.
    pub fn open(&mut self, id: NodeId) -> Kind {
        if let Node::Raw(range) = &self.nodes[id.0] {
            let range = range.clone();
            let opened = match self.text.get(range.start) {
                Some(b'{') => Node::Object(self.members(range)),
                Some(b'[') => Node::Array(self.elements(range)),
                _ => return Kind::Scalar,
            };
            self.nodes[id.0] = opened;
        }
        match &self.nodes[id.0] {
            Node::Raw(_) => Kind::Scalar,
            Node::Object(_) => Kind::Object,
            Node::Array(_) => Kind::Array,
        }
    }

    /// What the value is, taken apart with all its parts. Linear however deep they nest, where opening level by level
    /// reads the innermost once per level.
    pub fn open_all(&mut self, id: NodeId) -> Kind {
        if let Node::Raw(range) = &self.nodes[id.0]
            && let Some(node) = self.whole(range.clone())
        {
            self.nodes[id.0] = node;
        }
        self.open(id)
    }

    /// What the value is that was reached by `depth` steps, taken apart if it has parts.
    pub fn open_at(&mut self, id: NodeId, depth: usize) -> Kind {
        if depth < MAX_LAZY_DEPTH { self.open(id) } else { self.open_all(id) }
    }

    /// The list or object at `range`, all parts of it taken apart.
    fn whole(&mut self, range: Range<usize>) -> Option<Node> {
        let base = range.start;
        let inside = self.text.get(range)?;
        let mut open: Vec<Partial> = Vec::new();
        for token in Tokens::new(inside) {
            let slot = match token {
                Token::Open(true, _) => {
                    open.push(Partial::Object(Members::new(), Text::default()));
                    continue;
                }
                Token::Open(false, _) => {
                    open.push(Partial::Array(Vec::new()));
                    continue;
                }
                Token::Key(start, end) => {
                    if let Some(Partial::Object(_, key)) = open.last_mut() {
                        *key = name(&inside[start..end]);
                    }
                    continue;
                }
                Token::Scalar(start, end) if &inside[start..end] == b"null" => None,
                Token::Scalar(start, end) => Some(Node::Raw(base + start..base + end)),
                Token::Close(_) => {
                    let node = match open.pop()? {
                        Partial::Object(members, _) => Node::Object(members),
                        Partial::Array(elements) => Node::Array(elements),
                    };
                    if open.is_empty() {
                        return Some(node);
                    }
                    Some(node)
                }
            };
            let slot = slot.map(|node| {
                self.nodes.push(node);
                NodeId(self.nodes.len() - 1)
            });
            open.last_mut()?.put(slot);
        }
        None
    }

    /// The members of the object at `range`; of duplicate keys the last one counts.
    fn members(&mut self, range: Range<usize>) -> Members {
        let mut members = Members::new();
        let mut at = range.start + 1;
        while let Some(key) = self.next(at, range.end) {
            let Some(value) = self.next(key.end, range.end) else { break };
            at = value.end;
            let name = name(&self.text[key]);
            members.insert(name, self.raw(value));
        }
        members
    }

    fn elements(&mut self, range: Range<usize>) -> Vec<Slot> {
        let mut elements = Vec::new();
        let mut at = range.start + 1;
        while let Some(element) = self.next(at, range.end) {
            at = element.end;
            elements.push(self.raw(element));
        }
        elements
    }

    /// The key or value that follows `at` within a container that ends at `end`.
    fn next(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let inside = self.text.get(at..end)?;
        let gap =
            inside.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b',' | b':'))?;
        let start = at + gap;
        let found = start..scan::skip(&self.text, start);
        (!matches!(self.text[start], b'}' | b']') && found.end > start).then_some(found)
    }
}

/// A key, escapes undone.
fn name(quoted: &[u8]) -> Text {
    scan::text(quoted).map(Text::from).unwrap_or_default()
}
