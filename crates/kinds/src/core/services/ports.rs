//! Node ports: handed out of one range, each to one service.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use object::Value;
use registry::{Context, metadata};
use status::{FieldError, Path, Result, Status};

use super::needs;
use crate::fields::{int, items, items_mut, text};

const FIRST: i64 = 30000;
const LAST: i64 = 32767;

/// The ports that are taken by other services or, during one request, by this one.
struct Taken {
    numbers: BTreeSet<i64>,
    start: i64,
    /// On dry run nothing is handed out: numbers above the range stand for what would be.
    dry_run: Option<i64>,
}

impl Taken {
    fn load(context: &Context<'_>, service: &Value) -> Taken {
        let own = (metadata::namespace(service), metadata::name(service));
        let mut numbers = BTreeSet::new();
        for other in context.lookup.list("", "services", "") {
            if (metadata::namespace(&other), metadata::name(&other)) != own {
                numbers.extend(held(&other));
            }
        }
        let mut hasher = DefaultHasher::new();
        (own, context.now).hash(&mut hasher);
        let start = i64::try_from(hasher.finish() % 2048).unwrap_or(0);
        Taken { numbers, start, dry_run: context.dry_run.then_some(LAST + 2) }
    }

    fn take(&mut self, number: i64) -> std::result::Result<(), String> {
        if self.dry_run.is_none() && !(FIRST..=LAST).contains(&number) {
            return Err(format!(
                "provided port is not in the valid range. The range of valid ports is {FIRST}-{LAST}"
            ));
        }
        if self.numbers.insert(number) {
            Ok(())
        } else {
            Err("provided port is already allocated".to_owned())
        }
    }

    /// The next free port. The lowest are left to those who choose theirs (KEP-3668), until the others are gone.
    fn take_next(&mut self) -> std::result::Result<i64, String> {
        const RESERVED: i64 = 86;
        if let Some(next) = &mut self.dry_run {
            *next += 1;
            return Ok(*next - 1);
        }
        let dynamic = LAST - FIRST + 1 - RESERVED;
        let upper = (0..dynamic).map(|step| FIRST + RESERVED + (self.start + step) % dynamic);
        let free = upper.chain(FIRST..FIRST + RESERVED).find(|number| !self.numbers.contains(number));
        let number = free.ok_or("range is full")?;
        self.numbers.insert(number);
        Ok(number)
    }
}

/// Every node port that a service holds.
fn held(service: &Value) -> BTreeSet<i64> {
    let Some(spec) = service.get("spec") else { return BTreeSet::new() };
    let ports = items(spec, "ports").iter().map(|port| int(port, "nodePort"));
    ports.chain([int(spec, "healthCheckNodePort")]).filter(|number| *number != 0).collect()
}

/// Hands out the ports that a service lacks, and reserves those it asks for.
pub(super) fn allocate(context: &Context<'_>, service: &mut Value, old: Option<&Value>) -> Result<()> {
    let spec = service.get("spec").unwrap_or(&Value::Null);
    let lists = needs::allocated_node_ports(spec) || needs::node_ports(spec);
    if !lists && !needs::health_check_port(spec) {
        return Ok(());
    }
    let mut taken = Taken::load(context, service);
    let kept = old.map(held).unwrap_or_default();
    taken.numbers.extend(&kept);
    if lists {
        match old.and_then(|old| old.get("spec")) {
            Some(_) => change(service, &kept, &mut taken)?,
            None => begin(service, &mut taken)?,
        }
    }
    let old_spec = old.and_then(|old| old.get("spec")).unwrap_or(&Value::Null);
    let spec = service.object_at("spec");
    let mut spec_value = Value::Object(std::mem::take(spec));
    let result = health_check(&mut spec_value, old_spec, &mut taken);
    service.set("spec", spec_value);
    result
}

fn refused(service: &Value, index: usize, number: i64, why: String) -> Box<Status> {
    let spec = Path::new("spec");
    let (ports, name) = (spec.child("ports"), metadata::name(service));
    let error = FieldError::invalid(&ports.index(index).child("nodePort"), number, why);
    Status::invalid("", "Service", name, &[error])
}

fn no_port(why: String) -> Box<Status> {
    Status::internal(format_args!("failed to allocate a nodePort: {why}"))
}

/// For a new service: equal ports of different protocols share a node port.
fn begin(service: &mut Value, taken: &mut Taken) -> Result<()> {
    let spec = service.get("spec").unwrap_or(&Value::Null);
    let hands_out = needs::allocated_node_ports(spec);
    let asked: Vec<(i64, i64)> =
        items(spec, "ports").iter().map(|port| (int(port, "port"), int(port, "nodePort"))).collect();
    let mut by_port: HashMap<i64, i64> = HashMap::new();
    let mut given = Vec::with_capacity(asked.len());
    for (index, (port, node_port)) in asked.iter().copied().enumerate() {
        if node_port == 0 && !hands_out {
            given.push(0);
            continue;
        }
        let number = match by_port.get(&port).copied() {
            None => {
                let requested = asked.iter().find(|(other, number)| *other == port && *number != 0);
                let number = match requested {
                    Some((_, number)) => {
                        taken.take(*number).map_err(|why| refused(service, index, *number, why))?;
                        *number
                    }
                    None => taken.take_next().map_err(no_port)?,
                };
                by_port.insert(port, number);
                number
            }
            Some(shared) if node_port == 0 || node_port == shared => shared,
            Some(_) => {
                taken.take(node_port).map_err(|why| refused(service, index, node_port, why))?;
                node_port
            }
        };
        given.push(number);
    }
    write(service, &given);
    Ok(())
}

/// For a service that was there: what it holds stays its own.
fn change(service: &mut Value, kept: &BTreeSet<i64>, taken: &mut Taken) -> Result<()> {
    let spec = service.get("spec").unwrap_or(&Value::Null);
    let hands_out = needs::allocated_node_ports(spec);
    let mut own = kept.clone();
    let mut seen: Vec<(&str, i64)> = Vec::new();
    let mut given = Vec::new();
    for (index, port) in items(spec, "ports").iter().enumerate() {
        let mut number = int(port, "nodePort");
        if number == 0 && !hands_out {
            given.push(0);
            continue;
        }
        if number == 0 {
            number = taken.take_next().map_err(no_port)?;
        } else if own.insert(number) {
            taken.take(number).map_err(|why| refused(service, index, number, why))?;
        }
        let pair = (text(port, "protocol"), number);
        if seen.contains(&pair) {
            return Err(Status::internal(format_args!("duplicate nodePort: {{{} {number}}}", pair.0)));
        }
        seen.push(pair);
        given.push(number);
    }
    write(service, &given);
    Ok(())
}

fn write(service: &mut Value, numbers: &[i64]) {
    let Some(spec) = service.get_mut("spec") else { return };
    for (port, number) in items_mut(spec, "ports").iter_mut().zip(numbers) {
        if *number != 0 {
            port.set("nodePort", *number);
        }
    }
}

fn health_check(spec: &mut Value, old: &Value, taken: &mut Taken) -> Result<()> {
    if !needs::health_check_port(spec) || needs::health_check_port(old) {
        return Ok(());
    }
    match int(spec, "healthCheckNodePort") {
        0 => {
            let number = taken.take_next().map_err(|why| {
                Status::internal(format_args!("failed to allocate a HealthCheck NodePort 0: {why}"))
            })?;
            spec.set("healthCheckNodePort", number);
            Ok(())
        }
        number => taken.take(number).map_err(|why| {
            Status::internal(format_args!(
                "failed to allocate requested HealthCheck NodePort {number}: {why}"
            ))
        }),
    }
}
