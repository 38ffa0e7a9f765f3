//! Walking through a tree in order.

use std::slice;
use std::sync::Arc;

use super::Element;
use super::node::Node;

/// The elements of a range, in order.
pub struct Iter<'a, E> {
    /// The rest of each branch on the way to the leaf.
    branches: Vec<slice::Iter<'a, Arc<Node<E>>>>,
    /// The rest of the leaf.
    leaf: slice::Iter<'a, E>,
    end: &'a str,
}

impl<'a, E: Element> Iter<'a, E> {
    pub(super) fn new(root: &'a Node<E>, start: &str, end: &'a str) -> Iter<'a, E> {
        let mut iter = Iter { branches: Vec::new(), leaf: [].iter(), end };
        let mut node = root;
        loop {
            match node {
                Node::Leaf(elements) => {
                    let from = elements.partition_point(|element| **element.key() < *start);
                    iter.leaf = elements[from..].iter();
                    return iter;
                }
                Node::Branch(branch) => {
                    let at = branch.child_of(start);
                    iter.branches.push(branch.children[at + 1..].iter());
                    node = &branch.children[at];
                }
            }
        }
    }

    /// Goes to the first leaf after the one that is at its end.
    fn next_leaf(&mut self) -> Option<()> {
        let mut node = loop {
            match self.branches.last_mut()?.next() {
                Some(node) => break node,
                None => {
                    self.branches.pop();
                }
            }
        };
        loop {
            match &**node {
                Node::Leaf(elements) => {
                    self.leaf = elements.iter();
                    return Some(());
                }
                Node::Branch(branch) => {
                    let mut children = branch.children.iter();
                    node = children.next()?;
                    self.branches.push(children);
                }
            }
        }
    }
}

impl<'a, E: Element> Iterator for Iter<'a, E> {
    type Item = &'a E;

    fn next(&mut self) -> Option<&'a E> {
        let element = loop {
            match self.leaf.next() {
                Some(element) => break element,
                None => self.next_leaf()?,
            }
        };
        if !self.end.is_empty() && **element.key() >= *self.end {
            self.branches.clear();
            self.leaf = [].iter();
            return None;
        }
        Some(element)
    }
}
