//! The nodes of the tree, and how they change.

use std::sync::Arc;

use super::{Element, Leaf};

/// The most elements of a leaf, and children of a branch.
pub const WIDTH: usize = 32;

/// A leaf or a branch.
#[derive(Clone)]
pub enum Node<E: Element> {
    /// Elements in order.
    Leaf(Leaf<E>),
    /// Nodes in order.
    Branch(Branch<E>),
}

/// Children and what tells them apart.
#[derive(Clone)]
pub struct Branch<E: Element> {
    /// At least one.
    pub children: Vec<Arc<Node<E>>>,
    /// One less than there are children: keys below the child at `i` are less than `separators[i]`, those of
    /// the children after it are not.
    separators: Vec<E::Owned>,
    /// The elements below.
    count: usize,
}

/// How an insertion went.
pub enum Inserted<E: Element> {
    /// It replaced this one.
    Replaced(E),
    /// There is one more.
    Added,
    /// There is one more, and the node had to give its right half away, whose least key is this or more.
    Split(E::Owned, Arc<Node<E>>),
}

impl<E: Element> Branch<E> {
    /// Which child has the key, if any has.
    pub fn child_of(&self, key: E::Probe<'_>) -> usize {
        self.separators.partition_point(|separator| E::compare_owned(separator, key).is_le())
    }
}

impl<E: Element> Node<E> {
    /// The elements at or below the node.
    pub fn count(&self) -> usize {
        match self {
            Node::Leaf(leaf) => leaf.elements().len(),
            Node::Branch(branch) => branch.count,
        }
    }

    /// How many elements below have a lesser key.
    pub fn rank(&self, key: E::Probe<'_>) -> usize {
        let mut node = self;
        let mut rank = 0;
        loop {
            match node {
                Node::Leaf(leaf) => return rank + leaf.rank(key),
                Node::Branch(branch) => {
                    let at = branch.child_of(key);
                    rank += branch.children[..at].iter().map(|child| child.count()).sum::<usize>();
                    node = &branch.children[at];
                }
            }
        }
    }

    /// A branch over two nodes.
    pub fn over(left: Arc<Node<E>>, separator: E::Owned, right: Arc<Node<E>>) -> Node<E> {
        let count = left.count() + right.count();
        Node::Branch(Branch { children: vec![left, right], separators: vec![separator], count })
    }

    /// Adds an element.
    pub fn insert(&mut self, element: E) -> Inserted<E> {
        match self {
            Node::Leaf(leaf) => leaf.insert(element),
            Node::Branch(branch) => branch.insert(element),
        }
    }

    /// Removes an element that is there.
    pub fn remove(&mut self, key: E::Probe<'_>) -> Option<E> {
        match self {
            Node::Leaf(leaf) => leaf.remove(key),
            Node::Branch(branch) => branch.remove(key),
        }
    }

    /// How many parts it has: what its width limits.
    fn width(&self) -> usize {
        match self {
            Node::Leaf(leaf) => leaf.elements().len(),
            Node::Branch(branch) => branch.children.len(),
        }
    }
}

/// Where to split what is one part too wide: in the middle, or, if it grew at its end, near the end, since keys
/// that come in order then fill the nodes.
pub fn split_point(length: usize, grew_at: usize) -> usize {
    if grew_at + 1 == length { length - 1 } else { length / 2 }
}

impl<E: Element> Branch<E> {
    fn insert(&mut self, element: E) -> Inserted<E> {
        let at = self.child_of(element.probe());
        match Arc::make_mut(&mut self.children[at]).insert(element) {
            Inserted::Replaced(old) => return Inserted::Replaced(old),
            Inserted::Added => self.count += 1,
            Inserted::Split(separator, right) => {
                self.count += 1;
                self.separators.insert(at, separator);
                self.children.insert(at + 1, right);
            }
        }
        if self.children.len() <= WIDTH {
            return Inserted::Added;
        }
        // A branch must keep two children, so the right one never gets the last child alone.
        let middle = split_point(self.children.len(), at + 1).min(self.children.len() - 2);
        let children = self.children.split_off(middle);
        let separators = self.separators.split_off(middle);
        let separator = self.separators.pop();
        let count = children.iter().map(|child| child.count()).sum();
        self.count -= count;
        match separator {
            Some(separator) => {
                Inserted::Split(separator, Arc::new(Node::Branch(Branch { children, separators, count })))
            }
            // Not reached: the left half keeps two children and more, hence a separator to give away.
            None => Inserted::Added,
        }
    }

    fn remove(&mut self, key: E::Probe<'_>) -> Option<E> {
        let at = self.child_of(key);
        let removed = Arc::make_mut(&mut self.children[at]).remove(key)?;
        self.count -= 1;
        if self.children[at].width() < WIDTH / 4 {
            self.merge(at);
        }
        Some(removed)
    }

    /// Puts a child that has become narrow together with a neighbour, if both fit into one node.
    fn merge(&mut self, at: usize) {
        let neighbours = [at.checked_sub(1), Some(at).filter(|at| at + 1 < self.children.len())];
        let pair = neighbours
            .into_iter()
            .flatten()
            .find(|&left| self.children[left].width() + self.children[left + 1].width() <= WIDTH / 4 * 3);
        let Some(left) = pair else {
            if self.children[at].count() == 0 {
                self.drop_child(at);
            }
            return;
        };
        let right = self.children.remove(left + 1);
        let separator = self.separators.remove(left);
        match (Arc::make_mut(&mut self.children[left]), Arc::unwrap_or_clone(right)) {
            (Node::Leaf(leaf), Node::Leaf(more)) => leaf.append(more),
            (Node::Branch(branch), Node::Branch(more)) => {
                branch.children.extend(more.children);
                branch.separators.push(separator);
                branch.separators.extend(more.separators);
                branch.count += more.count;
            }
            // Not reached: all children of a branch are of one height.
            (Node::Leaf(_), Node::Branch(_)) | (Node::Branch(_), Node::Leaf(_)) => {}
        }
    }

    /// Removes a child with nothing in it.
    fn drop_child(&mut self, at: usize) {
        if self.children.len() > 1 {
            self.children.remove(at);
            self.separators.remove(at.saturating_sub(1));
        }
    }
}
