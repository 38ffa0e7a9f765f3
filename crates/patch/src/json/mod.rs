//! JSON patch (RFC 6902, in the reading of the Go library that Kubernetes uses).

mod apply;
mod decode;
mod pointer;
#[cfg(test)]
mod tests;

use status::{Details, Reason, Result, Status};

use crate::document::Document;
use crate::{Patched, utf8};
use apply::{Rejected, Target};

/// How many operations a patch may have.
const MAX_OPERATIONS: usize = 10_000;

/// Applies a JSON patch to an object's JSON. With `strict`, odd fields of the patch are reported and wrongly typed
/// ones refused, as `fieldValidation` other than `Ignore` asks.
///
/// # Errors
/// 400 for what is no patch, 413 for more than 10,000 operations, 422 if an operation can't be done; then none is.
pub fn json_patch(target: &[u8], patch: &[u8], strict: bool) -> Result<Patched> {
    let reports = if strict {
        decode::check_strictly(patch)?
    } else {
        decode::check_leniently(patch)?;
        Vec::new()
    };
    let mut document = Document::default();
    let root = document.load(&utf8(target));
    let patch = document.load(&utf8(patch));
    let operations = decode::operations(&mut document, patch);
    if operations.len() > MAX_OPERATIONS {
        let count = operations.len();
        return Err(Status::request_entity_too_large(format_args!(
            "The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {count}"
        )));
    }
    let mut target = Target::new(document, root.ok_or_else(rejected)?);
    target.document.open(target.root);
    let applied = operations.iter().try_for_each(|operation| target.apply(operation));
    applied.map_err(|Rejected| rejected())?;
    let mut json = Vec::new();
    target.document.write(Some(target.root), &mut json);
    Ok(Patched { json, reports })
}

/// 422: what every patch that can't be applied is answered.
pub(crate) fn rejected() -> Box<Status> {
    Status::failure(Reason::Invalid, "the server rejected our request due to an error in our request")
        .with_details(Details::default())
}
