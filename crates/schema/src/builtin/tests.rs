//! The data files are well formed, and mean what they should.

use super::*;
use crate::{Additional, ListType, Omit, Scalar, Shape, Wire};

fn names(full: &str) -> Vec<String> {
    let schema = builtin();
    let ty = schema.named(full).and_then(|ty| ty.as_struct()).expect("a struct");
    ty.fields.iter().map(|field| field.name.to_string()).collect()
}

#[test]
fn every_file_is_read() {
    let schema = parse(FILES).expect("well formed");
    assert!(schema.by_kind.len() > 130, "{}", schema.by_kind.len());
    for (kind, id) in &schema.by_kind {
        let fields = schema.get(*id);
        assert!(fields.as_struct().is_some(), "{kind:?}");
    }
}

#[test]
fn fields_stand_in_written_order_embedded_ones_in_their_place() {
    assert_eq!(names("io.k8s.api.apps.v1.Deployment"), ["kind", "apiVersion", "metadata", "spec", "status"]);
    assert_eq!(names("io.k8s.api.core.v1.Volume")[..3], ["name", "hostPath", "emptyDir"]);
    assert_eq!(
        names("io.k8s.api.core.v1.Probe")[..5],
        ["exec", "httpGet", "tcpSocket", "grpc", "initialDelaySeconds"]
    );
    assert_eq!(
        names("io.k8s.api.admissionregistration.v1.NamedRuleWithOperations"),
        ["resourceNames", "operations", "apiGroups", "apiVersions", "resources", "scope"]
    );
}

#[test]
fn embedded_fields_know_where_they_come_from() {
    let schema = builtin();
    let volume = schema.named("io.k8s.api.core.v1.Volume").expect("a type");
    let host_path = volume.field("hostPath").expect("a field");
    assert_eq!(host_path.proto.map(|proto| proto.number), Some(1));
    let (source, number) =
        volume.as_struct().expect("a struct").inline[host_path.via.expect("embedded") as usize];
    assert_eq!(
        (volume.schema.get(source).ty().name.as_str(), number),
        ("io.k8s.api.core.v1.VolumeSource", 2)
    );
    let deployment = schema.of_kind("apps", "v1", "Deployment").expect("a kind");
    assert_eq!(deployment.field("kind").expect("a field").proto, None);
}

#[test]
fn attributes_are_understood() {
    let schema = builtin();
    let ports = schema.named("io.k8s.api.core.v1.ServiceSpec").expect("a type");
    let field = ports.field("ports").expect("a field");
    assert!(field.patch.merge && field.patch.merge_key == "port");
    let Some(Shape::List(list)) = ports.child("ports").map(|ty| ty.shape()) else { panic!("a list") };
    assert_eq!(list.list_type, ListType::Map(vec!["port".into(), "protocol".into()]));
    let kind = ports.field("type").expect("a field");
    assert_eq!(kind.enumeration, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
    let usages = schema.named("io.k8s.api.certificates.v1.CertificateSigningRequestSpec").expect("a type");
    assert!(usages.field("usages").expect("a field").enumeration.contains(&"cert sign".into()));
    assert_eq!(ports.child("type").expect("a type").ty().name, "io.k8s.api.core.v1.ServiceType");

    let meta = schema.named("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta").expect("a type");
    assert_eq!(meta.field("creationTimestamp").map(|field| field.omit), Some(Omit::Zero));
    let spec = schema.named("io.k8s.api.apps.v1.DeploymentSpec").expect("a type");
    let template = spec.field("template").expect("a field");
    assert!(template.required && template.default == Some(object::Value::object()));
    let replicas = spec.field("replicas").expect("a field");
    assert!(replicas.pointer && replicas.default.is_none());
    assert_eq!(
        replicas.proto.map(|proto| (proto.number, proto.wire, proto.repeated)),
        Some((1, Wire::Varint, false))
    );
    assert_eq!(spec.as_struct().expect("a struct").additional, Additional::Prune);
}

#[test]
fn a_field_may_merge_an_atomic_struct_by_its_fields() {
    let schema = builtin();
    let atomic = |kind, path: [&str; 2]| {
        let ty = schema
            .of_kind("", "v1", kind)
            .and_then(|ty| ty.at(path.into_iter().filter(|key| !key.is_empty())));
        let of = ty.expect("a type");
        assert_eq!(of.ty().name, "io.k8s.api.core.v1.ObjectReference");
        assert!(of.field("uid").is_some());
        of.as_struct().expect("a struct").atomic
    };
    assert!(!atomic("PersistentVolume", ["spec", "claimRef"]));
    assert!(atomic("Event", ["involvedObject", ""]));
}

#[test]
fn special_types_have_their_shapes() {
    let schema = builtin();
    for (path, scalar) in [
        ("io.k8s.apimachinery.pkg.api.resource.Quantity", Scalar::Quantity),
        ("io.k8s.apimachinery.pkg.apis.meta.v1.Time", Scalar::Time),
        ("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime", Scalar::MicroTime),
        ("io.k8s.apimachinery.pkg.util.intstr.IntOrString", Scalar::IntOrString),
    ] {
        let shape = schema.named(path).expect("a type").shape();
        assert!(matches!(shape, Shape::Scalar(found) if *found == scalar), "{path}");
    }
    let secret = schema.named("io.k8s.api.core.v1.Secret").expect("a type");
    let Some(data) = secret.at(["data", "key"]) else { panic!("a map") };
    assert!(matches!(data.shape(), Shape::Scalar(Scalar::Bytes)));
}

#[test]
fn what_is_wrong_is_said() {
    for (text, error) in [
        ("package a\ntype B struct\n  c 1 Missing", "B.c: no type a.Missing"),
        ("package a\ntype B struct\n  c 1 x.Y", "B.c: no import x"),
        ("package a\ntype B struct\n  c one string", "  c one string: no protobuf number"),
        ("package a\ntype B struct\n  c 1 string odd", "B.c: odd: no attribute"),
        ("package a\ntype B string\n  c 1 string", "  c 1 string: a member of no struct"),
        ("package a\ntype B string\ntype B string", "B is declared twice"),
        ("nonsense", "nonsense: not understood"),
    ] {
        assert_eq!(parse(&[text]).err().as_deref(), Some(error), "{text}");
    }
}
