//! Whether the priority level that a flow schema names is there: its condition `Dangling`.

use std::sync::Arc;
use std::time::Duration;

use meta::{Clock, SystemClock};
use object::Value;
use registry::Resource;
use registry::metadata;

use crate::client::{Client, Review, read};

const GROUP: &str = "flowcontrol.apiserver.k8s.io";
/// How long changes are gathered before they are looked at.
const MANAGER: &str = "api-priority-and-fairness-config-consumer-v1";

/// Follows flow schemas and priority levels.
pub(crate) async fn run(client: Client) {
    let (Some(schemas), Some(levels)) =
        (client.resource(GROUP, "flowschemas"), client.resource(GROUP, "prioritylevelconfigurations"))
    else {
        return;
    };
    let reviewer = Reviewer { client, schemas, levels };
    tokio::join!(reviewer.follow(&reviewer.schemas), reviewer.follow(&reviewer.levels));
}

struct Reviewer {
    client: Client,
    schemas: Arc<Resource>,
    levels: Arc<Resource>,
}

impl Review for Reviewer {
    const PAUSE: Duration = Duration::from_millis(20);

    fn client(&self) -> &Client {
        &self.client
    }

    /// Corrects the conditions that are not as they should be.
    async fn review(&self) {
        let levels = self.client.list(&self.levels, "");
        for schema in self.client.list(&self.schemas, "") {
            let Some(schema) = read(&schema) else { continue };
            let level = schema.str_at(["spec", "priorityLevelConfiguration", "name"]);
            let found = levels.iter().any(|known| known.name() == level);
            let condition = condition(level, found);
            if !holds(&schema, &condition) {
                let applied = applied(&schema, condition);
                // Somebody may have removed it meanwhile.
                let name = metadata::name(&schema);
                let _ = self.client.apply_status(&self.schemas, name, MANAGER, &applied).await;
            }
        }
    }
}

/// The condition of a schema whose level is there, or is not.
fn condition(level: &str, found: bool) -> Value {
    let level = status::go_quote(level);
    let (status, reason, end) = match found {
        true => ("False", "Found", "and it exists"),
        false => ("True", "NotFound", "but there is no such object"),
    };
    let message =
        format!("This FlowSchema references the PriorityLevelConfiguration object named {level} {end}");
    let mut condition = Value::object();
    condition.set("type", "Dangling");
    condition.set("status", status);
    condition.set("reason", reason);
    condition.set("message", message);
    condition
}

/// Whether the schema has the condition already, whenever it came to have it.
fn holds(schema: &Value, condition: &Value) -> bool {
    let same = |known: &Value| {
        ["type", "status", "reason", "message"].iter().all(|field| known.get(field) == condition.get(field))
    };
    schema.items_at(["status", "conditions"]).iter().any(same)
}

fn applied(schema: &Value, mut condition: Value) -> Value {
    condition.set("lastTransitionTime", SystemClock.now().to_string());
    let mut configuration = Value::object();
    configuration.set("apiVersion", schema.str_at(["apiVersion"]));
    configuration.set("kind", schema.str_at(["kind"]));
    metadata::set(&mut configuration, "name", Some(metadata::name(schema).into()));
    configuration.object_at("status").insert("conditions", vec![condition]);
    configuration
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_dangles_without_its_level() {
        let mut schema = Value::object();
        let (dangling, bound) = (condition("l", false), condition("l", true));
        assert_eq!((dangling.str_at(["status"]), bound.str_at(["status"])), ("True", "False"));
        schema.object_at("status").insert("conditions", vec![dangling.clone()]);
        assert!(holds(&schema, &dangling) && !holds(&schema, &bound));
        let applied = applied(&schema, bound);
        assert!(!applied.items_at(["status", "conditions"])[0].str_at(["lastTransitionTime"]).is_empty());
    }
}
