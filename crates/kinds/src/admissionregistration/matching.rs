//! Which requests a webhook or a policy is for: rules and selectors.

use object::Value;
use status::{FieldError, FieldErrors};

use crate::checks::Field;
use crate::fields::{default_absent, items_mut, present_mut};

const OPERATIONS: &[&str] = &["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES: &[&str] = &["*", "Cluster", "Namespaced"];
pub(super) const FAILURE_POLICIES: &[&str] = &["Fail", "Ignore"];
pub(super) const MATCH_POLICIES: &[&str] = &["Equivalent", "Exact"];
pub(super) const REINVOCATION_POLICIES: &[&str] = &["IfNeeded", "Never"];

/// Fills the selectors and the match policy that a webhook and `matchConstraints` have alike.
pub(super) fn default_match(of: &mut Value) {
    default_absent(of, "matchPolicy", "Equivalent");
    for selector in ["namespaceSelector", "objectSelector"] {
        default_absent(of, selector, Value::object());
    }
}

/// Fills the scopes of rules.
pub(super) fn default_rules(of: &mut Value, list: &str) {
    items_mut(of, list).iter_mut().for_each(|rule| default_absent(rule, "scope", "*"));
}

/// Fills `matchConstraints` or `matchResources`.
pub(super) fn default_resources(spec: &mut Value, field: &str) {
    let Some(resources) = present_mut(spec, field) else { return };
    default_match(resources);
    for list in ["resourceRules", "excludeResourceRules"] {
        default_rules(resources, list);
    }
}

/// Checks `matchConstraints` or `matchResources`.
pub(super) fn validate_resources(resources: &Field<'_, '_>, errors: &mut FieldErrors) {
    let policy = resources.child("matchPolicy");
    match policy.present() {
        None => policy.missing(errors, ""),
        Some(policy) => policy.one_of(errors, MATCH_POLICIES),
    }
    for name in ["namespaceSelector", "objectSelector"] {
        let selector = resources.child(name);
        match selector.present() {
            None => selector.missing(errors, ""),
            Some(selector) => selector.label_selector(errors, false),
        }
    }
    for list in ["resourceRules", "excludeResourceRules"] {
        for rule in resources.child(list).items() {
            let names = rule.child("resourceNames");
            for (index, name) in names.items().enumerate() {
                name.name(errors, meta::names::path_segment_name);
                if names.list()[..index].contains(name.value) {
                    name.duplicate(errors);
                }
            }
            validate_rule(&rule, errors);
        }
    }
}

/// Checks a rule with operations.
pub(super) fn validate_rule(rule: &Field<'_, '_>, errors: &mut FieldErrors) {
    let operations = rule.child("operations");
    validate_list(&operations, "operations", errors);
    operations.items().for_each(|operation| operation.one_of(errors, OPERATIONS));
    validate_list(&rule.child("apiGroups"), "API groups", errors);
    let versions = rule.child("apiVersions");
    validate_list(&versions, "API versions", errors);
    for version in versions.items() {
        version.required(errors);
    }
    validate_plurals(&rule.child("resources"), errors);
    if let Some(scope) = rule.child("scope").present() {
        scope.one_of(errors, SCOPES);
    }
}

/// A list must not be empty, and `*` stands alone in it.
fn validate_list(list: &Field<'_, '_>, what: &str, errors: &mut FieldErrors) {
    list.required(errors);
    if list.list().len() > 1 && list.texts().any(|text| text == "*") {
        list.invalid(errors, format!("if '*' is present, must not specify other {what}"));
    }
}

fn validate_plurals(resources: &Field<'_, '_>, errors: &mut FieldErrors) {
    resources.required(errors);
    let (mut whole, mut everywhere) = (Vec::new(), Vec::new());
    for resource in resources.items() {
        if !resource.required(errors) {
            continue;
        }
        let text = resource.text();
        let Some((plural, subresource)) = text.split_once('/') else { continue };
        if whole.contains(&plural) {
            resource.invalid(errors, format!("if '{plural}/*' is present, must not specify {text}"));
        }
        if everywhere.contains(&subresource) {
            resource.invalid(errors, format!("if '*/{subresource}' is present, must not specify {text}"));
        }
        if subresource == "*" {
            whole.push(plural);
        }
        if plural == "*" {
            everywhere.push(subresource);
        }
    }
    let has = |wanted: &str| resources.texts().any(|text| text == wanted);
    if resources.list().len() > 1 && has("*/*") {
        resources.invalid(errors, "if '*/*' is present, must not specify other resources");
    }
    let plain = resources.texts().any(|text| !text.is_empty() && text != "*" && !text.contains('/'));
    if has("*") && plain {
        let detail = "if '*' is present, must not specify other resources without subresources";
        resources.invalid(errors, detail);
    }
}

/// Checks a reference to the parameters of a policy.
pub(super) fn validate_parameters(reference: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (name, selector) = (reference.child("name"), reference.child("selector"));
    let exclusive = "name and selector are mutually exclusive";
    if !name.is_empty() {
        name.name(errors, meta::names::path_segment_name);
        if selector.is_present() {
            name.forbidden(errors, exclusive);
        }
    }
    if selector.is_present() {
        selector.label_selector(errors, false);
        if !name.is_empty() {
            selector.forbidden(errors, exclusive);
        }
    }
    if name.is_empty() && !selector.is_present() {
        reference.missing(errors, "one of name or selector must be specified");
    }
    reference.child("parameterNotFoundAction").required_one_of(errors, &["Deny", "Allow"]);
}

/// Checks what a binding has whatever it binds.
pub(super) fn validate_binding(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let policy = spec.child("policyName");
    if policy.required(errors) {
        policy.name(errors, meta::names::dns1123_subdomain);
    }
    if let Some(reference) = spec.child("paramRef").present() {
        validate_parameters(&reference, errors);
    }
    if let Some(resources) = spec.child("matchResources").present() {
        validate_resources(&resources, errors);
    }
}

/// Checks the kind of a policy's parameters.
pub(super) fn validate_parameter_kind(kind: &Field<'_, '_>, errors: &mut FieldErrors) {
    let version = kind.child("apiVersion");
    if version.required(errors) {
        match meta::GroupVersion::parse(version.text()) {
            Ok(parsed) => {
                let mut part = |text: &str, messages: Vec<_>| {
                    if !messages.is_empty() {
                        errors.push(FieldError::invalid(&version.path, text, messages.join(",")));
                    }
                };
                if !parsed.group.is_empty() {
                    part(&parsed.group, meta::names::dns1123_subdomain(&parsed.group));
                }
                part(&parsed.version, meta::names::dns1035_label(&parsed.version));
            }
            Err(error) => version.invalid(errors, error.to_string()),
        }
    }
    let name = kind.child("kind");
    if name.required(errors) {
        let messages = meta::names::dns1035_label(&name.text().to_lowercase());
        if !messages.is_empty() {
            let detail = format!("may have mixed case, but should otherwise match: {}", messages.join(","));
            name.invalid(errors, detail);
        }
    }
}
