//! Walking through a tree in order.

use std::slice;
use std::sync::Arc;

use super::Element;
use super::node::Node;

/// Elements in order.
pub struct Iter<'a, E: Element> {
    /// The rest of each branch on the way to the leaf.
    branches: Vec<slice::Iter<'a, Arc<Node<E>>>>,
    /// The rest of the leaf.
    leaf: slice::Iter<'a, E>,
}

impl<'a, E: Element> Iter<'a, E> {
    /// The elements from a key on, or all.
    pub(super) fn new(root: &'a Node<E>, start: Option<E::Probe<'_>>) -> Iter<'a, E> {
        let mut iter = Iter { branches: Vec::new(), leaf: [].iter() };
        let mut node = root;
        loop {
            match node {
                Node::Leaf(leaf) => {
                    let from = start.map_or(0, |start| leaf.rank(start));
                    iter.leaf = leaf.elements()[from..].iter();
                    return iter;
                }
                Node::Branch(branch) => {
                    let at = start.map_or(0, |start| branch.child_of(start));
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
                Node::Leaf(leaf) => {
                    self.leaf = leaf.elements().iter();
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
        loop {
            match self.leaf.next() {
                Some(element) => return Some(element),
                None => self.next_leaf()?,
            }
        }
    }
}
