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
    admission::chain(&[]).mutate(&attributes, &mut object, None, &mut warnings).await?;
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
        let answer = admission::chain(&[]).validate(&attributes, None, None, &mut warnings).await;
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
