//! The laws that sets, merges and ownership obey.

use std::collections::BTreeSet;

use object::{Map, Text, Value};
use proptest::prelude::*;
use schema::{TypeRef, builtin};

use super::node::Node;
use super::remove::remove;
use super::to_set::to_set;
use super::validate::{Duplicates, validate};
use super::*;

fn element() -> impl Strategy<Value = Element> {
    prop_oneof![
        "[a-c]".prop_map(|name| Element::field(Text::from(name))),
        (0i64..3, "[a-b]").prop_map(|(port, name)| {
            Element::key([(Text::from("port"), port.into()), (Text::from("name"), Value::from(name))])
        }),
        prop_oneof![
            (0i64..3).prop_map(Value::from),
            "[a-b<\"]".prop_map(Value::from),
            Just(Value::from(true))
        ]
        .prop_map(Element::value),
        (0i64..3).prop_map(Element::Index),
    ]
}

fn paths() -> impl Strategy<Value = BTreeSet<Vec<Element>>> {
    prop::collection::btree_set(prop::collection::vec(element(), 1..4), 0..12)
}

fn set_of(paths: &BTreeSet<Vec<Element>>) -> Set {
    let mut set = Set::new();
    paths.iter().for_each(|path| set.insert(path.iter().cloned()));
    set
}

fn paths_of(set: &Set) -> BTreeSet<Vec<Element>> {
    let mut paths = BTreeSet::new();
    set.for_each(&mut |path| {
        paths.insert(path.iter().map(|element| (*element).clone()).collect());
    });
    paths
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sets_are_sets(a in paths(), b in paths()) {
        let (left, right) = (set_of(&a), set_of(&b));
        prop_assert_eq!(&paths_of(&left), &a);
        prop_assert_eq!(left.len(), a.len());
        prop_assert_eq!(paths_of(&left.intersection(&right)), &a & &b);
        prop_assert_eq!(left.is_subset(&right), a.is_subset(&b));
        let mut both = left.clone();
        both.unite(right.clone());
        prop_assert_eq!(paths_of(&both), &a | &b);
        let mut rest = left.clone();
        rest.subtract(&right);
        prop_assert_eq!(paths_of(&rest), &a - &b);
        let mut outside = left;
        outside.subtract_trees(&right);
        let below = |path: &Vec<Element>| b.iter().any(|root| path.starts_with(root));
        prop_assert_eq!(paths_of(&outside), a.iter().filter(|path| !below(path)).cloned().collect::<BTreeSet<_>>());
    }

    #[test]
    fn fields_v1_reads_back(paths in paths()) {
        let set = set_of(&paths);
        prop_assert_eq!(Set::from_fields_v1(&set.to_fields_v1()), Ok(set));
    }
}

/// Parts of a pod template that merge in every way: maps, keyed lists with defaulted keys, sets, atomics.
fn deployment() -> impl Strategy<Value = Value> {
    let text = || "[x-z]".prop_map(Value::from);
    let labels = prop::collection::btree_map("[a-d]", text(), 0..4).prop_map(object);
    let port =
        (prop::sample::select(vec![80i64, 443]), prop::option::of(prop::sample::select(vec!["TCP", "UDP"])))
            .prop_map(|(port, protocol)| {
                let mut fields = vec![("containerPort", Value::from(port))];
                fields.extend(protocol.map(|protocol| ("protocol", protocol.into())));
                object(fields)
            });
    let ports = prop::collection::vec(port, 0..3).prop_map(|mut ports| {
        let mut seen = BTreeSet::new();
        ports.retain(|port| {
            seen.insert((
                port.get("containerPort").and_then(Value::as_i64),
                port.str_at(["protocol"]) == "UDP",
            ))
        });
        Value::Array(ports)
    });
    let container = (text(), prop::option::of(ports), prop::collection::vec(text(), 0..3)).prop_map(
        |(image, ports, args)| {
            let mut fields = vec![("image", image), ("args", Value::Array(args))];
            fields.extend(ports.map(|ports| ("ports", ports)));
            object(fields)
        },
    );
    let containers = prop::collection::btree_map("[p-r]", container, 0..3).prop_map(|containers| {
        let named = containers.into_iter().map(|(name, mut container)| {
            container.set("name", name);
            container
        });
        Value::Array(named.collect())
    });
    let finalizers = prop::collection::btree_set("[f-h]", 0..3)
        .prop_map(|names| Value::Array(names.into_iter().map(Value::from).collect()));
    let optional = (prop::option::of(labels), prop::option::of(containers), prop::option::of(finalizers));
    (optional, prop::option::of(0i64..3)).prop_map(|((labels, containers, finalizers), replicas)| {
        let mut body = object([("apiVersion", "apps/v1".into()), ("kind", Value::from("Deployment"))]);
        let metadata = body.object_at("metadata");
        metadata.insert("name", "d");
        labels.into_iter().for_each(|labels| drop(metadata.insert("labels", labels)));
        finalizers.into_iter().for_each(|finalizers| drop(metadata.insert("finalizers", finalizers)));
        let spec = body.object_at("spec");
        replicas.into_iter().for_each(|replicas| drop(spec.insert("replicas", replicas)));
        if let Some(containers) = containers {
            spec.insert("template", object([("spec", object([("containers", containers)]))]));
        }
        body
    })
}

fn object<K: Into<Text>>(fields: impl IntoIterator<Item = (K, Value)>) -> Value {
    Value::Object(fields.into_iter().collect::<Map>())
}

fn with_deployment<T>(run: impl FnOnce(TypeRef<'_>) -> T) -> T {
    let schema = builtin();
    run(schema.of_kind("apps", "v1", "Deployment").expect("a built-in kind"))
}

fn apply_as(
    ty: TypeRef<'_>,
    manager: &str,
    live: Option<&Value>,
    applied: &Value,
    force: bool,
) -> Option<Value> {
    let versions = SingleVersion { api_version: "apps/v1", ty, reset_fields: Set::of_fields([["status"]]) };
    let context = Context {
        versions: &versions,
        api_version: "apps/v1",
        kind: "Deployment",
        manager,
        subresource: "",
        now: "2026-01-01T00:00:00Z",
    };
    apply(&context, live, applied.clone(), force).ok()
}

/// Without who owns what, and without what is null or empty: what is left once nothing is owned in it.
fn content(value: &Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.retain(|key, value| {
                    strip(value);
                    let hollow = match value {
                        Value::Null => true,
                        Value::Object(map) => map.is_empty(),
                        Value::Array(items) => items.is_empty(),
                        _ => false,
                    };
                    key != "managedFields" && !hollow
                });
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = value.clone();
    strip(&mut value);
    value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_twice_is_applying_once(first in deployment(), second in deployment()) {
        with_deployment(|ty| {
            let live = apply_as(ty, "a", None, &first, false).expect("a create");
            let once = apply_as(ty, "b", Some(&live), &second, true).expect("forced");
            let twice = apply_as(ty, "b", Some(&once), &second, false);
            prop_assert_eq!(twice, Some(once.clone()));
            prop_assert_eq!(validate(Node::root(ty), &once, Duplicates::Refused), Ok(()));
            Ok(())
        })?;
    }

    #[test]
    fn what_is_applied_is_there_and_owned(first in deployment(), second in deployment()) {
        with_deployment(|ty| {
            let live = apply_as(ty, "a", None, &first, false).expect("a create");
            let object = apply_as(ty, "b", Some(&live), &second, true).expect("forced");
            let mut stated = to_set(Node::root(ty), &second);
            // What is stated as empty may be merged into something that is not.
            stated.subtract(&hollow(&second));
            prop_assert!(stated.is_subset(&to_set(Node::root(ty), &object)));
            Ok(())
        })?;
    }

    #[test]
    fn appliers_who_do_not_disagree_commute(first in deployment(), second in deployment()) {
        with_deployment(|ty| {
            let one = |x: (&str, &Value), y: (&str, &Value)| {
                let live = apply_as(ty, x.0, None, x.1, false)?;
                apply_as(ty, y.0, Some(&live), y.1, false)
            };
            let (a, b) = (("a", &first), ("b", &second));
            if let (Some(ab), Some(ba)) = (one(a, b), one(b, a)) {
                let sorted = |object: &Value| paths_of(&to_set(Node::root(ty), &content(object)));
                prop_assert_eq!(sorted(&ab), sorted(&ba));
            }
            Ok(())
        })?;
    }

    #[test]
    fn giving_up_gives_back(first in deployment(), second in deployment()) {
        with_deployment(|ty| {
            let live = apply_as(ty, "a", None, &first, false).expect("a create");
            if let Some(both) = apply_as(ty, "b", Some(&live), &second, false) {
                let nothing = object([
                    ("apiVersion", Value::from("apps/v1")),
                    ("kind", "Deployment".into()),
                    ("metadata", object([("name", Value::from("d"))])),
                ]);
                let left = apply_as(ty, "b", Some(&both), &nothing, false).expect("nothing to disagree on");
                let paths = |object: &Value| paths_of(&to_set(Node::root(ty), &content(object)));
                prop_assert_eq!(paths(&left), paths(&live));
            }
            Ok(())
        })?;
    }

    #[test]
    fn removing_what_is_there_leaves_what_nobody_can_own(object in deployment()) {
        with_deployment(|ty| {
            let node = Node::root(ty);
            let set = to_set(node, &object);
            let mut rest = object.clone();
            remove(node, &mut rest, &set);
            prop_assert!(to_set(node, &content(&rest)).intersection(&set).is_empty());
            Ok(())
        })?;
    }
}

/// What an object states that is empty.
fn hollow(value: &Value) -> Set {
    with_deployment(|ty| {
        let mut set = to_set(Node::root(ty), value);
        set.subtract(&to_set(Node::root(ty), &content(value)));
        set
    })
}
