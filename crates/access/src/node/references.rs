//! What pods and volumes refer to.

use object::{Text, Value};

/// The kinds of objects that belong to nodes by way of their pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    ConfigMap,
    PersistentVolumeClaim,
    ResourceClaim,
    Secret,
    ServiceAccount,
}

/// An object: its kind, namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) kind: Kind,
    pub(super) namespace: Text,
    pub(super) name: Text,
}

impl Target {
    pub(super) fn new(kind: Kind, namespace: &str, name: &str) -> Target {
        Target { kind, namespace: Text::new(namespace), name: Text::new(name) }
    }
}

/// Where the name of a secret stands in a volume of a pod, by the kind of volume.
const VOLUME_SECRETS: &[[&str; 3]] = &[
    ["azureFile", "secretName", ""],
    ["cephfs", "secretRef", "name"],
    ["cinder", "secretRef", "name"],
    ["csi", "nodePublishSecretRef", "name"],
    ["flexVolume", "secretRef", "name"],
    ["iscsi", "secretRef", "name"],
    ["rbd", "secretRef", "name"],
    ["scaleIO", "secretRef", "name"],
    ["secret", "secretName", ""],
    ["storageos", "secretRef", "name"],
];

/// Where a reference to a secret that kubelets read stands in a PersistentVolume.
const PERSISTENT_VOLUME_SECRETS: &[[&str; 2]] = &[
    ["cephfs", "secretRef"],
    ["cinder", "secretRef"],
    ["csi", "nodeExpandSecretRef"],
    ["csi", "nodePublishSecretRef"],
    ["csi", "nodeStageSecretRef"],
    ["flexVolume", "secretRef"],
    ["iscsi", "secretRef"],
    ["rbd", "secretRef"],
    ["scaleIO", "secretRef"],
    ["storageos", "secretRef"],
];

const MIRROR: &str = "kubernetes.io/config.mirror";

/// Everything the pod's node may read because of the pod, each once.
pub(super) fn of_pod(pod: &Value) -> Vec<Target> {
    // Kubelets make mirror pods themselves, and must not give themselves anything by it.
    if pod.at(["metadata", "annotations", MIRROR]).is_some() {
        return Vec::new();
    }
    let mut found = Found { namespace: pod.str_at(["metadata", "namespace"]), targets: Vec::new() };
    found.add(Kind::ServiceAccount, pod.str_at(["spec", "serviceAccountName"]));
    for secret in pod.items_at(["spec", "imagePullSecrets"]) {
        found.add(Kind::Secret, secret.str_at(["name"]));
    }
    for containers in ["initContainers", "containers", "ephemeralContainers"] {
        for container in pod.items_at(["spec", containers]) {
            found.environment(container);
        }
    }
    for volume in pod.items_at(["spec", "volumes"]) {
        found.volume(pod, volume);
    }
    found.claims(pod);
    found.targets.sort_unstable();
    found.targets.dedup();
    found.targets
}

struct Found<'a> {
    namespace: &'a str,
    targets: Vec<Target>,
}

impl Found<'_> {
    fn add(&mut self, kind: Kind, name: &str) {
        if !name.is_empty() {
            self.targets.push(Target::new(kind, self.namespace, name));
        }
    }

    fn environment(&mut self, container: &Value) {
        for variable in container.items_at(["env"]) {
            self.add(Kind::Secret, variable.str_at(["valueFrom", "secretKeyRef", "name"]));
            self.add(Kind::ConfigMap, variable.str_at(["valueFrom", "configMapKeyRef", "name"]));
        }
        for source in container.items_at(["envFrom"]) {
            self.add(Kind::Secret, source.str_at(["secretRef", "name"]));
            self.add(Kind::ConfigMap, source.str_at(["configMapRef", "name"]));
        }
    }

    fn volume(&mut self, pod: &Value, volume: &Value) {
        for path in VOLUME_SECRETS {
            let path = path.iter().copied().filter(|field| !field.is_empty());
            self.add(Kind::Secret, volume.str_at(path));
        }
        self.add(Kind::ConfigMap, volume.str_at(["configMap", "name"]));
        for source in volume.items_at(["projected", "sources"]) {
            self.add(Kind::Secret, source.str_at(["secret", "name"]));
            self.add(Kind::ConfigMap, source.str_at(["configMap", "name"]));
        }
        self.add(Kind::PersistentVolumeClaim, volume.str_at(["persistentVolumeClaim", "claimName"]));
        if volume.get("ephemeral").is_some_and(|ephemeral| !ephemeral.is_null()) {
            let claim = format!("{}-{}", pod.str_at(["metadata", "name"]), volume.str_at(["name"]));
            self.add(Kind::PersistentVolumeClaim, &claim);
        }
    }

    fn claims(&mut self, pod: &Value) {
        for claim in pod.items_at(["spec", "resourceClaims"]) {
            self.add(Kind::ResourceClaim, claim.str_at(["resourceClaimName"]));
        }
        for status in pod.items_at(["status", "resourceClaimStatuses"]) {
            self.add(Kind::ResourceClaim, status.str_at(["resourceClaimName"]));
        }
        let extended = ["status", "extendedResourceClaimStatus", "resourceClaimName"];
        self.add(Kind::ResourceClaim, pod.str_at(extended));
    }
}

/// The claim a PersistentVolume is bound to.
pub(super) fn claim_of(volume: &Value) -> Option<Target> {
    let claim = volume.at(["spec", "claimRef"]).filter(|claim| !claim.is_null())?;
    Some(Target::new(Kind::PersistentVolumeClaim, claim.str_at(["namespace"]), claim.str_at(["name"])))
}

/// The secrets that whoever mounts a PersistentVolume needs.
pub(super) fn secrets_of(volume: &Value) -> Vec<Target> {
    let null = Value::Null;
    let spec = volume.get("spec").unwrap_or(&null);
    let claim_namespace = spec.str_at(["claimRef", "namespace"]);
    let mut secrets: Vec<Target> = PERSISTENT_VOLUME_SECRETS
        .iter()
        .filter_map(|path| spec.at(path.iter().copied()))
        .map(|reference| (reference.str_at(["namespace"]), reference.str_at(["name"])))
        .chain([(spec.str_at(["azureFile", "secretNamespace"]), spec.str_at(["azureFile", "secretName"]))])
        .filter(|(_, name)| !name.is_empty())
        .map(|(namespace, name)| {
            let namespace = if namespace.is_empty() { claim_namespace } else { namespace };
            Target::new(Kind::Secret, namespace, name)
        })
        .collect();
    secrets.sort_unstable();
    secrets.dedup();
    secrets
}
