//! What Go's typed decoding makes of a tree: types checked, unknown fields pruned and reported, scalars canonical.
//!
//! Go's decoder remembers the first mismatch and goes on; what a type's own unmarshaller refuses (a quantity, a
//! time) ends it at once. So of several errors the first *refusal* in the document counts, and only without one the
//! first mismatch. Trees are sorted, so the document itself is asked for the order, when there is anything to order.

mod frame;
mod names;
mod report;
mod scalar;
mod special;
#[cfg(test)]
mod tests;

use object::{Map, Notices, Value};

use crate::{Additional, Shape, Struct, TypeRef, normalise, zero};
use frame::{Frame, Step};
pub use names::go_type;
use report::Report;
pub(crate) use scalar::round_up_to_milli;
pub(crate) use special::alternative;

/// Decodes `value`, parsed from the JSON document `source`, as a `ty`: answers the normalised object and what strict
/// decoding reports (`unknown field "spec.x"`) in document order, each once, at most 100.
///
/// # Errors
/// What Go's decoder says of the document, such as `json: cannot unmarshal string into Go struct field
/// DeploymentSpec.spec.replicas of type int32`.
pub fn decode(ty: TypeRef<'_>, value: Value, source: &[u8]) -> Result<(Value, Vec<String>), String> {
    decode_with_notices(ty, value, source, &Notices::default())
}

/// As [`decode`]; the duplicate keys that parsing noticed take their places among the reports. Those of YAML
/// ([`Notice::DuplicateKey`](object::Notice::DuplicateKey)) are no part of it: they are reported before.
///
/// # Errors
/// As [`decode`].
pub fn decode_with_notices(
    ty: TypeRef<'_>,
    mut value: Value,
    source: &[u8],
    notices: &Notices,
) -> Result<(Value, Vec<String>), String> {
    let mut decoder = Decoder { report: Report::default(), strict: true, depth: 0, source };
    decoder.value(ty, &mut value, &Frame::ROOT);
    let reports = decoder.report.finish(source, notices)?;
    normalise(ty, &mut value);
    Ok((value, reports))
}

/// Whether the quantities of a map are rounded up to thousandths.
pub(crate) fn is_resource_list(ty: TypeRef<'_>) -> bool {
    ty.ty().name == "io.k8s.api.core.v1.ResourceList"
}

/// How deep a document may nest as far as its type follows. Only JSON schemas hold themselves; theirs are shallow.
const MAX_DEPTH: usize = 500;

struct Decoder<'s> {
    report: Report,
    /// Unknown fields are reported. Not within types that decode themselves.
    strict: bool,
    depth: usize,
    source: &'s [u8],
}

impl Decoder<'_> {
    fn value(&mut self, ty: TypeRef<'_>, value: &mut Value, frame: &Frame<'_>) {
        if self.depth == MAX_DEPTH {
            return self.report.refusal("exceeded max depth".to_owned(), &Frame::ROOT);
        }
        self.depth += 1;
        self.shaped(ty, value, frame);
        self.depth -= 1;
    }

    fn shaped(&mut self, ty: TypeRef<'_>, value: &mut Value, frame: &Frame<'_>) {
        match (ty.shape(), &mut *value) {
            (Shape::Scalar(scalar), _) => self.scalar(ty, *scalar, value, frame),
            (Shape::Any, _) => self.special(ty, value, frame),
            (_, Value::Null) => {}
            (Shape::Struct(of), Value::Object(map)) => self.structure(ty, of, map, frame),
            (Shape::List(list), Value::Array(items)) => {
                let item_ty = ty.schema.get(list.items);
                for (index, item) in items.iter_mut().enumerate() {
                    self.value(item_ty, item, &frame.then(Step::Index(index)));
                    if item.is_null() {
                        *item = zero(item_ty);
                    }
                }
            }
            (Shape::Map(of), Value::Object(map)) => {
                let value_ty = ty.schema.get(of.values);
                let rounded = is_resource_list(ty);
                for (key, entry) in map.iter_mut() {
                    self.value(value_ty, entry, &frame.then(Step::Key(key)));
                    if entry.is_null() {
                        *entry = zero(value_ty);
                    } else if rounded {
                        round_up_to_milli(entry);
                    }
                }
            }
            (Shape::Struct(_) | Shape::List(_) | Shape::Map(_), other) => {
                self.report.mismatch(other.type_name(), &names::go_type(ty), frame);
            }
        }
    }

    fn structure(&mut self, ty: TypeRef<'_>, of: &Struct, map: &mut Map, frame: &Frame<'_>) {
        let mut pruned = false;
        for (key, value) in map.iter_mut() {
            match (of.field(key), of.additional) {
                (Some(field), _) => {
                    self.value(ty.schema.get(field.ty), value, &frame.then(Step::Field(ty, field)));
                }
                (None, Additional::Typed(id)) => {
                    self.value(ty.schema.get(id), value, &frame.then(Step::Key(key)));
                }
                (None, Additional::Preserve) => {}
                (None, Additional::Prune) => {
                    pruned = true;
                    if self.strict {
                        self.report.unknown(&frame.then(Step::Key(key)));
                    }
                }
            }
        }
        if pruned {
            map.retain(|key, _| of.field(key).is_some());
        }
    }
}
