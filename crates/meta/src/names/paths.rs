//! Names that become a segment of a URL's path.

use super::{Messages, unless};

/// A name without `/` and `%` that is neither `.` nor `..`; may be empty and of any length.
pub fn path_segment_name(name: &str) -> Messages {
    match name {
        "." => unless(false, "may not be '.'"),
        ".." => unless(false, "may not be '..'"),
        _ => path_segment_prefix(name),
    }
}

/// What such a name may begin with.
pub fn path_segment_prefix(name: &str) -> Messages {
    let mut messages = unless(!name.contains('/'), "may not contain '/'");
    messages.extend(unless(!name.contains('%'), "may not contain '%'"));
    messages
}
