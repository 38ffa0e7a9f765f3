use super::*;
use crate::testing::{Objects, grant, parse, rbac, user};

const USER: &str = r#"{"kind":"User","name":"u"}"#;

/// What a user `u` with these rules, in these groups, is told who creates a role with `rules`.
async fn create_role(held: &str, groups: &[&str], rules: &str) -> Option<String> {
    let objects = Arc::new(Objects::default());
    grant(&objects, "ns", "mine", USER, held);
    let rbac = rbac(&objects);
    let escalation = Escalation::new(rbac.clone(), rbac);
    let object = parse(&format!(r#"{{"metadata":{{"name":"x","namespace":"ns"}},"rules":{rules}}}"#));
    let user = user("u", groups);
    let write =
        Write { user: &user, resource: "roles", namespace: "ns", name: "", object: &object, old: None };
    escalation.check(&write).await.err().map(|status| status.message)
}

const PODS: &str = r#"[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]"#;

#[tokio::test]
async fn only_what_is_held_can_be_granted() {
    let before = "roles.rbac.authorization.k8s.io \"x\" is forbidden: user \"u\" (groups=[\"g\"]) is attempting to \
                  grant RBAC permissions not currently held:\n";
    for (rules, missing) in [
        (PODS, None),
        ("[]", None),
        (r#"[{"verbs":["get"],"apiGroups":[""],"resources":["pods"],"resourceNames":["a"]}]"#, None),
        (
            r#"[{"verbs":["get","delete","watch"],"apiGroups":[""],"resources":["pods"]}]"#,
            Some(r#"{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}"#),
        ),
        (
            r#"[{"verbs":["create"],"apiGroups":["","apps"],"resources":["pods","deployments"]}]"#,
            Some(
                "{APIGroups:[\"\"], Resources:[\"deployments\"], Verbs:[\"create\"]}\n\
                 {APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"create\"]}\n\
                 {APIGroups:[\"apps\"], Resources:[\"deployments\"], Verbs:[\"create\"]}\n\
                 {APIGroups:[\"apps\"], Resources:[\"pods\"], Verbs:[\"create\"]}",
            ),
        ),
        (
            r#"[{"verbs":["delete"],"apiGroups":[""],"resources":["pods"],"resourceNames":["a","b"]}]"#,
            Some(
                "{APIGroups:[\"\"], Resources:[\"pods\"], ResourceNames:[\"a\"], Verbs:[\"delete\"]}\n\
                 {APIGroups:[\"\"], Resources:[\"pods\"], ResourceNames:[\"b\"], Verbs:[\"delete\"]}",
            ),
        ),
    ] {
        let refusal = create_role(PODS, &["g"], rules).await;
        assert_eq!(refusal, missing.map(|missing| format!("{before}{missing}")), "{rules}");
    }
}

#[tokio::test]
async fn some_may_escalate() {
    let everything = r#"[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]"#;
    let escalate = |names: &str| {
        format!(
            r#"[{{"verbs":["escalate"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"]{names}}}]"#
        )
    };
    assert!(create_role(PODS, &[], everything).await.is_some());
    assert_eq!(create_role(PODS, &["system:masters"], everything).await, None);
    assert_eq!(create_role(&escalate(""), &[], everything).await, None);
    let named = escalate(r#","resourceNames":["x"]"#);
    assert!(create_role(&named, &[], everything).await.is_some(), "a create has no name yet");
}

#[tokio::test]
async fn updates_are_checked_unless_only_garbage_collection_writes() {
    let objects = Arc::new(Objects::default());
    let rbac = rbac(&objects);
    let escalation = Escalation::new(rbac.clone(), rbac);
    let user = user("u", &[]);
    let role = |metadata: &str| {
        let rules = r#"[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]"#;
        parse(&format!(r#"{{"metadata":{{"name":"x"{metadata}}},"rules":{rules}}}"#))
    };
    let old = role(r#","finalizers":["a/b"]"#);
    for (metadata, refused) in [("", false), (r#","labels":{"a":"b"}"#, true)] {
        let object = role(metadata);
        let write = Write {
            user: &user,
            resource: "clusterroles",
            namespace: "",
            name: "x",
            object: &object,
            old: Some(&old),
        };
        assert_eq!(escalation.check(&write).await.is_err(), refused, "{metadata}");
    }
}

#[tokio::test]
async fn bindings_grant_what_their_role_does() {
    let objects = Arc::new(Objects::default());
    grant(&objects, "ns", "mine", USER, PODS);
    grant(&objects, "ns", "hi", "", r#"[{"verbs":["delete"],"apiGroups":[""],"resources":["pods"]}]"#);
    let bind = r#"[{"verbs":["bind"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"]}]"#;
    grant(&objects, "ns", "binder", r#"{"kind":"User","name":"binder"}"#, bind);
    let rbac = rbac(&objects);
    let escalation = Escalation::new(rbac.clone(), rbac);
    for (name, kind, role, code) in [
        ("u", "Role", "mine", None),
        ("u", "Role", "hi", Some(403)),
        ("u", "Role", "none", Some(404)),
        ("u", "ClusterRole", "none", Some(404)),
        ("binder", "Role", "hi", None),
        ("binder", "Role", "none", None),
        ("binder", "ClusterRole", "none", Some(404)),
    ] {
        let object = parse(&format!(
            r#"{{"metadata":{{"name":"b"}},"roleRef":{{"apiGroup":"rbac.authorization.k8s.io","kind":"{kind}","name":"{role}"}}}}"#
        ));
        let user = user(name, &[]);
        let write = Write {
            user: &user,
            resource: "rolebindings",
            namespace: "ns",
            name: "",
            object: &object,
            old: None,
        };
        let refusal = escalation.check(&write).await.err();
        assert_eq!(refusal.map(|status| status.code), code, "{name} {kind} {role}");
    }
}

#[tokio::test]
async fn aggregation_needs_everything() {
    let objects = Arc::new(Objects::default());
    grant(
        &objects,
        "",
        "admin",
        USER,
        r#"[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]},{"verbs":["*"],"nonResourceURLs":["*"]}]"#,
    );
    let rbac = rbac(&objects);
    let escalation = Escalation::new(rbac.clone(), rbac);
    let object = parse(
        r#"{"metadata":{"name":"x"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}}"#,
    );
    for (name, refused) in [("u", false), ("other", true)] {
        let user = user(name, &[]);
        let write = Write {
            user: &user,
            resource: "clusterroles",
            namespace: "",
            name: "",
            object: &object,
            old: None,
        };
        let refusal = escalation.check(&write).await.err().map(|status| status.message);
        assert_eq!(refusal.is_some(), refused);
        assert!(refusal.is_none_or(|why| {
            why.ends_with("must have cluster-admin privileges to use the aggregationRule")
        }));
    }
}
