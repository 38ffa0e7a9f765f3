//! ServiceAccount: a pod runs as an account that exists, and gets that account's token as a volume.

use object::{Map, Value};
use registry::{Attributes, Warnings};
use status::{Result, Status};

use crate::{Plugin, pod};

const MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const MIRROR: &str = "kubernetes.io/config.mirror";
const VOLUME_PREFIX: &str = "kube-api-access-";
/// Seconds a projected token lives: an hour and a little, so that clients' hourly reloads find a fresh one.
const TOKEN_SECONDS: i64 = 3607;

/// See the module.
pub(crate) struct ServiceAccount;

impl Plugin for ServiceAccount {
    fn name(&self) -> &'static str {
        "ServiceAccount"
    }

    fn mutate(
        &self,
        attributes: &Attributes<'_>,
        object: &mut Value,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        if !pod::is_created(attributes) || object.at(["metadata", "annotations", MIRROR]).is_some() {
            return Ok(());
        }
        if object.str_at(["spec", "serviceAccountName"]).is_empty() {
            object.object_at("spec").insert("serviceAccountName", "default");
        }
        let name = object.str_at(["spec", "serviceAccountName"]).to_owned();
        object.object_at("spec").insert("serviceAccount", name.as_str());
        let namespace = &attributes.request.namespace;
        let account = attributes.lookup.get("", "serviceaccounts", namespace, &name).ok_or_else(|| {
            let why = format!(
                "error looking up service account {namespace}/{name}: serviceaccount {} not found",
                status::go_quote(&name)
            );
            Status::forbidden("", "pods", attributes.name, why)
        })?;
        if mounts_token(object, &account) {
            mount_token(object);
        }
        let secrets = account.items_at(["imagePullSecrets"]);
        if object.items_at(["spec", "imagePullSecrets"]).is_empty() && !secrets.is_empty() {
            object.object_at("spec").insert("imagePullSecrets", secrets.to_vec());
        }
        Ok(())
    }
}

/// The pod's word counts, then the account's, then yes.
fn mounts_token(pod: &Value, account: &Value) -> bool {
    let of_pod = pod.at(["spec", "automountServiceAccountToken"]).and_then(Value::as_bool);
    let of_account = account.get("automountServiceAccountToken").and_then(Value::as_bool);
    of_pod.or(of_account).unwrap_or(true)
}

/// Mounts the token into every container that has nothing at its place, and adds its volume if any did.
fn mount_token(pod: &mut Value) {
    let existing = pod
        .items_at(["spec", "volumes"])
        .iter()
        .map(|volume| volume.str_at(["name"]))
        .find(|name| name.starts_with(VOLUME_PREFIX))
        .map(str::to_owned);
    let is_new = existing.is_none();
    let name = existing.unwrap_or_else(|| meta::generate_name(VOLUME_PREFIX, &meta::SystemRandomness));
    let mut mounted = false;
    for list in ["initContainers", "containers"] {
        let containers = pod.at_mut(["spec", list]).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let taken = container
                .items_at(["volumeMounts"])
                .iter()
                .any(|mount| mount.str_at(["mountPath"]) == MOUNT_PATH);
            if taken {
                continue;
            }
            let mut mounts = container.items_at(["volumeMounts"]).to_vec();
            let mut mount = Map::from_iter([("name", name.as_str()), ("mountPath", MOUNT_PATH)]);
            mount.insert("readOnly", true);
            mounts.push(mount.into());
            container.set("volumeMounts", mounts);
            mounted = true;
        }
    }
    if mounted && is_new {
        let mut volumes = pod.items_at(["spec", "volumes"]).to_vec();
        volumes.push(token_volume(&name));
        pod.object_at("spec").insert("volumes", volumes);
    }
}

/// The token, the CA that signs the server's certificate, and the namespace.
fn token_volume(name: &str) -> Value {
    let object = |entries: Vec<(&str, Value)>| Value::Object(Map::from_iter(entries));
    let token = object(vec![("expirationSeconds", TOKEN_SECONDS.into()), ("path", "token".into())]);
    let certificate = object(vec![
        ("name", "kube-root-ca.crt".into()),
        ("items", Value::Array(vec![object(vec![("key", "ca.crt".into()), ("path", "ca.crt".into())])])),
    ]);
    let field = object(vec![("apiVersion", "v1".into()), ("fieldPath", "metadata.namespace".into())]);
    let namespace = object(vec![("path", "namespace".into()), ("fieldRef", field)]);
    let namespace = object(vec![("items", Value::Array(vec![namespace]))]);
    let sources = vec![
        object(vec![("serviceAccountToken", token)]),
        object(vec![("configMap", certificate)]),
        object(vec![("downwardAPI", namespace)]),
    ];
    let projected = object(vec![("sources", Value::Array(sources)), ("defaultMode", 0o644.into())]);
    object(vec![("name", name.into()), ("projected", projected)])
}
