use registry::User;

use super::*;

fn rule(groups: &[&str], resources: &[&str], names: &[&str], verbs: &[&str]) -> Rule {
    let owned = |items: &[&str]| items.iter().map(Text::new).collect();
    Rule {
        verbs: owned(verbs),
        groups: owned(groups),
        resources: owned(resources),
        names: owned(names),
        ..Rule::default()
    }
}

fn paths(paths: &[&str], verbs: &[&str]) -> Rule {
    let owned = |items: &[&str]| items.iter().map(Text::new).collect();
    Rule { verbs: owned(verbs), paths: owned(paths), ..Rule::default() }
}

#[test]
fn rules_allow_resources() {
    let user = User::default();
    let star = rule(&["*"], &["*"], &[], &["*"]);
    let pods = rule(&[""], &["pods"], &[], &["get"]);
    let log = rule(&[""], &["pods/log"], &[], &["get"]);
    let any_status = rule(&[""], &["*/status"], &[], &["get"]);
    let named = rule(&[""], &["pods"], &["a"], &["get", "create"]);
    for (rule, verb, group, resource, subresource, name, allowed) in [
        (&star, "x", "y", "z", "w", "n", true),
        (&pods, "get", "", "pods", "", "a", true),
        (&pods, "list", "", "pods", "", "", false),
        (&pods, "get", "apps", "pods", "", "", false),
        (&pods, "get", "", "pods", "log", "", false),
        (&log, "get", "", "pods", "log", "", true),
        (&log, "get", "", "pods", "", "", false),
        (&any_status, "get", "", "things", "status", "", true),
        (&any_status, "get", "", "things", "log", "", false),
        (&any_status, "get", "", "things", "", "", false),
        (&named, "get", "", "pods", "", "a", true),
        (&named, "get", "", "pods", "", "b", false),
        (&named, "create", "", "pods", "", "", false),
    ] {
        let attributes =
            Attributes { subresource, name, ..Attributes::resource(&user, verb, group, resource) };
        assert_eq!(rule.allows(&attributes), allowed, "{} {attributes:?}", rule.describe());
    }
}

#[test]
fn rules_allow_paths() {
    let user = User::default();
    for (patterns, path, allowed) in [
        (&["/metrics"][..], "/metrics", true),
        (&["/metrics"][..], "/metrics/", false),
        (&["/debug/"][..], "/debug", false),
        (&["/healthz/*"][..], "/healthz/ping", true),
        (&["/healthz/*"][..], "/healthz", false),
        (&["*"][..], "/x", true),
    ] {
        let attributes = Attributes::path(&user, "get", path);
        assert_eq!(paths(patterns, &["get"]).allows(&attributes), allowed, "{patterns:?} {path}");
        assert!(!paths(patterns, &["post"]).allows(&attributes));
    }
    assert!(!rule(&["*"], &["*"], &[], &["*"]).allows(&Attributes::path(&user, "get", "/x")));
}

#[test]
fn a_rule_covers_what_it_grants() {
    let everything = rule(&["*"], &["*"], &[], &["*"]);
    let pods = rule(&[""], &["pods"], &[], &["get", "list"]);
    let named = rule(&[""], &["pods"], &["a", "b"], &["get"]);
    for (owner, wanted, covered) in [
        (&everything, rule(&[""], &["pods/log"], &[], &["get"]), true),
        (&pods, rule(&[""], &["pods"], &["a"], &["get"]), true),
        (&pods, rule(&[""], &["pods"], &[], &["*"]), false),
        (&pods, rule(&[""], &["pods/log"], &[], &["get"]), false),
        (&named, rule(&[""], &["pods"], &["a"], &["get"]), true),
        (&named, rule(&[""], &["pods"], &["c"], &["get"]), false),
        (&named, rule(&[""], &["pods"], &[], &["get"]), false),
        (&rule(&["*"], &["*/scale"], &[], &["get"]), rule(&["apps"], &["x/scale"], &[], &["get"]), true),
        (&paths(&["/a/*"], &["get"]), paths(&["/a/b"], &["get"]), true),
        (&paths(&["/a/*"], &["get"]), paths(&["*"], &["get"]), false),
        (&everything, paths(&["/a"], &["get"]), false),
    ] {
        assert_eq!(owner.covers(&wanted), covered, "{} {}", owner.describe(), wanted.describe());
    }
}

#[test]
fn rules_are_described_field_by_field() {
    for (rule, text) in [
        (
            rule(&[""], &["pods"], &["a"], &["delete", "watch"]),
            r#"{APIGroups:[""], Resources:["pods"], ResourceNames:["a"], Verbs:["delete" "watch"]}"#,
        ),
        (paths(&["*"], &["*"]), r#"{NonResourceURLs:["*"], Verbs:["*"]}"#),
    ] {
        assert_eq!(rule.describe(), text);
    }
}

#[test]
fn breaking_down_combines_all_elements() {
    let parts = rule(&["", "apps"], &["a", "b"], &["n", "m"], &["get", "list"]).break_down();
    assert_eq!(parts.len(), 16);
    assert!(parts.iter().all(|part| part.verbs.len() == 1 && part.names.len() == 1));
    assert_eq!(paths(&["/a", "/b"], &["get"]).break_down().len(), 2);
}
