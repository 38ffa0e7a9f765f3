//! The rules and subjects of flow schemas.

use status::{BadValue, FieldError, FieldErrors};

use crate::checks::Field;

const ALL: &str = "*";
const SUBJECT_KINDS: &[&str] = &["Group", "ServiceAccount", "User"];
const VERBS: &[&str] =
    &["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

/// Checks one rule of a flow schema.
pub(super) fn validate_rule(rule: &Field<'_, '_>, errors: &mut FieldErrors) {
    let subjects = rule.child("subjects");
    if subjects.is_empty() {
        subjects.missing(errors, "subjects must contain at least one value");
    }
    subjects.items().for_each(|subject| validate_subject(&subject, errors));
    let (resources, urls) = (rule.child("resourceRules"), rule.child("nonResourceRules"));
    if resources.is_empty() && urls.is_empty() {
        rule.missing(errors, "at least one of resourceRules and nonResourceRules has to be non-empty");
    }
    resources.items().for_each(|rule| validate_resource_rule(&rule, errors));
    urls.items().for_each(|rule| validate_url_rule(&rule, errors));
}

/// The field of each kind of subject.
const SUBJECT_FIELDS: &[(&str, &str)] =
    &[("ServiceAccount", "serviceAccount"), ("User", "user"), ("Group", "group")];

fn validate_subject(subject: &Field<'_, '_>, errors: &mut FieldErrors) {
    let kind = subject.child("kind").text();
    let Some((_, own)) = SUBJECT_FIELDS.iter().find(|(known, _)| *known == kind) else {
        return subject.child("kind").unsupported(errors, SUBJECT_KINDS);
    };
    let named = subject.child(own);
    if !named.is_present() {
        named.missing(errors, format!("{own} is required when subject kind is '{kind}'"));
    } else if *own == "serviceAccount" {
        validate_service_account(&named, errors);
    } else {
        named.child("name").required(errors);
    }
    for (other_kind, other) in SUBJECT_FIELDS.iter().filter(|(_, other)| other != own) {
        if subject.child(other).is_present() {
            let detail = format!("{other} is forbidden when subject kind is not '{other_kind}'");
            subject.child(other).forbidden(errors, detail);
        }
    }
}

fn validate_service_account(account: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (name, namespace) = (account.child("name"), account.child("namespace"));
    if name.required(errors) && name.text() != ALL {
        name.name(errors, meta::names::dns1123_subdomain);
    }
    if namespace.is_empty() {
        namespace.missing(errors, "must specify namespace for service account");
    } else {
        namespace.name(errors, meta::names::dns1123_label);
    }
}

/// Of `list` there must be one element at least, and `*` must stand alone; whether it is not `*`.
fn validate_wildcard(list: &Field<'_, '_>, needed: &str, others: &str, errors: &mut FieldErrors) -> bool {
    if list.is_empty() {
        list.missing(errors, needed);
        return false;
    }
    let wildcard = list.texts().any(|text| text == ALL);
    if wildcard && list.list().len() > 1 {
        list.invalid(errors, format!("if '*' is present, must not specify other {others}"));
    }
    !wildcard
}

fn validate_verbs(verbs: &Field<'_, '_>, errors: &mut FieldErrors) {
    let explicit = validate_wildcard(verbs, "verbs must contain at least one value", "verbs", errors);
    if explicit && !verbs.texts().all(|verb| VERBS.contains(&verb)) {
        let shown: BadValue = verbs.bad_value();
        errors.push(FieldError::not_supported(&verbs.path, shown, VERBS.iter().copied()));
    }
}

fn validate_resource_rule(rule: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_verbs(&rule.child("verbs"), errors);
    for (field, needed, others) in [
        ("apiGroups", "resource rules must supply at least one api group", "api groups"),
        ("resources", "resource rules must supply at least one resource", "resources"),
    ] {
        validate_wildcard(&rule.child(field), needed, others, errors);
    }
    let namespaces = rule.child("namespaces");
    if namespaces.is_empty() && rule.child("clusterScope").flag() {
        return;
    }
    let needed = "resource rules that are not cluster scoped must supply at least one namespace";
    if validate_wildcard(&namespaces, needed, "namespaces", errors) {
        for namespace in namespaces.items() {
            for message in meta::names::dns1123_label(namespace.text()) {
                namespace.invalid(
                    errors,
                    format!("each member of this list must be '*' or a DNS-1123 label; {message}"),
                );
            }
        }
    }
}

fn validate_url_rule(rule: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_verbs(&rule.child("verbs"), errors);
    let urls = rule.child("nonResourceURLs");
    let needed = "nonResourceURLs must contain at least one value";
    if validate_wildcard(&urls, needed, "non-resource URLs", errors) {
        for url in urls.items() {
            if let Some(why) = bad_url(url.text()) {
                url.invalid(errors, why);
            }
        }
    }
}

fn bad_url(path: &str) -> Option<&'static str> {
    let wildcards = path.matches('*').count();
    match path {
        "" => Some("must not be empty"),
        "/" => None,
        _ if !path.starts_with('/') => Some("must start with slash"),
        _ if path.contains(' ') => Some("must not contain white-space"),
        _ if path.contains("//") => Some("must not contain double slash"),
        _ if wildcards > 1 || (wildcards == 1 && !path.ends_with("/*")) => {
            Some("wildcard can only do suffix matching")
        }
        _ => None,
    }
}
