//! DefaultTolerationSeconds: a pod stays five minutes on a node that is not ready or unreachable.

use object::{Map, Value};
use registry::{Attributes, Warnings};
use status::Result;

use crate::{Plugin, pod};

const TAINTS: [&str; 2] = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
/// kube-apiserver's `--default-not-ready-toleration-seconds` and its twin, as they are by default.
const SECONDS: i64 = 300;

/// See the module.
pub(crate) struct DefaultTolerationSeconds;

impl Plugin for DefaultTolerationSeconds {
    fn name(&self) -> &'static str {
        "DefaultTolerationSeconds"
    }

    fn mutate(
        &self,
        attributes: &Attributes<'_>,
        object: &mut Value,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        if !pod::is_pod(attributes) {
            return Ok(());
        }
        let mut tolerations = object.items_at(["spec", "tolerations"]).to_vec();
        let known = tolerations.len();
        for taint in TAINTS {
            if !tolerations[..known].iter().any(|toleration| tolerates(toleration, taint)) {
                tolerations.push(toleration(taint));
            }
        }
        if tolerations.len() > known {
            object.object_at("spec").insert("tolerations", tolerations);
        }
        Ok(())
    }
}

fn tolerates(toleration: &Value, taint: &str) -> bool {
    let (key, effect) = (toleration.str_at(["key"]), toleration.str_at(["effect"]));
    (key == taint || key.is_empty()) && (effect == "NoExecute" || effect.is_empty())
}

fn toleration(taint: &str) -> Value {
    let mut map = Map::from_iter([("key", taint), ("operator", "Exists"), ("effect", "NoExecute")]);
    map.insert("tolerationSeconds", SECONDS);
    Value::Object(map)
}
