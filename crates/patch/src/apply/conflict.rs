//! The 409 that names who owns what an apply would change.

use status::{Cause, Reason, Status};

use super::ownership::Conflicts;

/// The conflict as the API states it: one cause per field, the message sorted by manager.
pub(super) fn status(mut conflicts: Conflicts) -> Box<Status> {
    conflicts.sort_by_cached_key(|conflict| conflict.identifier());
    let all: Vec<(String, Vec<String>)> =
        conflicts.iter().map(|conflict| (conflict.description(), conflict.fields.paths())).collect();
    let count: usize = all.iter().map(|(_, paths)| paths.len()).sum();
    let mut status = Status::failure(Reason::Conflict, message(&all, count));
    for (manager, paths) in &all {
        for path in paths {
            status = status.with_cause(Cause {
                reason: "FieldManagerConflict".to_owned(),
                message: format!("conflict with {manager}"),
                field: path.clone(),
            });
        }
    }
    status
}

fn message(all: &[(String, Vec<String>)], count: usize) -> String {
    if let ([(manager, paths)], 1) = (all, count) {
        return format!("Apply failed with 1 conflict: conflict with {manager}: {}", paths.concat());
    }
    let mut lines = Vec::with_capacity(all.len() + count);
    for (manager, paths) in all {
        lines.push(format!("conflicts with {manager}:"));
        lines.extend(paths.iter().map(|path| format!("- {path}")));
    }
    format!("Apply failed with {count} conflicts: {}", lines.join("\n"))
}
