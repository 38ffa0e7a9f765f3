//! Kernel parameters of a pod.

use std::collections::BTreeSet;

use status::FieldErrors;

use crate::checks::Field;

const MAX_LENGTH: usize = 253;
const PATTERN: &str = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

pub(super) fn validate(list: &Field<'_, '_>, spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut names = BTreeSet::new();
    for sysctl in list.items() {
        let name = sysctl.child("name");
        if name.is_empty() {
            name.missing(errors, "");
        } else if !is_good(name.text()) {
            let detail = format!("must have at most {MAX_LENGTH} characters and match regex {PATTERN}");
            name.invalid_text(errors, detail);
        } else if names.contains(name.text()) {
            name.duplicate(errors);
        }
        names.insert(name.text());
        for field in ["hostNetwork", "hostIPC"] {
            if spec.child(field).flag() && belongs_to(name.text()) == Some(field) {
                name.invalid_text(errors, format!("may not be specified when '{field}' is true"));
            }
        }
    }
}

fn is_good(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let edge = |byte: Option<u8>| byte.is_some_and(inner);
    name.len() <= MAX_LENGTH
        && name.split(['.', '/']).all(|part| {
            edge(part.bytes().next())
                && edge(part.bytes().next_back())
                && part.bytes().all(|byte| inner(byte) || matches!(byte, b'-' | b'_'))
        })
}

/// The field that says a pod shares the namespace which the parameter belongs to.
fn belongs_to(name: &str) -> Option<&'static str> {
    let slash_first = name.find('/').is_some_and(|slash| name.find('.').is_none_or(|dot| slash < dot));
    let name = if slash_first { name.replace('/', ".") } else { name.to_owned() };
    let of_ipc = name == "kernel.sem"
        || ["kernel.shm", "kernel.msg", "fs.mqueue."].iter().any(|prefix| name.starts_with(prefix));
    match (of_ipc, name.starts_with("net.")) {
        (true, _) => Some("hostIPC"),
        (_, true) => Some("hostNetwork"),
        _ => None,
    }
}
