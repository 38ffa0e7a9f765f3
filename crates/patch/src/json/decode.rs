//! The patch itself: what it has to look like, and what is said of one that does not.

use std::sync::LazyLock;

use object::{Value, json};
use schema::{Schema, TypeRef};
use status::{Result, Status};

use super::apply::Operation;
use crate::document::{Document, Slot};

/// What strict decoding takes a patch for.
static TYPES: LazyLock<Schema> = LazyLock::new(|| {
    let types = "package handlers
type any any
type jsonPatchOp struct
  op - string
  path - string
  from - string
  value - any
type patch struct
  operations - []jsonPatchOp";
    schema::parse(&[types]).unwrap_or_default()
});

fn patch_type() -> Option<TypeRef<'static>> {
    TYPES.named("handlers.patch")?.child("operations")
}

/// Checks a patch as strict decoding does, and answers what it reports.
pub(super) fn check_strictly(patch: &[u8]) -> Result<Vec<String>> {
    let refuse = |error: String| Status::bad_request(format!("error decoding patch: {error}"));
    let (value, notices) = json::parse_with_notices(patch).map_err(|error| refuse(error.message))?;
    let Some(ty) = patch_type() else { return Ok(Vec::new()) };
    let (_, reports) = schema::decode_with_notices(ty, value, patch, &notices).map_err(refuse)?;
    Ok(reports.into_iter().map(|report| format!("json patch {report}")).collect())
}

/// Checks a patch when nobody wants to hear of unknown fields.
pub(super) fn check_leniently(patch: &[u8]) -> Result<()> {
    let value = json::parse(patch).map_err(|error| Status::bad_request(error.message))?;
    let operations = match &value {
        Value::Null => &[][..],
        Value::Array(operations) => operations,
        other => return Err(wrong_type(other, "jsonpatch.Patch")),
    };
    let odd = operations.iter().find(|operation| !matches!(operation, Value::Object(_) | Value::Null));
    odd.map_or(Ok(()), |operation| Err(wrong_type(operation, "jsonpatch.Operation")))
}

fn wrong_type(value: &Value, wanted: &str) -> Box<Status> {
    let given = value.type_name();
    Status::bad_request(format!("json: cannot unmarshal {given} into Go value of type {wanted}"))
}

/// The operations of a patch that was loaded into `document`.
pub(super) fn operations(document: &mut Document, patch: Slot) -> Vec<Operation> {
    let elements = patch.and_then(|id| document.array(id)).cloned().unwrap_or_default();
    elements.into_iter().map(|element| operation(document, element)).collect()
}

fn operation(document: &mut Document, slot: Slot) -> Operation {
    let members = slot.and_then(|id| document.object(id)).cloned().unwrap_or_default();
    let member = |name| members.get(name).copied().flatten();
    let text = |name| member(name).and_then(|id| document.text(id));
    Operation { op: text("op"), path: text("path"), from: text("from"), value: member("value") }
}
