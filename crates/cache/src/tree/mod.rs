//! An ordered map that is cloned in no time: a B+tree of shared nodes, copied on write.
//!
//! A clone is a snapshot: it shares all nodes, and a change copies the nodes on the way to it and no others. Each
//! branch knows how many elements lie below it, so that the elements of a range are counted without a visit.

mod iter;
mod leaf;
mod node;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::sync::Arc;

pub use iter::Iter;
use leaf::Leaf;
use node::{Inserted, Node};

/// What a tree holds: something with a key of its own.
pub trait Element: Clone {
    /// The key, borrowed: what elements are ordered and looked up by.
    type Probe<'a>: Copy;
    /// The key, owned: what a branch keeps. Cheap to clone, and holds on to nothing but the key.
    type Owned: Clone;

    /// The key.
    fn probe(&self) -> Self::Probe<'_>;
    /// The key to keep.
    fn owned(&self) -> Self::Owned;
    /// What tells most keys apart without a look at the elements: equal keys have equal tags.
    fn tag(probe: Self::Probe<'_>) -> u16;
    /// How the element's key compares with another.
    fn compare(&self, probe: Self::Probe<'_>) -> Ordering;
    /// How a kept key compares with another.
    fn compare_owned(owned: &Self::Owned, probe: Self::Probe<'_>) -> Ordering;
}

/// A tag of some text.
pub fn tag(text: &str) -> u16 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let hash =
        words.fold(0u64, |hash, word| (hash.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    (hash >> 48) as u16
}

/// See the module.
#[derive(Clone)]
pub struct Tree<E: Element> {
    root: Arc<Node<E>>,
}

impl<E: Element> Default for Tree<E> {
    fn default() -> Tree<E> {
        Tree { root: Arc::new(Node::Leaf(Leaf::default())) }
    }
}

impl<E: Element> Tree<E> {
    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.root.count()
    }

    /// The element with this key.
    pub fn get(&self, key: E::Probe<'_>) -> Option<&E> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(leaf) => return leaf.get(key),
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
                let left = std::mem::replace(&mut self.root, Arc::new(Node::Leaf(Leaf::default())));
                self.root = Arc::new(Node::over(left, separator, right));
                None
            }
        }
    }

    /// Removes the element with this key, and answers it.
    pub fn remove(&mut self, key: E::Probe<'_>) -> Option<E> {
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

    /// The elements whose key is `start` or more, in order.
    pub fn from(&self, start: E::Probe<'_>) -> Iter<'_, E> {
        Iter::new(&self.root, Some(start))
    }

    /// All elements in order.
    pub fn iter(&self) -> Iter<'_, E> {
        Iter::new(&self.root, None)
    }

    /// How many elements have a lesser key.
    pub fn rank(&self, key: E::Probe<'_>) -> usize {
        self.root.rank(key)
    }
}
