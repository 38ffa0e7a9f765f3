//! Documents say what the original's say.

use super::*;
use crate::builtin;

const DEPLOYMENTS: Endpoint<'static> = Endpoint {
    group: "apps",
    version: "v1",
    resource: "deployments",
    subresource: "",
    resource_kind: "Deployment",
    kind: ("apps", "v1", "Deployment"),
    definition: "io.k8s.api.apps.v1.Deployment",
    namespaced: true,
    verbs: &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    custom: false,
};
const SCALE: Endpoint<'static> = Endpoint {
    subresource: "scale",
    kind: ("autoscaling", "v1", "Scale"),
    definition: "io.k8s.api.autoscaling.v1.Scale",
    verbs: &["get", "patch", "update"],
    ..DEPLOYMENTS
};
const EXEC: Endpoint<'static> = Endpoint {
    group: "",
    resource: "pods",
    subresource: "exec",
    resource_kind: "Pod",
    kind: ("", "v1", "PodExecOptions"),
    definition: "",
    verbs: &["create", "get"],
    ..DEPLOYMENTS
};
const ROLES: Endpoint<'static> = Endpoint {
    group: "rbac.authorization.k8s.io",
    resource: "clusterroles",
    resource_kind: "ClusterRole",
    definition: "io.k8s.api.rbac.v1.ClusterRole",
    namespaced: false,
    ..DEPLOYMENTS
};

/// A document without its descriptions, which are what they are.
fn bare(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|key, value| key != "description" || value.as_str().is_none());
                map.iter_mut().for_each(|(_, value)| strip(value));
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

fn document_of(dialect: Dialect, endpoints: &[Endpoint<'_>]) -> Value {
    let pages = [Page::of_group("apps"), Page::of_version("apps", "v1"), Page::of_groups()];
    let info = Info { title: "Kubernetes", version: "v1.36.2" };
    document(dialect, info, endpoints, &pages, &builtin(), Vec::new())
}

fn json(text: &str) -> Value {
    object::json::parse(text.as_bytes()).expect("JSON")
}

#[test]
fn definitions_in_both_dialects() {
    let v3 = bare(document_of(Dialect::V3, &[DEPLOYMENTS]));
    assert_eq!(
        v3.at(["components", "schemas", "io.k8s.api.apps.v1.DeploymentStrategy"]),
        Some(&json(
            r##"{"type":"object","properties":{
              "rollingUpdate":{"allOf":[{"$ref":"#/components/schemas/io.k8s.api.apps.v1.RollingUpdateDeployment"}]},
              "type":{"type":"string","enum":["Recreate","RollingUpdate"]}}}"##
        ))
    );
    let metadata = ["components", "schemas", "io.k8s.api.apps.v1.Deployment", "properties", "metadata"];
    assert_eq!(
        v3.at(metadata),
        Some(&json(
            r##"{"default":{},"allOf":[{"$ref":"#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}]}"##
        ))
    );
    let v2 = bare(document_of(Dialect::V2, &[DEPLOYMENTS]));
    assert_eq!(
        v2.at(["definitions", "io.k8s.api.apps.v1.Deployment"]),
        Some(&json(
            r##"{"type":"object","properties":{"apiVersion":{"type":"string"},"kind":{"type":"string"},
              "metadata":{"$ref":"#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
              "spec":{"$ref":"#/definitions/io.k8s.api.apps.v1.DeploymentSpec"},
              "status":{"$ref":"#/definitions/io.k8s.api.apps.v1.DeploymentStatus"}},
              "x-kubernetes-group-version-kind":[{"group":"apps","kind":"Deployment","version":"v1"}]}"##
        ))
    );
    let ports = ["definitions", "io.k8s.api.core.v1.Container", "properties", "ports"];
    assert_eq!(
        v2.at(ports),
        Some(&json(
            r##"{"type":"array","items":{"$ref":"#/definitions/io.k8s.api.core.v1.ContainerPort"},
              "x-kubernetes-list-map-keys":["containerPort","protocol"],"x-kubernetes-list-type":"map",
              "x-kubernetes-patch-merge-key":"containerPort","x-kubernetes-patch-strategy":"merge"}"##
        ))
    );
}

#[test]
fn every_reference_has_its_definition() {
    for dialect in [Dialect::V2, Dialect::V3] {
        let document = document_of(dialect, &[DEPLOYMENTS, SCALE, EXEC, ROLES]);
        let definitions = document.get("definitions").or_else(|| document.at(["components", "schemas"]));
        let definitions = definitions.and_then(Value::as_object).expect("definitions");
        let mut names = BTreeSet::new();
        references(&document, &mut names);
        let missing: Vec<_> = names.iter().filter(|name| !definitions.contains(name)).collect();
        assert!(missing.is_empty() && names.len() > 100, "{missing:?}");
    }
}

#[test]
fn operations_are_named_and_described() {
    let document = document_of(Dialect::V3, &[DEPLOYMENTS, SCALE, EXEC, ROLES]);
    let at = |path: &str, method: &str, rest: &str| document.str_at(["paths", path, method, rest]).to_owned();
    let deployments = "/apis/apps/v1/namespaces/{namespace}/deployments";
    let deployment = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    let scale = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale";
    let exec = "/api/v1/namespaces/{namespace}/pods/{name}/exec";
    for (path, method, id, action) in [
        (deployments, "get", "listAppsV1NamespacedDeployment", "list"),
        (deployments, "post", "createAppsV1NamespacedDeployment", "post"),
        (deployments, "delete", "deleteAppsV1CollectionNamespacedDeployment", "deletecollection"),
        ("/apis/apps/v1/deployments", "get", "listAppsV1DeploymentForAllNamespaces", "list"),
        (deployment, "get", "readAppsV1NamespacedDeployment", "get"),
        (scale, "put", "replaceAppsV1NamespacedDeploymentScale", "put"),
        (exec, "post", "connectCoreV1PostNamespacedPodExec", "connect"),
        (
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/{name}",
            "patch",
            "patchRbacAuthorizationV1ClusterRole",
            "patch",
        ),
    ] {
        assert_eq!(
            (at(path, method, "operationId"), at(path, method, "x-kubernetes-action")),
            (id.into(), action.into())
        );
    }
    for (path, id, tag) in [
        ("/apis/", "getAPIVersions", "apis"),
        ("/apis/apps/", "getAppsAPIGroup", "apps"),
        ("/apis/apps/v1/", "getAppsV1APIResources", "apps_v1"),
    ] {
        assert_eq!(at(path, "get", "operationId"), id);
        assert_eq!(
            document.at(["paths", path, "get", "tags"]),
            Some(&vec![Value::from(tag)].into()),
            "{path}"
        );
    }
    assert_eq!(
        document.at(["paths", scale, "get", "x-kubernetes-group-version-kind"]),
        Some(&json(r#"{"group":"autoscaling","version":"v1","kind":"Scale"}"#))
    );
    let body =
        document.at(["paths", deployment, "patch", "requestBody", "content"]).and_then(Value::as_object);
    assert_eq!(body.map(Map::len), Some(4));
    let tags = document.at(["paths", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "get", "tags"]);
    assert_eq!(tags, Some(&json(r#"["rbacAuthorization_v1"]"#)));
}

#[test]
fn custom_definitions_bring_what_they_refer_to() {
    let widget = json(
        r##"{"properties":{"metadata":{"$ref":"#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}}}"##,
    );
    let endpoint = Endpoint {
        group: "x.example.com",
        resource: "widgets",
        resource_kind: "Widget",
        kind: ("x.example.com", "v1", "Widget"),
        definition: "com.example.x.v1.Widget",
        verbs: &["get", "patch"],
        custom: true,
        ..DEPLOYMENTS
    };
    let info = Info { title: "Kubernetes CRD Swagger", version: "v0.1.0" };
    let custom = vec![("com.example.x.v1.Widget".into(), widget)];
    let document = document(Dialect::V3, info, &[endpoint], &[], &builtin(), custom);
    let definitions = document.at(["components", "schemas"]).and_then(Value::as_object).expect("definitions");
    for name in ["com.example.x.v1.Widget", "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference"] {
        assert!(definitions.contains(name), "{name}");
    }
    let path = "/apis/x.example.com/v1/namespaces/{namespace}/widgets/{name}";
    let body = document.at(["paths", path, "patch", "requestBody", "content"]).and_then(Value::as_object);
    assert_eq!(body.map(Map::len), Some(3));
    let tags = document.at(["paths", path, "get", "tags"]);
    assert_eq!(tags, Some(&json(r#"["xExampleCom_v1"]"#)));
}

#[test]
fn types_and_fields_say_what_they_are_for() {
    let (mut fields, mut described) = (0, 0);
    for ty in (0..builtin().types.len()).map(|id| crate::TypeId(id as u32)) {
        let schema = builtin();
        let ty = schema.get(ty);
        for field in ty.as_struct().into_iter().flat_map(|of| &of.fields) {
            fields += 1;
            described += usize::from(description::of_field(ty, field).is_some());
        }
    }
    assert!(described * 100 > fields * 95, "{described} of {fields}");
    let map = document_of(Dialect::V3, &[DEPLOYMENTS]);
    for field in ["apiVersion", "kind", "metadata", "spec"] {
        let path = ["components", "schemas", DEPLOYMENTS.definition, "properties", field, "description"];
        assert!(map.str_at(path).ends_with(|last: char| !last.is_whitespace()), "{field}");
    }
}
