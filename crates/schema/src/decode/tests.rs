//! What decoding answers, against the answers of the original.

use object::json;
use proptest::prelude::*;

use super::{decode, decode_with_notices};
use crate::builtin;

type Kind = (&'static str, &'static str, &'static str);

fn decoded(kind: Kind, source: &str) -> Result<(String, Vec<String>), String> {
    let schema = builtin();
    let ty = schema.of_kind(kind.0, kind.1, kind.2).expect("a built-in kind");
    let value = json::parse(source.as_bytes()).expect("JSON");
    decode(ty, value, source.as_bytes()).map(|(value, unknown)| (json::to_string(&value), unknown))
}

const CONFIG_MAP: Kind = ("", "v1", "ConfigMap");
const POD: Kind = ("", "v1", "Pod");
const DEPLOYMENT: Kind = ("apps", "v1", "Deployment");
const SECRET: Kind = ("", "v1", "Secret");
const NETWORK_POLICY: Kind = ("networking.k8s.io", "v1", "NetworkPolicy");
const DEFINITION: Kind = ("apiextensions.k8s.io", "v1", "CustomResourceDefinition");

/// (kind, body, the error behind `json: cannot unmarshal `)
const MISMATCHES: &[(Kind, &str, &str)] = &[
    (
        DEPLOYMENT,
        r#"{"spec":{"replicas":"x"}}"#,
        "string into Go struct field DeploymentSpec.spec.replicas of type int32",
    ),
    (
        DEPLOYMENT,
        r#"{"spec":{"replicas":3.0}}"#,
        "number 3.0 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ),
    (
        DEPLOYMENT,
        r#"{"spec":{"replicas":1e2}}"#,
        "number 1e2 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ),
    (
        DEPLOYMENT,
        r#"{"spec":{"replicas":3000000000}}"#,
        "number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ),
    (
        DEPLOYMENT,
        r#"{"metadata":{"generation":99999999999999999999}}"#,
        "number 99999999999999999999 into Go struct field ObjectMeta.metadata.generation of type int64",
    ),
    (CONFIG_MAP, r#"{"metadata":[]}"#, "array into Go struct field ConfigMap.metadata of type v1.ObjectMeta"),
    (CONFIG_MAP, r#"{"data":[]}"#, "array into Go struct field ConfigMap.data of type map[string]string"),
    (CONFIG_MAP, r#"{"data":{"a":{}}}"#, "object into Go struct field ConfigMap.data of type string"),
    (
        CONFIG_MAP,
        r#"{"binaryData":{"a":1}}"#,
        "number into Go struct field ConfigMap.binaryData of type []uint8",
    ),
    (SECRET, r#"{"data":"x"}"#, "string into Go struct field Secret.data of type map[string][]uint8"),
    (SECRET, r#"{"type":{}}"#, "object into Go struct field Secret.type of type v1.SecretType"),
    (
        SECRET,
        r#"{"metadata":{"uid":1}}"#,
        "number into Go struct field ObjectMeta.metadata.uid of type types.UID",
    ),
    (
        POD,
        r#"{"spec":{"volumes":[{"name":"v","configMap":"x"}]}}"#,
        "string into Go struct field Volume.spec.volumes.VolumeSource.configMap of type v1.ConfigMapVolumeSource",
    ),
    (
        POD,
        r#"{"spec":{"containers":[{},{"resources":{"limits":[]}}]}}"#,
        "array into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
    ),
    (
        POD,
        r#"{"spec":{"containers":[{"restartPolicyRules":[{"exitCodes":{"values":[1,4294967296]}}]}]}}"#,
        "number 4294967296 into Go struct field ContainerRestartRuleOnExitCodes.spec.containers.restartPolicyRules.exitCodes.values of type int32",
    ),
    (
        POD,
        r#"{"spec":{"containers":{},"volumes":3}}"#,
        "object into Go struct field PodSpec.spec.containers of type []v1.Container",
    ),
    (
        NETWORK_POLICY,
        r#"{"spec":{"ingress":[{"ports":[{"port":true}]}]}}"#,
        "bool into Go struct field NetworkPolicyPort.spec.ingress.ports.port of type int32",
    ),
    (
        DEFINITION,
        r#"{"spec":{"versions":[{"schema":{"openAPIV3Schema":{"properties":{"a":{"properties":{"b":{"type":1}}}}}}}]}}"#,
        "number into Go struct field JSONSchemaProps.spec.versions.schema.openAPIV3Schema.properties.properties.type of type string",
    ),
    (POD, "[]", "array into Go value of type v1.Pod"),
    // The first in the document, whatever its name.
    (
        DEPLOYMENT,
        r#"{"spec":{"template":5,"replicas":"x"}}"#,
        "number into Go struct field DeploymentSpec.spec.template of type v1.PodTemplateSpec",
    ),
    (
        CONFIG_MAP,
        r#"{"metadata":{"creationTimestamp":5}}"#,
        "number into Go struct field ObjectMeta.metadata.creationTimestamp of type string",
    ),
];

#[test]
fn mismatches_name_go_types_and_paths() {
    for (kind, body, error) in MISMATCHES {
        assert_eq!(decoded(*kind, body), Err(format!("json: cannot unmarshal {error}")), "{body}");
    }
}

const QUANTITY_ERROR: &str =
    r"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

#[test]
fn what_a_type_refuses_comes_before_earlier_mismatches() {
    for (kind, body, error) in [
        (SECRET, r#"{"data":{"a":"%"}}"#, "illegal base64 data at input byte 0"),
        (
            SECRET,
            r#"{"type":1,"metadata":{"uid":{}},"data":{"a":"%"}}"#,
            "json: cannot unmarshal number into Go struct field Secret.type of type v1.SecretType",
        ),
        (POD, r#"{"spec":{"nodeName":1,"overhead":{"cpu":"x"}}}"#, QUANTITY_ERROR),
        (POD, r#"{"spec":{"overhead":{"cpu":true}}}"#, QUANTITY_ERROR),
        (
            DEFINITION,
            r#"{"spec":{"versions":[{"schema":{"openAPIV3Schema":{"additionalProperties":"x"}}}]}}"#,
            "boolean or JSON schema expected",
        ),
    ] {
        assert_eq!(decoded(kind, body), Err(error.to_owned()), "{body}");
    }
}

#[test]
fn base64_errors_name_the_byte() {
    for (text, offset) in [
        ("", None),
        ("YQ==", None),
        ("YWI=", None),
        ("YW\\nJj", None),
        ("%", Some(0)),
        ("YQ=", Some(3)),
        ("YQ==x", Some(4)),
        ("YQ=a", Some(2)),
        ("abc", Some(0)),
        ("abcde", Some(4)),
        ("abcd%", Some(4)),
        ("a b", Some(1)),
        ("=", Some(0)),
    ] {
        let found = decoded(SECRET, &format!(r#"{{"data":{{"k":"{text}"}}}}"#)).err();
        assert_eq!(
            found,
            offset.map(|offset| format!("illegal base64 data at input byte {offset}")),
            "{text}"
        );
    }
}

#[test]
fn unknown_fields_are_pruned_and_listed_in_document_order() {
    let body = r#"{"zzz":1,"metadata":{"name":"a","b":{}},"aaa":2,"Data":{}}"#;
    let (value, unknown) = decoded(CONFIG_MAP, body).expect("decodes");
    assert_eq!(value, r#"{"metadata":{"name":"a"}}"#);
    let expected = ["zzz", "metadata.b", "aaa", "Data"].map(|path| format!("unknown field \"{path}\""));
    assert_eq!(unknown, expected);
    let (_, unknown) = decoded(POD, r#"{"spec":{"containers":[{},{"x":1}]}}"#).expect("decodes");
    assert_eq!(unknown, [r#"unknown field "spec.containers[1].x""#]);
    let many: Vec<String> = (0..200).map(|index| format!("\"x{index}\":0")).collect();
    let (_, unknown) = decoded(CONFIG_MAP, &format!("{{{}}}", many.join(","))).expect("decodes");
    assert_eq!((unknown.len(), unknown[99].as_str()), (100, r#"unknown field "x99""#));
}

#[test]
fn duplicates_stand_among_the_unknown_fields_those_of_unknown_fields_do_not() {
    let body = r#"{"a":1,"a":2,"metadata":{"x":{"y":1,"y":2},"name":"n","name":"m"},"z":0,"data":{"k":"1","k":"2"}}"#;
    let (value, notices) = json::parse_with_notices(body.as_bytes()).expect("JSON");
    let schema = builtin();
    let ty = schema.of_kind("", "v1", "ConfigMap").expect("a built-in kind");
    let (_, reports) = decode_with_notices(ty, value, body.as_bytes(), &notices).expect("decodes");
    assert_eq!(
        reports,
        [
            r#"unknown field "a""#,
            r#"unknown field "metadata.x""#,
            r#"duplicate field "metadata.name""#,
            r#"unknown field "z""#,
            r#"duplicate field "data.k""#,
        ]
    );
}

/// (kind, body, what is kept of it: the value at the top-level field named)
#[test]
fn scalars_become_canonical() {
    for (kind, body, part) in [
        (
            POD,
            r#"{"spec":{"overhead":{"a":"1u","b":1,"c":"0.5","d":1e3,"e":null,"f":" 1 "}}}"#,
            r#""overhead":{"a":"1m","b":"1","c":"500m","d":"1e3","e":"0","f":"1"}"#,
        ),
        (CONFIG_MAP, r#"{"data":{"a":null}}"#, r#""data":{"a":""}"#),
        (SECRET, r#"{"data":{"a":"YQ=\n="}}"#, r#""data":{"a":"YQ=="}"#),
        (
            CONFIG_MAP,
            r#"{"metadata":{"deletionTimestamp":"2020-01-01T01:00:00+01:00"}}"#,
            r#""deletionTimestamp":"2020-01-01T00:00:00Z""#,
        ),
        (POD, r#"{"spec":{"containers":[null]}}"#, r#""containers":[{"name":"","resources":{}}]"#),
        (
            DEFINITION,
            r#"{"spec":{"versions":[{"schema":{"openAPIV3Schema":{"items":{"x":1,"type":null,"default":{"y":null}}}}}]}}"#,
            r#""openAPIV3Schema":{"items":{"default":{"y":null}}}"#,
        ),
    ] {
        let (value, unknown) = decoded(kind, body).expect("decodes");
        assert!(value.contains(part), "{value}");
        assert_eq!(unknown, [""; 0]);
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |levels: usize| {
        let (open, close) = (r#"{"properties":{"a":"#.repeat(levels), "}}".repeat(levels));
        decoded(
            DEFINITION,
            &format!(r#"{{"spec":{{"versions":[{{"schema":{{"openAPIV3Schema":{open}{{}}{close}}}}}]}}}}"#),
        )
    };
    assert!(deep(100).is_ok());
    assert_eq!(deep(1000), Err("exceeded max depth".to_owned()));
}

/// Any JSON made of the names that pods know.
fn pods() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i32>().prop_map(|number| number.to_string()),
        Just("1.5".to_owned()),
        "[a-z0-9]{0,4}".prop_map(|text| format!("\"{text}\"")),
        Just("\"100m\"".to_owned()),
        Just("\"2020-01-01T00:00:00Z\"".to_owned()),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        let names = prop::sample::select(vec![
            "metadata",
            "spec",
            "name",
            "labels",
            "containers",
            "volumes",
            "resources",
            "limits",
            "cpu",
            "ports",
            "env",
            "hostPath",
            "emptyDir",
            "sizeLimit",
            "overhead",
            "creationTimestamp",
            "securityContext",
            "readinessProbe",
            "httpGet",
            "port",
            "valueFrom",
            "tolerations",
            "odd",
            "a.b",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map(names, inner, 0..6).prop_map(|members| {
                let members: Vec<String> =
                    members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn decoding_what_was_decoded_changes_nothing(body in pods()) {
        if let Ok((once, _)) = decoded(POD, &body) {
            prop_assert_eq!(decoded(POD, &once), Ok((once.clone(), Vec::new())));
        }
    }
}
