//! Where in a document the decoder is: steps kept on the stack, printed only for a message.

use std::fmt::{self, Write};

use crate::{Field, TypeRef};

/// A step from an object or a list to a part of it.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// The whole document.
    Root,
    /// A struct's field.
    Field(TypeRef<'a>, &'a Field),
    /// A map's entry, or a key that is no field.
    Key(&'a str),
    /// A list's element.
    Index(usize),
}

/// A place: a step, and the place it was taken from.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    up: Option<&'a Frame<'a>>,
    step: Step<'a>,
}

impl Frame<'static> {
    pub const ROOT: Frame<'static> = Frame { up: None, step: Step::Root };
}

impl<'a> Frame<'a> {
    pub fn then(&'a self, step: Step<'a>) -> Frame<'a> {
        Frame { up: Some(self), step }
    }

    /// The path as Go's decoder prints it: the innermost struct's name and the fields from the root, embedded structs
    /// among them, map keys and indices left out. Nothing at the root.
    pub fn go_path(&self) -> Option<String> {
        let mut owner = None;
        let mut names = Vec::new();
        let mut at = Some(self);
        while let Some(frame) = at {
            if let Step::Field(ty, field) = frame.step {
                owner = owner.or(Some(ty));
                names.push(field.name.as_str());
                let start = names.len();
                embedding(ty, field, &mut names);
                names[start..].reverse();
            }
            at = frame.up;
        }
        let mut out = short_name(owner?).to_owned();
        for name in names.iter().rev() {
            out.push('.');
            out.push_str(name);
        }
        Some(out)
    }
}

/// The embedded structs between `ty` and its `field`, outermost first.
fn embedding<'a>(ty: TypeRef<'a>, field: &Field, names: &mut Vec<&'a str>) {
    let inline = |index| ty.as_struct()?.inline.get(usize::from(index));
    let Some((id, _)) = field.via.and_then(inline) else { return };
    let inner = ty.schema.get(*id);
    names.push(short_name(inner));
    if let Some(field) = inner.field(&field.name) {
        embedding(inner, field, names);
    }
}

/// A type's name without its package.
pub(super) fn short_name(ty: TypeRef<'_>) -> &str {
    ty.ty().name.rsplit('.').next().unwrap_or("")
}

/// The path as reports and `object::json::locate` print it: `spec.containers[0].name`.
impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        if let Some(up) = self.up {
            up.fmt(f)?;
            first = matches!(up.step, Step::Root);
        }
        let name = match self.step {
            Step::Root => return Ok(()),
            Step::Index(index) => return write!(f, "[{index}]"),
            Step::Field(_, field) => field.name.as_str(),
            Step::Key(key) => key,
        };
        if !first {
            f.write_char('.')?;
        }
        f.write_str(name)
    }
}
