//! The rules of names: what may be a label, an object's name, a port's, a key's.
//!
//! Each rule answers the messages of what is wrong, none if the name is good. The messages hold the regular
//! expression a name is checked against; the checks themselves are hand-written byte matching that accepts
//! exactly the same. Sources: RFC 1123, RFC 1035, RFC 6335; "Object Names and IDs" and "Labels and Selectors" of
//! the Kubernetes documentation.

mod dns;
mod domain;
mod identifiers;
mod ip;
mod keys;
mod metadata;
mod paths;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use dns::{
    dns1035_label, dns1123_label, dns1123_subdomain, dns1123_subdomain_with_underscore,
    wildcard_dns1123_subdomain,
};
pub use domain::{
    domain_prefixed_key, domain_prefixed_path, fully_qualified_domain_name, fully_qualified_name,
};
pub use identifiers::{
    c_identifier, condition_reason, config_map_key, env_var_name, http_header_name, percent, port_name,
    relaxed_env_var_name,
};
pub use ip::{
    Cidr, cidr, cidr_warnings, interface_address, ip, ip_warning, legacy_cidr, legacy_ip, parse_cidr,
    parse_ip,
};
pub use keys::{label_key, label_value, qualified_name};
pub use metadata::{
    ANNOTATIONS_LIMIT, DELETE_DEPENDENTS_FINALIZER, ORPHAN_FINALIZER, check_annotations, check_finalizers,
    check_labels, disallowed_owner, is_disallowed_owner, is_standard_finalizer,
    standard_or_qualified_finalizer, two_controllers,
};
pub use paths::{path_segment_name, path_segment_prefix};

/// What is wrong with a name, for people; most often a fixed text.
pub type Message = Cow<'static, str>;
/// All that is wrong with a name; empty if nothing is.
pub type Messages = Vec<Message>;

/// The message alone if the name is not good.
fn unless(good: bool, message: &'static str) -> Messages {
    if good { Vec::new() } else { vec![Cow::Borrowed(message)] }
}

/// Both messages in order, each if its condition holds.
fn too_long_or_malformed(
    too_long: bool,
    limit: &'static str,
    well_formed: bool,
    form: &'static str,
) -> Messages {
    let mut messages = unless(!too_long, limit);
    messages.extend(unless(well_formed, form));
    messages
}

/// A number between `low` and `high`, both included.
pub fn in_range(value: i64, low: i64, high: i64) -> Messages {
    if (low..=high).contains(&value) {
        return Vec::new();
    }
    vec![Cow::Owned(format!("must be between {low} and {high}, inclusive"))]
}

/// A port number: 1 to 65535.
pub fn port_number(value: i64) -> Messages {
    in_range(value, 1, 65535)
}

/// A Unix user id: 0 to 2^31-1.
pub fn user_id(value: i64) -> Messages {
    in_range(value, 0, i64::from(i32::MAX))
}

/// A Unix group id: 0 to 2^31-1.
pub fn group_id(value: i64) -> Messages {
    in_range(value, 0, i64::from(i32::MAX))
}

/// A `generateName` as the rule of full names sees it: a dash at its end will not be the name's end.
pub fn mask_trailing_dash(prefix: &str) -> Cow<'_, str> {
    match prefix.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let kept: &str = rest.char_indices().next_back().map_or("", |(last, _)| &rest[..last]);
            Cow::Owned(format!("{kept}a"))
        }
        _ => Cow::Borrowed(prefix),
    }
}
