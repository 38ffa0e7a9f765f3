//! The path of a field in an object, as messages and causes print it.

use std::fmt;

/// A path such as `spec.containers[0].env["A"]`, kept as a list of borrowed steps on the stack: nothing is
/// allocated until an error prints it.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Field(&'a str),
    Index(usize),
    Key(&'a str),
}

impl Path<'static> {
    /// The whole object.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };
}

impl<'a> Path<'a> {
    /// A path of one field.
    pub fn new(field: &'a str) -> Path<'a> {
        Path { parent: None, step: Step::Field(field) }
    }

    /// The field `name` of what this path names. `name` may hold dots.
    pub fn child(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// The list element `index`.
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    /// The map entry `key`, printed `[key]`.
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Key(key) }
    }

    /// Whether this is the whole object.
    pub fn is_root(&self) -> bool {
        matches!(self.step, Step::Root)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Field(name) => match self.parent {
                Some(parent) if !parent.is_root() => write!(f, ".{name}"),
                _ => f.write_str(name),
            },
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) => write!(f, "[{key}]"),
        }
    }
}

impl fmt::Debug for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_steps() {
        let spec = Path::ROOT.child("spec");
        let containers = spec.child("containers");
        let first = containers.index(0);
        let labels = first.child("labels");
        assert_eq!(labels.key("a/b").to_string(), "spec.containers[0].labels[a/b]");
        assert_eq!(Path::ROOT.to_string(), "");
        assert_eq!(Path::new("a").child("b").to_string(), "a.b");
    }
}
