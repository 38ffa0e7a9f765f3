//! The default chain, over objects it looks up in a table.

use std::sync::Arc;

use object::Value;
use registry::{Admission, Attributes, Lookup, Operation, Request, User, Verb, Warnings};
use status::Status;

/// Objects as (plural, namespace, name, JSON).
struct Table(&'static [(&'static str, &'static str, &'static str, &'static str)]);

impl Lookup for Table {
    fn get(&self, _group: &str, resource: &str, namespace: &str, name: &str) -> Option<Value> {
        let found = self.0.iter().find(|row| (row.0, row.1, row.2) == (resource, namespace, name))?;
        object::json::parse(found.3.as_bytes()).ok()
    }

    fn list(&self, _group: &str, resource: &str, _namespace: &str) -> Vec<Value> {
        let rows = self.0.iter().filter(|row| row.0 == resource);
        rows.filter_map(|row| object::json::parse(row.3.as_bytes()).ok()).collect()
    }
}

const OBJECTS: Table = Table(&[
    ("namespaces", "", "here", r#"{"status":{"phase":"Active"}}"#),
    ("namespaces", "", "going", r#"{"status":{"phase":"Terminating"}}"#),
    ("serviceaccounts", "here", "default", "{}"),
    ("nodes", "", "n1", r#"{"metadata":{"name":"n1","uid":"u1"}}"#),
    ("priorityclasses", "", "high", r#"{"metadata":{"name":"high"},"value":7,"preemptionPolicy":"Never"}"#),
]);

fn request(plural: &str, namespace: &str) -> Request {
    let found = kinds::resources(&schema::builtin()).into_iter().find(|resource| resource.resource == plural);
    Request {
        verb: Verb::Create,
        resource: Arc::new(found.expect("a built-in resource")),
        subresource: None,
        namespace: namespace.into(),
        name: "".into(),
        user: Arc::new(User::default()),
        user_agent: "".into(),
    }
}

async fn created(plural: &str, namespace: &str, json: &str) -> Result<Value, Box<Status>> {
    let request = request(plural, namespace);
    let attributes = Attributes {
        request: &request,
        operation: Operation::Create,
        name: "x",
        dry_run: false,
        lookup: &OBJECTS,
    };
    let mut object = object::json::parse(json.as_bytes()).expect("JSON");
    let mut warnings = Warnings::default();
    admission::chain(&[], &[]).mutate(&attributes, &mut object, None, &mut warnings).await?;
    Ok(object)
}

#[tokio::test]
async fn nothing_is_created_in_a_namespace_that_is_not_there_or_is_going() {
    let absent = created("configmaps", "nowhere", "{}").await.expect_err("no such namespace");
    assert_eq!((absent.code, absent.message.as_str()), (404, "namespaces \"nowhere\" not found"));
    let going = created("configmaps", "going", "{}").await.expect_err("the namespace is going");
    assert_eq!(going.code, 403);
    assert!(going.message.contains("because it is being terminated"), "{}", going.message);
    assert!(created("configmaps", "here", "{}").await.is_ok());
}

#[tokio::test]
async fn three_namespaces_stay() {
    let request = request("namespaces", "");
    for (name, code) in [("default", Some(403)), ("kube-system", Some(403)), ("other", None)] {
        let attributes = Attributes {
            request: &request,
            operation: Operation::Delete,
            name,
            dry_run: false,
            lookup: &OBJECTS,
        };
        let mut warnings = Warnings::default();
        let answer = admission::chain(&[], &[]).validate(&attributes, None, None, &mut warnings).await;
        assert_eq!(answer.err().map(|status| status.code), code, "{name}");
    }
}

#[tokio::test]
async fn a_pod_gets_account_token_tolerations_and_priority() {
    let json = r#"{"spec":{"containers":[{"name":"c"}],"priorityClassName":"high"}}"#;
    let pod = created("pods", "here", json).await.expect("admitted");
    assert_eq!(pod.str_at(["spec", "serviceAccountName"]), "default");
    assert_eq!(pod.items_at(["spec", "tolerations"]).len(), 2);
    assert_eq!(pod.at(["spec", "priority"]).and_then(Value::as_i64), Some(7));
    assert_eq!(pod.str_at(["spec", "preemptionPolicy"]), "Never");
    let volume = pod.items_at(["spec", "volumes"])[0].str_at(["name"]).to_owned();
    assert!(volume.starts_with("kube-api-access-"));
    let mount = &pod.items_at(["spec", "containers"])[0].items_at(["volumeMounts"])[0];
    assert_eq!(mount.str_at(["name"]), volume);
}

#[tokio::test]
async fn what_a_pod_names_must_exist() {
    for spec in [r#""serviceAccountName":"none""#, r#""priorityClassName":"none""#] {
        let json = format!(r#"{{"spec":{{"containers":[],{spec}}}}}"#);
        let refused = created("pods", "here", &json).await.expect_err(spec);
        assert_eq!(refused.code, 403, "{spec}");
    }
}

/// What a kubelet of node `n1` is answered: nothing, or the reason of the refusal.
async fn kubelet_writes(operation: Operation, plural: &str, json: &str, old: Option<&str>) -> Option<String> {
    let mut request = request(plural, "here");
    let groups = vec!["system:nodes".to_owned()];
    request.user = Arc::new(User { name: "system:node:n1".to_owned(), groups, ..User::default() });
    let mut object = object::json::parse(json.as_bytes()).expect("JSON");
    let old = old.map(|old| object::json::parse(old.as_bytes()).expect("JSON"));
    let name = object.str_at(["metadata", "name"]).to_owned();
    let attributes =
        Attributes { request: &request, operation, name: &name, dry_run: false, lookup: &OBJECTS };
    let chain = admission::chain(&["NodeRestriction".to_owned()], &[]);
    let mut warnings = Warnings::default();
    let answer = match operation {
        Operation::Delete => chain.validate(&attributes, None, old.as_ref(), &mut warnings).await,
        _ => chain.mutate(&attributes, &mut object, old.as_ref(), &mut warnings).await,
    };
    let message = answer.err()?.message;
    Some(message.split_once("forbidden: ").map_or(message.clone(), |(_, why)| why.to_owned()))
}

#[tokio::test]
async fn a_node_writes_only_what_is_its_own() {
    use Operation::{Create, Delete, Update};
    let mirror = r#"{"metadata":{"name":"p","annotations":{"kubernetes.io/config.mirror":"x"},OWNER},
        "spec":{"nodeName":"n1","containers":[]}}"#;
    let owner =
        r#""ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n1","uid":"u1","controller":true}]"#;
    let owned = mirror.replace("OWNER", owner);
    let with_secret = owned.replace(
        r#""containers":[]"#,
        r#""containers":[{"env":[{"valueFrom":{"secretKeyRef":{"name":"s"}}}]}]"#,
    );
    for (operation, plural, json, old, refused) in [
        (Create, "nodes", r#"{"metadata":{"name":"n1"}}"#, None, None),
        (
            Create,
            "nodes",
            r#"{"metadata":{"name":"n2"}}"#,
            None,
            Some(r#"node "n1" is not allowed to modify node "n2""#),
        ),
        (
            Update,
            "nodes",
            r#"{"metadata":{"name":"n1","labels":{"x.k8s.io/a":"b","own":"c"}}}"#,
            Some("{}"),
            Some("is not allowed to modify labels: x.k8s.io/a"),
        ),
        (
            Update,
            "nodes",
            r#"{"metadata":{"name":"n1"},"spec":{"taints":[{"key":"k"}]}}"#,
            Some("{}"),
            Some(r#"node "n1" is not allowed to modify taints"#),
        ),
        (
            Create,
            "pods",
            r#"{"metadata":{"name":"p"},"spec":{"serviceAccountName":"default"}}"#,
            None,
            Some(
                r#"pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods"#,
            ),
        ),
        (Create, "pods", &owned, None, None),
        (Create, "pods", &with_secret, None, Some(r#"node "n1" can not create pods that reference secrets"#)),
        (
            Create,
            "pods",
            &mirror.replace(",OWNER", ""),
            None,
            Some(r#"node "n1" can only create pods with an owner reference set to itself"#),
        ),
        (Delete, "pods", "{}", Some(r#"{"spec":{"nodeName":"n1"}}"#), None),
        (
            Delete,
            "pods",
            "{}",
            Some(r#"{"spec":{"nodeName":"n2"}}"#),
            Some(r#"node "n1" can only delete pods with spec.nodeName set to itself"#),
        ),
        (
            Create,
            "leases",
            r#"{"metadata":{"name":"n1"}}"#,
            None,
            Some(r#"can only access leases in the "kube-node-lease" system namespace"#),
        ),
        (
            Create,
            "csinodes",
            r#"{"metadata":{"name":"n2"}}"#,
            None,
            Some("can only access CSINode with the same name as the requesting node"),
        ),
    ] {
        let answer = kubelet_writes(operation, plural, json, old).await;
        assert_eq!(answer.as_deref(), refused, "{plural} {json}");
    }
}
