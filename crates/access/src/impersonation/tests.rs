use http::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::testing::{Objects, grant, rbac, user};

fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in list {
        map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    map
}

#[test]
fn headers_say_who_is_wanted() {
    let mut all = headers(&[
        ("impersonate-user", "jane"),
        ("impersonate-uid", "7"),
        ("impersonate-group", "a"),
        ("impersonate-group", "b"),
        ("impersonate-extra-team", "x"),
        ("impersonate-extra-acme.com%2fproject", "p"),
        ("impersonate-extra-acme.com%2fproject", "q"),
        ("impersonate-foo", "x"),
    ]);
    let wanted = wanted_user(&mut all).ok().flatten().expect("somebody is wanted");
    let expected = User {
        uid: "7".to_owned(),
        extra: vec![
            ("acme.com/project".to_owned(), vec!["p".to_owned(), "q".to_owned()]),
            ("team".to_owned(), vec!["x".to_owned()]),
        ],
        ..user("jane", &["a", "b"])
    };
    assert_eq!(wanted, expected);
    assert_eq!(all.len(), 1, "the headers are gone");
    assert_eq!(wanted_user(&mut headers(&[("impersonate-foo", "x")])), Ok(None));
    assert_eq!(wanted_user(&mut headers(&[("impersonate-user", "")])), Ok(None));
}

#[test]
fn a_user_is_needed() {
    for (list, printed) in [
        (
            &[("impersonate-group", "g")][..],
            r#"UID:"", Groups:[]string{"g"}, Extra:map[string][]string(nil)"#,
        ),
        (
            &[("impersonate-extra-scopes", "view")][..],
            r#"UID:"", Groups:[]string(nil), Extra:map[string][]string{"scopes":[]string{"view"}}"#,
        ),
        (&[("impersonate-uid", "u")][..], r#"UID:"u", Groups:[]string(nil), Extra:map[string][]string(nil)"#),
    ] {
        let error = wanted_user(&mut headers(list)).err().map(|status| (status.code, status.message));
        let text =
            format!("requested &user.DefaultInfo{{Name:\"\", {printed}}} without impersonating a user name");
        assert_eq!(error, Some((400, text)));
    }
}

const REQUESTOR: &str = r#"{"kind":"ServiceAccount","namespace":"ns","name":"a"}"#;

/// The service account of [`REQUESTOR`], whose pod runs on `n1`.
fn requestor() -> User {
    let extra = vec![(crate::users::NODE_NAME.to_owned(), vec!["n1".to_owned()])];
    User { extra, ..user("system:serviceaccount:ns:a", &["system:serviceaccounts"]) }
}

fn impersonation(rules: &str) -> Impersonation {
    let objects = Arc::new(Objects::default());
    grant(&objects, "", "i", REQUESTOR, rules);
    Impersonation::new(rbac(&objects))
}

/// Whom the requestor becomes who lists pods in `ns`, or the refusal up to "resource".
async fn list_pods(impersonation: &Impersonation, wanted: &User) -> Result<Vec<String>, String> {
    let requestor = requestor();
    let attributes = Attributes { namespace: "ns", ..Attributes::resource(&requestor, "list", "", "pods") };
    let result = impersonation.impersonate(wanted, &attributes).await;
    result.map(|done| done.user.groups).map_err(|status| {
        let (_, refusal) = status.message.split_once("cannot ").unwrap_or_default();
        refusal.to_owned()
    })
}

#[tokio::test]
async fn the_first_mode_that_applies_names_the_refusal() {
    let nothing = impersonation("[]");
    for (name, mode) in [
        ("jane", "user-info"),
        ("system:anonymous", "user-info"),
        ("system:node:Bad_Name", "user-info"),
        ("system:node:n1", "associated-node"),
        ("system:node:n2", "arbitrary-node"),
        ("system:serviceaccount:ns:b", "serviceaccount"),
    ] {
        let refusal = list_pods(&nothing, &user(name, &[])).await.err().unwrap_or_default();
        let expected =
            format!(r#"impersonate-on:{mode}:list resource "pods" in API group "" in the namespace "ns""#);
        assert_eq!(refusal, expected, "{name}");
    }
}

#[tokio::test]
async fn the_plain_verb_allows_everything_and_is_remembered() {
    let plain = impersonation(
        r#"[{"verbs":["impersonate"],"apiGroups":[""],"resources":["users","serviceaccounts"]},
            {"verbs":["impersonate"],"apiGroups":[""],"resources":["groups"],"resourceNames":["g1","system:masters"]}]"#,
    );
    let authenticated = |groups: &[&str]| {
        Ok(groups.iter().chain(&["system:authenticated"]).map(|group| (*group).to_owned()).collect())
    };
    for (name, groups, expected) in [
        ("x", &["g1"][..], &["g1"][..]),
        ("x", &["system:masters"], &["system:masters"]),
        ("system:serviceaccount:ns:b", &[], &["system:serviceaccounts", "system:serviceaccounts:ns"]),
        ("system:serviceaccount:ns:b", &["g1"], &["g1"]),
        ("system:node:n2", &[], &[]),
    ] {
        assert_eq!(list_pods(&plain, &user(name, groups)).await, authenticated(expected), "{name}");
    }
    let anonymous = list_pods(&plain, &user("system:anonymous", &[])).await;
    assert_eq!(anonymous, Ok(vec!["system:unauthenticated".to_owned()]));
    assert_eq!(
        list_pods(&plain, &user("x", &["g3"])).await,
        Err(r#"impersonate resource "groups" in API group "" at the cluster scope"#.to_owned())
    );
}

#[tokio::test]
async fn constrained_modes_need_action_and_identity() {
    let rule = |verb: &str, group: &str, resources: &str| {
        format!(r#"{{"verbs":["{verb}"],"apiGroups":["{group}"],"resources":[{resources}]}}"#)
    };
    let identity =
        rule("impersonate:user-info", "authentication.k8s.io", r#""users","groups","userextras/a.b/c""#);
    let action = rule("impersonate-on:user-info:list", "", r#""pods""#);
    let both = impersonation(&format!("[{identity},{action}]"));
    let groups = list_pods(&both, &user("x", &["g"])).await;
    assert_eq!(groups, Ok(vec!["g".to_owned(), "system:authenticated".to_owned()]));
    let with_extra =
        |key: &str| User { extra: vec![(key.to_owned(), vec!["v".to_owned()])], ..user("x", &[]) };
    assert!(list_pods(&both, &with_extra("a.b/c")).await.is_ok());
    let refusals = [
        (
            user("x", &["system:masters"]),
            r#"impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope: impersonating the system:masters group is not allowed"#,
        ),
        (
            with_extra("scopes"),
            r#"impersonate:user-info resource "userextras" in API group "authentication.k8s.io" at the cluster scope: impersonating an invalid key in extra is not allowed: extra.key: Invalid value: "scopes": must be a domain-prefixed path (such as "acme.io/foo")"#,
        ),
    ];
    for (wanted, refusal) in refusals {
        assert_eq!(list_pods(&both, &wanted).await, Err(refusal.to_owned()));
    }
    let identity_only = impersonation(&format!("[{identity}]"));
    let refusal = list_pods(&identity_only, &user("x", &[])).await.err().unwrap_or_default();
    assert!(refusal.starts_with("impersonate-on:user-info:list"), "{refusal}");
    let action_only = impersonation(&format!("[{action}]"));
    let refusal = list_pods(&action_only, &user("x", &[])).await.err().unwrap_or_default();
    assert!(refusal.starts_with(r#"impersonate:user-info resource "users""#), "{refusal}");
}

#[tokio::test]
async fn a_service_account_may_act_as_its_own_node() {
    let own = impersonation(
        r#"[{"verbs":["impersonate-on:associated-node:list"],"apiGroups":[""],"resources":["pods"]},
            {"verbs":["impersonate:associated-node"],"apiGroups":["authentication.k8s.io"],"resources":["nodes"]}]"#,
    );
    let groups = list_pods(&own, &user("system:node:n1", &[])).await;
    assert_eq!(groups, Ok(vec!["system:nodes".to_owned(), "system:authenticated".to_owned()]));
    let refusal = list_pods(&own, &user("system:node:n2", &[])).await.err().unwrap_or_default();
    assert!(refusal.starts_with("impersonate-on:arbitrary-node:list"), "{refusal}");
}
