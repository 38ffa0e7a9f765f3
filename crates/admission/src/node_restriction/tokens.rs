//! What tokens a node may ask for: those of pods that it runs, for audiences that the pods ask for.

use object::Value;
use registry::Operation;
use status::Result;

use super::Write;

pub(super) fn check(write: &Write<'_>) -> Result<()> {
    if write.operation() != Operation::Create || write.subresource() != "token" {
        return Ok(());
    }
    let asked = write.object.and_then(|object| object.get("spec")).unwrap_or(&Value::Null);
    let bound = asked.get("boundObjectRef").unwrap_or(&Value::Null);
    let name = bound.str_at(["name"]);
    let pod = bound.str_at(["apiVersion"]) == "v1" && bound.str_at(["kind"]) == "Pod" && !name.is_empty();
    write.require(pod, |_| "node requested token not bound to a pod".to_owned())?;
    let uid = bound.str_at(["uid"]);
    write.require(!uid.is_empty(), |_| "node requested token with a pod binding without a uid".to_owned())?;
    let Some(pod) = write.attributes.lookup.get("", "pods", &write.attributes.request.namespace, name) else {
        return Err(status::Status::not_found("", "pods", name));
    };
    let recorded = pod.str_at(["metadata", "uid"]);
    write.require(uid == recorded, |_| {
        format!(
            "the UID in the bound object reference ({uid}) does not match the UID in record. The object might have \
             been deleted and then recreated"
        )
    })?;
    write.require(pod.str_at(["spec", "nodeName"]) == write.node, |_| {
        "node requested token bound to a pod scheduled on a different node".to_owned()
    })?;
    check_audience(write, asked, &pod)
}

/// KEP-4412's rule of audiences: the one that is asked for stands in a volume of the pod.
fn check_audience(write: &Write<'_>, asked: &Value, pod: &Value) -> Result<()> {
    let audiences = asked.items_at(["audiences"]);
    write.require(audiences.len() < 2, |_| "node may only request 0 or 1 audiences".to_owned())?;
    let audience = audiences.first().and_then(Value::as_str).unwrap_or_default();
    let projected = |volume: &Value| {
        volume.items_at(["projected", "sources"]).iter().any(|source| {
            source.get("serviceAccountToken").is_some_and(|token| token.str_at(["audience"]) == audience)
        })
    };
    let driver = |volume: &Value| {
        let name = volume.str_at(["csi", "driver"]);
        let driver = write.attributes.lookup.get("storage.k8s.io", "csidrivers", "", name);
        driver.is_some_and(|driver| {
            let requests = driver.items_at(["spec", "tokenRequests"]);
            requests.iter().any(|request| request.str_at(["audience"]) == audience)
        })
    };
    let volumes = pod.items_at(["spec", "volumes"]);
    write.require(volumes.iter().any(|volume| projected(volume) || driver(volume)), |_| {
        format!("audience {} not found in pod spec volume", status::go_quote(audience))
    })
}
