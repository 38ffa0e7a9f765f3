//! One rule of a role (`rbacv1.PolicyRule`): what it allows, and how it prints.

use object::{Text, Value};

use crate::authorization::Attributes;

const ALL: &str = "*";

/// Verbs on resources, or on paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The verbs; `*` is all.
    pub verbs: Vec<Text>,
    /// The API groups; `*` is all.
    pub groups: Vec<Text>,
    /// The resources, such as `pods`, `pods/log`, `*/scale` or `*`.
    pub resources: Vec<Text>,
    /// The objects' names; none is all.
    pub names: Vec<Text>,
    /// The paths, such as `/healthz`, `/healthz/*` or `*`.
    pub paths: Vec<Text>,
}

/// The texts of the list `field`.
fn texts(value: &Value, field: &str) -> Vec<Text> {
    value.items_at([field]).iter().filter_map(Value::as_str).map(Text::new).collect()
}

/// The list as a JSON value.
fn list(items: &[Text]) -> Value {
    Value::Array(items.iter().cloned().map(Value::String).collect())
}

fn has(list: &[Text], item: &str) -> bool {
    list.iter().any(|known| known == item)
}

impl Rule {
    /// Of a PolicyRule; what is malformed allows nothing.
    pub fn read(value: &Value) -> Rule {
        Rule {
            verbs: texts(value, "verbs"),
            groups: texts(value, "apiGroups"),
            resources: texts(value, "resources"),
            names: texts(value, "resourceNames"),
            paths: texts(value, "nonResourceURLs"),
        }
    }

    /// The rules of a Role or ClusterRole.
    pub fn read_all(role: &Value) -> Vec<Rule> {
        role.items_at(["rules"]).iter().map(Rule::read).collect()
    }

    /// The verbs on the resources of one group.
    pub fn on(group: &str, resources: &[&str], verbs: &[&str]) -> Rule {
        let owned = |items: &[&str]| items.iter().map(Text::new).collect();
        Rule {
            verbs: owned(verbs),
            groups: vec![Text::new(group)],
            resources: owned(resources),
            ..Rule::default()
        }
    }

    /// Every verb on every resource and path.
    pub fn everything() -> Vec<Rule> {
        let all = || vec![Text::new(ALL)];
        vec![
            Rule { verbs: all(), groups: all(), resources: all(), ..Rule::default() },
            Rule { verbs: all(), paths: all(), ..Rule::default() },
        ]
    }

    /// Whether the rule allows a request.
    pub fn allows(&self, attributes: &Attributes<'_>) -> bool {
        if !has(&self.verbs, ALL) && !has(&self.verbs, attributes.verb) {
            return false;
        }
        if !attributes.resource_request {
            return self.paths.iter().any(|pattern| path_matches(pattern, attributes.path));
        }
        (has(&self.groups, ALL) || has(&self.groups, attributes.group))
            && self.resources.iter().any(|known| resource_matches(known, attributes))
            && (self.names.is_empty() || has(&self.names, attributes.name))
    }

    /// Whether this rule grants all that `other` does. `other` has one element at most in each list.
    pub fn covers(&self, other: &Rule) -> bool {
        let all_of =
            |mine: &[Text], theirs: &[Text]| has(mine, ALL) || theirs.iter().all(|item| has(mine, item));
        all_of(&self.verbs, &other.verbs)
            && all_of(&self.groups, &other.groups)
            && other.resources.iter().all(|resource| self.covers_resource(resource))
            && other.paths.iter().all(|path| self.paths.iter().any(|mine| path_matches(mine, path)))
            && (self.names.is_empty()
                || !other.names.is_empty() && other.names.iter().all(|name| has(&self.names, name)))
    }

    fn covers_resource(&self, resource: &str) -> bool {
        has(&self.resources, ALL)
            || has(&self.resources, resource)
            || resource
                .split_once('/')
                .is_some_and(|(_, subresource)| has(&self.resources, &format!("*/{subresource}")))
    }

    /// The rule with one element in each list, in all combinations.
    pub fn break_down(&self) -> Vec<Rule> {
        let mut rules = Vec::new();
        let one = |item: &Text| vec![item.clone()];
        for group in &self.groups {
            for resource in &self.resources {
                for verb in &self.verbs {
                    let rule = Rule {
                        verbs: one(verb),
                        groups: one(group),
                        resources: one(resource),
                        ..Rule::default()
                    };
                    if self.names.is_empty() {
                        rules.push(rule);
                    } else {
                        rules.extend(self.names.iter().map(|name| Rule { names: one(name), ..rule.clone() }));
                    }
                }
            }
        }
        for path in &self.paths {
            for verb in &self.verbs {
                rules.push(Rule { verbs: one(verb), paths: one(path), ..Rule::default() });
            }
        }
        rules
    }

    /// The rule in the form a refused escalation lists it in.
    pub fn describe(&self) -> String {
        let fields = [
            ("APIGroups", &self.groups),
            ("Resources", &self.resources),
            ("NonResourceURLs", &self.paths),
            ("ResourceNames", &self.names),
            ("Verbs", &self.verbs),
        ];
        let written: Vec<String> = fields
            .into_iter()
            .filter(|(_, items)| !items.is_empty())
            .map(|(name, items)| format!("{name}:{}", go_list(items)))
            .collect();
        format!("{{{}}}", written.join(", "))
    }

    /// The rule as an entry of a SelfSubjectRulesReview: a ResourceRule and a NonResourceRule, as far as it has them.
    pub(crate) fn review(&self) -> (Option<Value>, Option<Value>) {
        let mut resource = None;
        if !self.resources.is_empty() {
            let mut entry = Value::object();
            entry.set("verbs", list(&self.verbs));
            for (key, items) in
                [("apiGroups", &self.groups), ("resources", &self.resources), ("resourceNames", &self.names)]
            {
                if !items.is_empty() {
                    entry.set(key, list(items));
                }
            }
            resource = Some(entry);
        }
        let path = (!self.paths.is_empty()).then(|| {
            let mut entry = Value::object();
            entry.set("verbs", list(&self.verbs));
            entry.set("nonResourceURLs", list(&self.paths));
            entry
        });
        (resource, path)
    }
}

/// A list of texts as Go's `%q` prints it: `["a" "b"]`.
pub(crate) fn go_list(items: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| status::go_quote(item.as_ref())).collect();
    format!("[{}]", quoted.join(" "))
}

fn resource_matches(known: &str, attributes: &Attributes<'_>) -> bool {
    if known == ALL {
        return true;
    }
    if attributes.subresource.is_empty() {
        return known == attributes.resource;
    }
    let resource = known.strip_suffix(attributes.subresource).and_then(|rest| rest.strip_suffix('/'));
    resource.is_some_and(|resource| resource == ALL || resource == attributes.resource)
}

fn path_matches(pattern: &str, path: &str) -> bool {
    if pattern == path {
        return true;
    }
    pattern.ends_with('*') && path.starts_with(pattern.trim_end_matches('*'))
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
