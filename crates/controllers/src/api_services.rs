//! Whether what serves an API group elsewhere can be reached: the condition `Available` of API services.

use std::sync::Arc;
use std::time::Duration;

use meta::{Clock, SystemClock};
use object::Value;
use registry::{BoxFuture, Lookup, Resource};

use crate::client::{Client, Review, read};

const GROUP: &str = "apiregistration.k8s.io";
/// How long changes are gathered before they are looked at.
const SERVICE_LABEL: &str = "kubernetes.io/service-name";

/// How often servers that answered, or did not, are asked again.
const AGAIN: Duration = Duration::from_secs(10);

/// Asks the server that an API service names whether it answers.
pub trait Probe: Send + Sync {
    /// Asks the server of `api_service`.
    ///
    /// # Errors
    /// Why it can't be relied on, in the words of the condition.
    fn probe<'a>(&'a self, api_service: &'a Value) -> BoxFuture<'a, Result<(), String>>;
}

/// Follows API services and what they depend on.
pub(crate) async fn run(client: Client, probe: Arc<dyn Probe>) {
    let kinds = [(GROUP, "apiservices"), ("", "services"), ("discovery.k8s.io", "endpointslices")];
    let [Some(registered), Some(services), Some(slices)] =
        kinds.map(|(group, plural)| client.resource(group, plural))
    else {
        return;
    };
    let reviewer = Reviewer { client, registered, probe };
    let again = async {
        loop {
            tokio::time::sleep(AGAIN).await;
            reviewer.review().await;
        }
    };
    let follow = |resource| reviewer.follow(resource);
    tokio::join!(follow(&reviewer.registered), follow(&services), follow(&slices), again);
}

struct Reviewer {
    client: Client,
    registered: Arc<Resource>,
    probe: Arc<dyn Probe>,
}

impl Review for Reviewer {
    const PAUSE: Duration = Duration::from_millis(50);

    fn client(&self) -> &Client {
        &self.client
    }

    /// Corrects the conditions that are not as they should be.
    async fn review(&self) {
        for object in self.client.list(&self.registered, "") {
            let Some(mut object) = read(&object) else { continue };
            let service = object.at(["spec", "service"]).filter(|service| !service.is_null());
            let wanted = match service.map(|service| unavailable(&*self.client.registry, service)) {
                None => Availability::LOCAL,
                Some(Some(lacking)) => lacking,
                Some(None) => Availability::answering(self.probe.probe(&object).await),
            };
            if wanted.write(&mut object, &SystemClock.now().to_string()) {
                // Somebody may have changed it meanwhile; then it is looked at again.
                let _ = self.client.update_through(&self.registered, "status", &object).await;
            }
        }
    }
}

/// What the condition shall say.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Availability {
    status: &'static str,
    reason: &'static str,
    message: String,
}

impl Availability {
    /// That of what is served in process.
    const LOCAL: Availability = Availability { status: "True", reason: "Local", message: String::new() };

    /// That of one whose server was asked.
    fn answering(answer: Result<(), String>) -> Availability {
        match answer {
            Ok(()) => {
                Availability { status: "True", reason: "Passed", message: "all checks passed".to_owned() }
            }
            Err(message) => Availability { status: "False", reason: "FailedDiscoveryCheck", message },
        }
    }

    fn message(&self) -> &str {
        if self.reason == "Local" { "Local APIServices are always available" } else { &self.message }
    }

    /// Writes the condition into the object; false if it is there already.
    fn write(&self, object: &mut Value, now: &str) -> bool {
        let known = object
            .items_at(["status", "conditions"])
            .iter()
            .find(|condition| condition.str_at(["type"]) == "Available");
        let same = |known: &Value| {
            (known.str_at(["status"]), known.str_at(["reason"]), known.str_at(["message"]))
                == (self.status, self.reason, self.message())
        };
        if known.is_some_and(same) {
            return false;
        }
        let since = known
            .filter(|known| known.str_at(["status"]) == self.status)
            .map_or(now, |known| known.str_at(["lastTransitionTime"]))
            .to_owned();
        let mut condition = Value::object();
        condition.set("type", "Available");
        condition.set("status", self.status);
        condition.set("lastTransitionTime", since);
        condition.set("reason", self.reason);
        condition.set("message", self.message());
        let mut conditions = object.items_at(["status", "conditions"]).to_vec();
        match conditions.iter_mut().find(|known| known.str_at(["type"]) == "Available") {
            Some(known) => *known = condition,
            None => conditions.push(condition),
        }
        object.object_at("status").insert("conditions", conditions);
        true
    }
}

/// What a service lacks to be called; nothing if it has all it needs.
fn unavailable(lookup: &dyn Lookup, reference: &Value) -> Option<Availability> {
    let (namespace, name) = (reference.str_at(["namespace"]), reference.str_at(["name"]));
    let because = |reason, message| Some(Availability { status: "False", reason, message });
    let quoted = status::go_quote(namespace);
    let Some(service) = lookup.get("", "services", namespace, name) else {
        return because("ServiceNotFound", format!("service/{name} in {quoted} is not present"));
    };
    if service.str_at(["spec", "type"]) == "ExternalName" {
        return None;
    }
    let number = reference.get("port").and_then(Value::as_i64).unwrap_or(443);
    let ports = service.items_at(["spec", "ports"]);
    let Some(port) = ports.iter().find(|port| port.get("port").and_then(Value::as_i64) == Some(number))
    else {
        let message = format!("service/{name} in {quoted} is not listening on port {number}");
        return because("ServicePortError", message);
    };
    let slices = lookup.list("discovery.k8s.io", "endpointslices", namespace);
    let mut slices =
        slices.iter().filter(|slice| slice.str_at(["metadata", "labels", SERVICE_LABEL]) == name).peekable();
    if slices.peek().is_none() {
        let message = format!("cannot find endpointslices for service/{name} in {quoted}");
        return because("EndpointsNotFound", message);
    }
    let port_name = port.str_at(["name"]);
    if !slices.any(|slice| reaches(slice, port_name)) {
        let message = format!(
            "endpointslices for service/{name} in {quoted} have no addresses with port name {}",
            status::go_quote(port_name)
        );
        return because("MissingEndpoints", message);
    }
    None
}

/// Whether a slice has an endpoint that is ready and listens on the port of this name.
fn reaches(slice: &Value, port_name: &str) -> bool {
    let ready = |endpoint: &Value| {
        endpoint.at(["conditions", "ready"]).and_then(Value::as_bool).unwrap_or(true)
            && !endpoint.items_at(["addresses"]).is_empty()
    };
    slice.items_at(["endpoints"]).iter().any(ready)
        && slice.items_at(["ports"]).iter().any(|port| port.str_at(["name"]) == port_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Known {
        service: Option<Value>,
        slices: Vec<Value>,
    }

    impl Lookup for Known {
        fn get(&self, _group: &str, _resource: &str, _namespace: &str, _name: &str) -> Option<Value> {
            self.service.clone()
        }

        fn list(&self, _group: &str, _resource: &str, _namespace: &str) -> Vec<Value> {
            self.slices.clone()
        }
    }

    fn json(text: &str) -> Value {
        object::json::parse(text.as_bytes()).expect("JSON")
    }

    #[test]
    fn what_is_lacking_is_named() {
        let reference = json(r#"{"namespace":"n","name":"s","port":443}"#);
        let mut known = Known::default();
        let reason = |known: &Known| unavailable(known, &reference).map_or("", |found| found.reason);
        assert_eq!(reason(&known), "ServiceNotFound");
        known.service = Some(json(r#"{"spec":{"ports":[{"port":80}]}}"#));
        assert_eq!(reason(&known), "ServicePortError");
        known.service = Some(json(r#"{"spec":{"ports":[{"port":443}]}}"#));
        assert_eq!(reason(&known), "EndpointsNotFound");
        known.slices = vec![json(r#"{"metadata":{"labels":{"kubernetes.io/service-name":"s"}}}"#)];
        assert_eq!(reason(&known), "MissingEndpoints");
        known.slices = vec![json(
            r#"{"metadata":{"labels":{"kubernetes.io/service-name":"s"}},"endpoints":[{"addresses":["a"]}],"ports":[{"name":""}]}"#,
        )];
        assert_eq!(reason(&known), "");
    }

    #[test]
    fn a_condition_is_written_once() {
        let mut object = Value::object();
        assert!(Availability::LOCAL.write(&mut object, "t1"));
        assert!(!Availability::LOCAL.write(&mut object, "t2"));
        let condition = &object.items_at(["status", "conditions"])[0];
        assert_eq!(condition.str_at(["lastTransitionTime"]), "t1");
    }
}
