//! An ordered map that is cloned in no time: a B+tree of shared nodes, copied on write.
//!
//! A clone is a snapshot: it shares all nodes, and a change copies the nodes on the way to it and no others. Each
//! branch knows how many elements lie below it, so that the elements of a range are counted without a visit.

mod iter;
mod node;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use storage::Key;

pub use iter::Iter;
use node::{Inserted, Node};

/// What a tree holds: something with a key of its own.
pub trait Element: Clone {
    /// The key it is ordered by.
    fn key(&self) -> &Key;
}

/// See the module.
#[derive(Clone)]
pub struct Tree<E> {
    root: Arc<Node<E>>,
}

impl<E: Element> Default for Tree<E> {
    fn default() -> Tree<E> {
        Tree { root: Arc::new(Node::Leaf(Vec::new())) }
    }
}

impl<E: Element> Tree<E> {
    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.root.count()
    }

    /// The element with this key.
    pub fn get(&self, key: &str) -> Option<&E> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(elements) => {
                    let at = elements.binary_search_by(|element| (**element.key()).cmp(key)).ok()?;
                    return elements.get(at);
                }
                Node::Branch(branch) => node = &*branch.children[branch.child_of(key)],
            }
        }
    }

    /// Adds an element; answers the one it replaces, which had the same key.
    pub fn insert(&mut self, element: E) -> Option<E> {
        match Arc::make_mut(&mut self.root).insert(element) {
            Inserted::Replaced(old) => Some(old),
            Inserted::Added => None,
            Inserted::Split(separator, right) => {
                let left = std::mem::replace(&mut self.root, Arc::new(Node::Leaf(Vec::new())));
                self.root = Arc::new(Node::over(left, separator, right));
                None
            }
        }
    }

    /// Removes the element with this key, and answers it.
    pub fn remove(&mut self, key: &str) -> Option<E> {
        self.get(key)?;
        let removed = Arc::make_mut(&mut self.root).remove(key);
        if let Node::Branch(branch) = &*self.root
            && branch.children.len() == 1
            && let Some(only) = branch.children.first().cloned()
        {
            self.root = only;
        }
        removed
    }

    /// The elements from the first whose key is `start` or more, in order, up to the one before `end`; an
    /// empty `end` is no end.
    pub fn range<'a>(&'a self, start: &str, end: &'a str) -> Iter<'a, E> {
        Iter::new(&self.root, start, end)
    }

    /// All elements in order.
    pub fn iter(&self) -> Iter<'_, E> {
        self.range("", "")
    }

    /// How many elements `range` has.
    pub fn count(&self, start: &str, end: &str) -> usize {
        let upper = if end.is_empty() { self.len() } else { self.root.rank(end) };
        upper.saturating_sub(self.root.rank(start))
    }
}
