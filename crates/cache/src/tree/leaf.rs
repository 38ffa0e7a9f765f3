//! A leaf: elements in order, and their tags side by side, so that a search for one element does not touch the others,
//! which lie scattered in memory.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Element;
use super::node::{Inserted, Node, WIDTH, split_point};

/// See the module.
#[derive(Clone)]
pub struct Leaf<E> {
    elements: Vec<E>,
    /// The tag of each element.
    tags: Vec<u16>,
}

impl<E> Default for Leaf<E> {
    fn default() -> Leaf<E> {
        Leaf { elements: Vec::new(), tags: Vec::new() }
    }
}

impl<E: Element> Leaf<E> {
    /// The elements in order.
    pub fn elements(&self) -> &[E] {
        &self.elements
    }

    /// The element with this key.
    pub fn get(&self, key: E::Probe<'_>) -> Option<&E> {
        let tag = E::tag(key);
        let alike = self.elements.iter().zip(&self.tags).filter(|(_, other)| **other == tag);
        alike.map(|(element, _)| element).find(|element| element.compare(key) == Ordering::Equal)
    }

    /// How many elements have a lesser key.
    pub fn rank(&self, key: E::Probe<'_>) -> usize {
        self.elements.partition_point(|element| element.compare(key).is_lt())
    }

    /// Adds an element.
    pub fn insert(&mut self, element: E) -> Inserted<E> {
        let key = element.probe();
        let at = match self.elements.binary_search_by(|other| other.compare(key)) {
            Ok(at) => return Inserted::Replaced(std::mem::replace(&mut self.elements[at], element)),
            Err(at) => at,
        };
        self.tags.insert(at, E::tag(key));
        self.elements.insert(at, element);
        if self.elements.len() <= WIDTH {
            return Inserted::Added;
        }
        let middle = split_point(self.elements.len(), at);
        let right = Leaf { elements: self.elements.split_off(middle), tags: self.tags.split_off(middle) };
        let separator = right.elements[0].owned();
        Inserted::Split(separator, Arc::new(Node::Leaf(right)))
    }

    /// Removes an element, if it is there.
    pub fn remove(&mut self, key: E::Probe<'_>) -> Option<E> {
        let at = self.elements.binary_search_by(|element| element.compare(key)).ok()?;
        self.tags.remove(at);
        Some(self.elements.remove(at))
    }

    /// Adds all elements of the leaf behind this one.
    pub fn append(&mut self, next: Leaf<E>) {
        self.elements.extend(next.elements);
        self.tags.extend(next.tags);
    }
}
