use super::*;
use crate::testing::{Objects, grant, rbac, user};

const ALICE: &str = r#"{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"alice"}"#;
const DEV: &str = r#"{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"dev"}"#;
const GET_PODS: &str = r#"[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]"#;

fn decide(rbac: &RbacAuthorizer, user: &User, namespace: &str) -> Decision {
    rbac.decide(&Attributes { namespace, name: "p", ..Attributes::resource(user, "get", "", "pods") })
}

#[test]
fn reasons_name_binding_role_and_subject() {
    let nobody = [];
    let cases = [
        ("", ALICE, user("alice", &nobody), r#"ClusterRoleBinding "r" of ClusterRole "r" to User "alice""#),
        ("", DEV, user("x", &["dev"]), r#"ClusterRoleBinding "r" of ClusterRole "r" to Group "dev""#),
        ("ns", ALICE, user("alice", &nobody), r#"RoleBinding "r/ns" of Role "r" to User "alice""#),
        (
            "ns",
            r#"{"kind":"ServiceAccount","name":"s"}"#,
            user("system:serviceaccount:ns:s", &nobody),
            r#"RoleBinding "r/ns" of Role "r" to ServiceAccount "s/ns""#,
        ),
        (
            "",
            r#"{"kind":"ServiceAccount","name":"s","namespace":"other"}"#,
            user("system:serviceaccount:other:s", &nobody),
            r#"ClusterRoleBinding "r" of ClusterRole "r" to ServiceAccount "s/other""#,
        ),
    ];
    for (namespace, subject, user, reason) in cases {
        let objects = Arc::new(Objects::default());
        grant(&objects, namespace, "r", subject, GET_PODS);
        let rbac = rbac(&objects);
        assert_eq!(decide(&rbac, &user, "ns"), Decision::Allow(format!("RBAC: allowed by {reason}")));
        assert_eq!(decide(&rbac, &crate::users::anonymous(), "ns"), Decision::NOTHING);
        assert_eq!(decide(&rbac, &user, "elsewhere").is_allowed(), namespace.is_empty());
        assert_eq!(decide(&rbac, &user, "").is_allowed(), namespace.is_empty());
    }
}

#[test]
fn missing_roles_are_named_unless_another_role_allows() {
    let objects = Arc::new(Objects::default());
    grant(&objects, "ns", "a", ALICE, GET_PODS);
    grant(&objects, "ns", "b", ALICE, GET_PODS);
    let rbac = rbac(&objects);
    objects.remove("roles.rbac.authorization.k8s.io", "ns", "a");
    let alice = user("alice", &[]);
    assert!(decide(&rbac, &alice, "ns").is_allowed());
    objects.remove("roles.rbac.authorization.k8s.io", "ns", "b");
    rbac.changed("roles", "ns", "b");
    let gone = |name| format!(r#"role.rbac.authorization.k8s.io "{name}" not found"#);
    let reason = format!("RBAC: [{}, {}]", gone("a"), gone("b"));
    assert_eq!(decide(&rbac, &alice, "ns"), Decision::NoOpinion(reason));
    objects.remove("rolebindings.rbac.authorization.k8s.io", "ns", "b");
    rbac.changed("rolebindings", "ns", "b");
    assert_eq!(decide(&rbac, &alice, "ns"), Decision::NoOpinion(format!("RBAC: {}", gone("a"))));
}

#[test]
fn a_change_counts_as_soon_as_it_is_told() {
    let objects = Arc::new(Objects::default());
    let rbac = rbac(&objects);
    let alice = user("alice", &[]);
    assert!(!decide(&rbac, &alice, "ns").is_allowed());
    grant(&objects, "ns", "r", ALICE, GET_PODS);
    assert!(decide(&rbac, &alice, "ns").is_allowed(), "nothing is kept of namespaces without bindings");
    grant(&objects, "ns", "r", ALICE, "[]");
    assert!(decide(&rbac, &alice, "ns").is_allowed(), "kept until the change is told");
    rbac.changed("pods", "ns", "r");
    assert!(decide(&rbac, &alice, "ns").is_allowed());
    rbac.changed("roles", "ns", "r");
    assert!(!decide(&rbac, &alice, "ns").is_allowed());
    grant(&objects, "ns", "r", ALICE, GET_PODS);
    rbac.changed_all();
    assert!(decide(&rbac, &alice, "ns").is_allowed());
}

#[test]
fn rules_are_those_of_cluster_and_namespace() {
    let objects = Arc::new(Objects::default());
    grant(&objects, "", "c", ALICE, r#"[{"verbs":["get"],"nonResourceURLs":["/metrics"]}]"#);
    grant(&objects, "ns", "r", DEV, GET_PODS);
    let rbac = rbac(&objects);
    let alice = user("alice", &["dev"]);
    let list = rbac.rules(&alice, "ns");
    let described: Vec<String> = list.rules.iter().map(Rule::describe).collect();
    assert_eq!(
        described,
        [
            r#"{NonResourceURLs:["/metrics"], Verbs:["get"]}"#,
            r#"{APIGroups:[""], Resources:["pods"], Verbs:["get"]}"#
        ]
    );
    assert_eq!(rbac.rules(&alice, "other").rules.len(), 1);
}
