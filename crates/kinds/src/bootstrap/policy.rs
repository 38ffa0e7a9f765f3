//! The RBAC policy: the default roles and who has them.

use object::Value;
use registry::Given;

use super::given;
use super::table::{cell, fields, named, rows, texts};

const GROUP: &str = "rbac.authorization.k8s.io";
const BOOTSTRAPPING: (&str, &str) = ("kubernetes.io/bootstrapping", "rbac-defaults");
const AUTOUPDATE: (&str, &str) = ("rbac.authorization.kubernetes.io/autoupdate", "true");

/// How roles and bindings are turned into objects: the resource, the kind of role, and the table.
type Table = (&'static str, &'static str, fn(&Value, &str) -> Value, &'static str);

const TABLES: &[Table] = &[
    ("clusterroles", "ClusterRole", role, include_str!("../../data/bootstrap/cluster-roles.yaml")),
    (
        "clusterrolebindings",
        "ClusterRole",
        binding,
        include_str!("../../data/bootstrap/cluster-role-bindings.yaml"),
    ),
    ("roles", "Role", role, include_str!("../../data/bootstrap/roles.yaml")),
    ("rolebindings", "Role", binding, include_str!("../../data/bootstrap/role-bindings.yaml")),
];

/// All roles and bindings.
pub(super) fn objects() -> Vec<Given> {
    let table = |(resource, role_kind, build, yaml): &Table| {
        let (build, role_kind, resource) = (*build, *role_kind, *resource);
        rows(yaml).into_iter().map(move |row| given((GROUP, "v1", resource), build(&row, role_kind)))
    };
    TABLES.iter().flat_map(table).collect()
}

/// The name and what marks an object of the default policy.
fn metadata(row: &Value) -> Value {
    let mut metadata = named(row.str_at(["namespace"]), row.str_at(["name"]));
    let mut labels = texts([BOOTSTRAPPING]);
    if let Some(role) = row.get("aggregateTo").and_then(Value::as_str) {
        labels.set(aggregation_label(role), "true");
    }
    metadata.set("labels", labels);
    metadata.set("annotations", texts([AUTOUPDATE]));
    metadata
}

/// The label of roles that an aggregated role takes in.
fn aggregation_label(role: &str) -> String {
    format!("{GROUP}/aggregate-to-{role}")
}

fn role(row: &Value, _kind: &str) -> Value {
    let mut role = fields([("metadata", metadata(row)), ("rules", cell(row, "rules"))]);
    if let Some(aggregated) = row.get("aggregates").and_then(Value::as_str) {
        let selector = fields([("matchLabels", texts([(aggregation_label(aggregated).as_str(), "true")]))]);
        role.set("aggregationRule", fields([("clusterRoleSelectors", vec![selector].into())]));
    }
    role
}

fn binding(row: &Value, role_kind: &str) -> Value {
    let role = row.get("role").or_else(|| row.get("name")).cloned().unwrap_or_default();
    let subjects: Vec<Value> = row.items_at(["subjects"]).iter().filter_map(subject).collect();
    fields([
        ("metadata", metadata(row)),
        ("subjects", subjects.into()),
        ("roleRef", fields([("apiGroup", GROUP.into()), ("kind", role_kind.into()), ("name", role)])),
    ])
}

/// A subject out of `user: NAME`, `group: NAME` or `serviceAccount: NAMESPACE/NAME`.
fn subject(cell: &Value) -> Option<Value> {
    let (kind, name) = cell.as_object()?.iter().next()?;
    let name = name.as_str()?;
    let of_policy =
        |kind: &str| fields([("kind", kind.into()), ("apiGroup", GROUP.into()), ("name", name.into())]);
    match kind {
        "user" => Some(of_policy("User")),
        "group" => Some(of_policy("Group")),
        _ => {
            let (namespace, name) = name.split_once('/')?;
            Some(fields([
                ("kind", "ServiceAccount".into()),
                ("namespace", namespace.into()),
                ("name", name.into()),
            ]))
        }
    }
}
