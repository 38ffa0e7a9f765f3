//! Names, DNS and hosts files of a pod.

use meta::names::{dns1123_label, dns1123_subdomain, dns1123_subdomain_with_underscore, legacy_ip};
use status::{FieldError, FieldErrors};

use crate::checks::Field;

pub(super) fn dns(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_NAMESERVERS: usize = 3;
    const MAX_SEARCHES: usize = 32;
    const MAX_SEARCH_LENGTH: usize = 2048;
    let config = spec.child("dnsConfig");
    let (servers, searches) = (config.child("nameservers"), config.child("searches"));
    if spec.child("dnsPolicy").text() == "None" {
        if !config.is_present() {
            config.missing(errors, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if servers.is_empty() {
            servers.missing(errors, "must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }
    }
    if servers.list().len() > MAX_NAMESERVERS {
        servers.invalid(errors, format!("must not have more than {MAX_NAMESERVERS} nameservers"));
    }
    for server in servers.items() {
        server.name(errors, legacy_ip);
    }
    if searches.list().len() > MAX_SEARCHES {
        searches.invalid(errors, format!("must not have more than {MAX_SEARCHES} search paths"));
    }
    let length: usize = searches.texts().map(|search| search.len() + 1).sum();
    if length > MAX_SEARCH_LENGTH + 1 {
        let detail = format!(
            "must not have more than {MAX_SEARCH_LENGTH} characters (including spaces) in the search list"
        );
        searches.invalid(errors, detail);
    }
    for search in searches.items() {
        let name = search.text();
        if name == "." {
            continue;
        }
        for message in dns1123_subdomain_with_underscore(name.strip_suffix('.').unwrap_or(name)) {
            let shown = name.strip_suffix('.').unwrap_or(name);
            errors.push(FieldError::invalid(&search.path, shown, message));
        }
    }
    for option in config.child("options").items() {
        if option.child("name").is_empty() {
            option.missing(errors, "must not be empty");
        }
    }
}

pub(super) fn host_aliases(list: &Field<'_, '_>, errors: &mut FieldErrors) {
    for alias in list.items() {
        alias.child("ip").name(errors, legacy_ip);
        for name in alias.child("hostnames").items() {
            name.name(errors, dns1123_subdomain);
        }
    }
}

pub(super) fn host_names(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    for field in ["hostname", "subdomain"] {
        let field = spec.child(field);
        if !field.is_empty() {
            field.name(errors, dns1123_label);
        }
    }
}

pub(super) fn host_name_override(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_LENGTH: usize = 64;
    let name = spec.child("hostnameOverride");
    if !name.is_present() {
        return;
    }
    if name.text().len() > MAX_LENGTH {
        errors.push(FieldError::too_long(&name.path, MAX_LENGTH as i64));
    }
    name.name(errors, dns1123_subdomain);
    for field in ["setHostnameAsFQDN", "hostNetwork"] {
        if spec.child(field).flag() {
            name.forbidden(errors, format!("may not be specified when {field} is true"));
        }
    }
}
