//! AppArmor profiles of new pods (KEP-24): annotations, the older way, become fields.

use object::Value;

use crate::fields::{items_mut, present, present_mut, text};

const PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
const CONTAINER_LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Gives the containers that have no profile the one that an annotation names, unless it is the pod's.
pub(crate) fn copy_annotations(pod: &mut Value) {
    let Some(annotations) = pod.at(["metadata", "annotations"]).cloned() else { return };
    let Some(spec) = present_mut(pod, "spec") else { return };
    if spec.str_at(["os", "name"]) == "windows" {
        return;
    }
    let of_pod = spec.at(["securityContext", "appArmorProfile"]).cloned();
    for list in CONTAINER_LISTS {
        for container in items_mut(spec, list) {
            let known = present(container, "securityContext").and_then(|of| present(of, "appArmorProfile"));
            let name = format!("{PREFIX}{}", text(container, "name"));
            if known.is_none()
                && let Some(profile) = profile(text(&annotations, &name))
                && of_pod.as_ref() != Some(&profile)
            {
                container.object_at("securityContext").insert("appArmorProfile", profile);
            }
        }
    }
}

fn profile(annotation: &str) -> Option<Value> {
    let mut profile = Value::object();
    match annotation {
        "runtime/default" => profile.set("type", "RuntimeDefault"),
        "unconfined" => profile.set("type", "Unconfined"),
        other => {
            profile
                .set("localhostProfile", other.strip_prefix("localhost/").filter(|name| !name.is_empty())?);
            profile.set("type", "Localhost");
        }
    }
    Some(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_become_fields() {
        let cases = [
            ("runtime/default", r#"{"type":"RuntimeDefault"}"#),
            ("unconfined", r#"{"type":"Unconfined"}"#),
            ("localhost/p", r#"{"localhostProfile":"p","type":"Localhost"}"#),
            ("localhost/", "null"),
            ("", "null"),
        ];
        for (annotation, expected) in cases {
            let text = format!(
                r#"{{"metadata":{{"annotations":{{"{PREFIX}c":"{annotation}"}}}},"spec":{{"containers":[{{"name":"c"}}]}}}}"#
            );
            let mut pod = object::json::parse(text.as_bytes()).expect("a pod");
            copy_annotations(&mut pod);
            let container = &pod.items_at(["spec", "containers"])[0];
            let profile = container.at(["securityContext", "appArmorProfile"]).unwrap_or(&Value::Null);
            assert_eq!(object::json::to_string(profile), expected, "{annotation}");
        }
    }
}
