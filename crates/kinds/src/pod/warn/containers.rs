//! Containers: amounts that are no whole bytes, variables that hide others, ports that are in each other's way.

use std::collections::{BTreeSet, HashMap};

use meta::Quantity;
use object::Value;
use registry::Warnings;

use crate::checks::Field;
use crate::fields::{int, text};

/// A pod's lists of containers, in the order they are gone through.
pub(super) const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

pub(super) fn warn(container: &Field<'_, '_>, warnings: &mut Warnings) {
    let resources = container.child("resources");
    for resource in ["memory", "ephemeral-storage"] {
        for list in ["limits", "requests"] {
            warn_of_fractions(&resources.child(list), resource, warnings);
        }
    }
    variables(&container.child("env"), warnings);
}

/// Warns of an amount of `resource` that is no whole number.
pub(crate) fn warn_of_fractions(list: &Field<'_, '_>, resource: &str, warnings: &mut Warnings) {
    let amount = list.value.get(resource).and_then(Value::as_str);
    let Some(Ok(amount)) = amount.map(Quantity::parse) else { return };
    if amount.milli_value() % 1000 != 0 {
        warnings.add(format!(
            "{}: fractional byte value {} is invalid, must be an integer",
            list.path.key(resource),
            status::go_quote(&amount.canonical())
        ));
    }
}

/// A variable may be defined again only in terms of what it was.
fn variables(list: &Field<'_, '_>, warnings: &mut Warnings) {
    let mut seen = BTreeSet::new();
    for variable in list.items() {
        let name = variable.child("name").text();
        if seen.insert(name) {
            continue;
        }
        let (reference, value) = (format!("$({name})"), variable.child("value").text());
        let builds_on_it = value.contains(&reference) && value != reference;
        if variable.child("valueFrom").is_present() || !builds_on_it {
            warnings.add(format!(
                "{}: hides previous definition of {}, which may be dropped when using apply",
                variable.path,
                status::go_quote(name)
            ));
        }
    }
}

/// Where a pod listens, and which element of which container's list says so.
struct Listener<'v> {
    place: String,
    host_ip: &'v str,
    host_port: i64,
}

impl Listener<'_> {
    /// What is wrong with having `other` too, if anything.
    fn quarrel(&self, other: &Listener<'_>) -> Option<&'static str> {
        let same_port = self.host_port == other.host_port;
        if same_port && self.host_ip == other.host_ip {
            Some("duplicate")
        } else if self.host_port == 0 || other.host_port == 0 {
            Some("overlapping")
        } else if same_port && (self.host_ip.is_empty() || other.host_ip.is_empty()) {
            Some("dangerously ambiguous")
        } else {
            None
        }
    }
}

/// Warns of ports that more than one element claims, in all of the pod's containers.
pub(super) fn warn_of_ports(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    let mut listeners: HashMap<(i64, &str), Vec<Listener<'_>>> = HashMap::new();
    for list in LISTS {
        for container in spec.child(list).items() {
            for port in container.child("ports").items() {
                let new = Listener {
                    place: port.path.to_string(),
                    host_ip: text(port.value, "hostIP"),
                    host_port: int(port.value, "hostPort"),
                };
                if !new.host_ip.is_empty() && new.host_port == 0 {
                    warnings.add(format!(
                        "{}: hostIP set without hostPort: {}",
                        new.place,
                        shown(port.value)
                    ));
                }
                let key = (int(port.value, "containerPort"), text(port.value, "protocol"));
                let others = listeners.entry(key).or_default();
                for other in others.iter() {
                    if let Some(quarrel) = new.quarrel(other) {
                        warnings
                            .add(format!("{}: {quarrel} port definition with {}", new.place, other.place));
                    }
                }
                others.push(new);
            }
        }
    }
}

/// A port as Go prints one.
fn shown(port: &Value) -> String {
    format!(
        "{{Name:{} HostPort:{} ContainerPort:{} Protocol:{} HostIP:{}}}",
        text(port, "name"),
        int(port, "hostPort"),
        int(port, "containerPort"),
        text(port, "protocol"),
        text(port, "hostIP")
    )
}
