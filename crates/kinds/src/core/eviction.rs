//! Eviction: what is posted to `pods/eviction` deletes a pod if its disruption budget allows that.

use std::sync::atomic::{AtomicBool, Ordering};

use meta::LabelSelector;
use meta::selector::MatchExpression;
use object::Value;
use registry::{
    Body, BodyFormat, BoxFuture, Creator, DeleteOptions, Lookup, Preconditions, Propagation, Registry,
    Request, Verb, Warnings, WriteOptions, metadata,
};
use status::{BadValue, Cause, FieldError, Path, Result, Status};

use super::success;
use crate::conditions;
use crate::fields::{int, items, optional_int, present, text, text_entries, texts};

const POLICY: &str = "policy";
const BUDGETS: &str = "poddisruptionbudgets";
const VIOLATES: &str = "Cannot evict pod as it would violate the pod's disruption budget.";
/// Seconds after which a budget that lags behind is looked at again.
const RETRY_SECONDS: u32 = 10;
/// More evictions than this that the budget's controller has not confirmed are not taken.
const MAX_DISRUPTED_PODS: usize = 2000;

/// Evicts pods.
pub(super) struct Evict;

impl Creator for Evict {
    fn create<'a>(
        &'a self,
        registry: &'a Registry,
        request: &'a Request,
        object: Value,
        options: &'a WriteOptions,
        _warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<Value>> {
        Box::pin(async move {
            if metadata::name(&object) != request.name {
                return Err(Status::bad_request("name in URL does not match name in Eviction object"));
            }
            let given = object.get("deleteOptions").unwrap_or(&Value::Null);
            let options = delete_options(given, options)?;
            evict(registry, request, options).await?;
            Ok(success())
        })
    }
}

/// The options of the delete, which may ask for a dry run just as the request may.
fn delete_options(given: &Value, request: &WriteOptions) -> Result<DeleteOptions> {
    let asked: Vec<&str> = texts(given, "dryRun").collect();
    let list = |flags: &[&str]| format!("[{}]", flags.join(" "));
    let flags: &[&str] = if request.dry_run { &["All"] } else { &[] };
    if !flags.is_empty() && !asked.is_empty() && asked != flags {
        return Err(Status::unknown(format_args!(
            "Non-matching dry-run options in request and content: {} and {}",
            list(flags),
            list(&asked)
        )));
    }
    if !asked.is_empty() && asked != ["All"] {
        let shown = given.get("dryRun").map_or(BadValue::Null, BadValue::from);
        let error = FieldError::not_supported(&Path::new("dryRun"), shown, ["All"]);
        return Err(Status::invalid("meta.k8s.io", "DeleteOptions", "", &[error]));
    }
    let propagation = match text(given, "propagationPolicy") {
        "" if present(given, "propagationPolicy").is_none() => None,
        "Orphan" => Some(Propagation::Orphan),
        "Background" => Some(Propagation::Background),
        "Foreground" => Some(Propagation::Foreground),
        other => {
            let supported = ["Foreground", "Background", "Orphan", "nil"];
            let error = FieldError::not_supported(&Path::new("propagationPolicy"), other, supported);
            return Err(Status::invalid("meta.k8s.io", "DeleteOptions", "", &[error]));
        }
    };
    let precondition = |field: &str| {
        present(given, "preconditions")
            .and_then(|of| present(of, field))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    Ok(DeleteOptions {
        dry_run: request.dry_run || asked.contains(&"All"),
        grace_period_seconds: optional_int(given, "gracePeriodSeconds"),
        preconditions: Preconditions {
            uid: precondition("uid"),
            resource_version: precondition("resourceVersion"),
        },
        propagation,
        orphan_dependents: present(given, "orphanDependents").and_then(Value::as_bool),
        ignore_store_read_error: false,
    })
}

async fn evict(registry: &Registry, request: &Request, mut options: DeleteOptions) -> Result<()> {
    let delete = Request { verb: Verb::Delete, subresource: None, ..request.clone() };
    let lookup: &dyn Lookup = registry;
    let pod = lookup
        .get("", "pods", &request.namespace, &request.name)
        .ok_or_else(|| Status::not_found("", "pods", &request.name))?;
    let disrupts = !metadata::is_deleting(&pod)
        && !matches!(pod.str_at(["status", "phase"]), "Succeeded" | "Failed" | "Pending");
    if disrupts && take_from_budget(registry, request, &pod, options.dry_run).await? {
        // Its readiness was counted on: it must not have changed since.
        let version = metadata::text(&pod, "resourceVersion").to_owned();
        options.preconditions.resource_version.get_or_insert(version);
    }
    if !options.dry_run {
        mark(registry, &delete, &mut options).await?;
    }
    registry.delete(&delete, &options, &mut Warnings::default()).await.map(|_| ())
}

/// Writes into the pod why it goes (KEP-3329). The write checks the resource version for the delete, as it changes it.
async fn mark(registry: &Registry, request: &Request, options: &mut DeleteOptions) -> Result<()> {
    let (uid, version) = (options.preconditions.uid.clone(), options.preconditions.resource_version.clone());
    let now = registry.now();
    let fits = AtomicBool::new(true);
    registry
        .modify(request, false, &|pod| {
            let holds = |asked: &Option<String>, field| {
                asked.as_ref().is_none_or(|asked| asked == metadata::text(pod, field))
            };
            let holds = holds(&uid, "uid") && holds(&version, "resourceVersion");
            fits.store(holds, Ordering::Relaxed);
            if holds {
                let mut condition = Value::object();
                condition.set("type", "DisruptionTarget");
                condition.set("status", "True");
                condition.set("reason", "EvictionByEvictionAPI");
                condition.set("message", "Eviction API: evicting");
                conditions::set(pod.object_at("status"), condition, &now);
            }
            Ok(())
        })
        .await?;
    if fits.into_inner() {
        options.preconditions.resource_version = None;
    }
    Ok(())
}

/// Whether the pod may go because it is not ready; otherwise its budget, if it has one, has one disruption less.
async fn take_from_budget(
    registry: &Registry,
    request: &Request,
    pod: &Value,
    dry_run: bool,
) -> Result<bool> {
    loop {
        let lookup: &dyn Lookup = registry;
        let mut budgets = lookup.list(POLICY, BUDGETS, &request.namespace);
        budgets.retain(|budget| covers(budget, pod));
        let mut budget = match budgets.len() {
            0 => return Ok(false),
            1 => budgets.remove(0),
            _ => {
                return Err(Status::unknown(
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
                ));
            }
        };
        let status = budget.get("status").unwrap_or(&Value::Null);
        let ready = pod
            .get("status")
            .and_then(|status| conditions::find(status, "Ready"))
            .is_some_and(|condition| text(condition, "status") == "True");
        let (current, desired) = (int(status, "currentHealthy"), int(status, "desiredHealthy"));
        if !ready
            && (budget.str_at(["spec", "unhealthyPodEvictionPolicy"]) == "AlwaysAllow"
                || (current >= desired && desired > 0))
        {
            return Ok(true);
        }
        check(&budget)?;
        if dry_run {
            return Ok(false);
        }
        count_disruption(&mut budget, &request.name, &registry.now());
        match write_status(registry, request, &budget).await {
            Err(status) if status.reason == status::Reason::Conflict => continue,
            result => return result.map(|()| false),
        }
    }
}

fn covers(budget: &Value, pod: &Value) -> bool {
    let Some(selector) = budget.at(["spec", "selector"]).filter(|selector| !selector.is_null()) else {
        return false;
    };
    let expressions = items(selector, "matchExpressions").iter().map(|one| MatchExpression {
        key: text(one, "key"),
        operator: text(one, "operator"),
        values: texts(one, "values").collect(),
    });
    let labels = pod.at(["metadata", "labels"]);
    LabelSelector::from_parts(text_entries(selector, "matchLabels"), expressions)
        .is_ok_and(|selector| selector.matches(|key| labels?.get(key)?.as_str()))
}

/// Whether the budget allows a disruption.
fn check(budget: &Value) -> Result<()> {
    let name = metadata::name(budget);
    let status = budget.get("status").unwrap_or(&Value::Null);
    let cause =
        |message: String| Cause { reason: "DisruptionBudget".to_owned(), message, field: String::new() };
    if int(status, "observedGeneration") < metadata::generation(budget) {
        let why = format!("The disruption budget {name} is still being processed by the server.");
        return Err(Status::too_many_requests(VIOLATES, RETRY_SECONDS).with_cause(cause(why)));
    }
    let refused = |why| Err(Status::forbidden(POLICY, "poddisruptionbudget", name, why));
    let allowed = int(status, "disruptionsAllowed");
    if allowed < 0 {
        return refused("pdb disruptions allowed is negative");
    }
    if status
        .get("disruptedPods")
        .and_then(Value::as_object)
        .is_some_and(|pods| pods.len() > MAX_DISRUPTED_PODS)
    {
        return refused("DisruptedPods map too big - too many evictions not confirmed by PDB controller");
    }
    if allowed > 0 {
        return Ok(());
    }
    let failed =
        conditions::find(status, "DisruptionAllowed").filter(|of| text(of, "reason") == "SyncFailed");
    let why = match failed {
        Some(condition) => format!(
            "The disruption budget {name} does not allow evicting pods currently because it failed sync: {}",
            text(condition, "message")
        ),
        None => format!(
            "The disruption budget {name} needs {} healthy pods and has {} currently",
            int(status, "desiredHealthy"),
            int(status, "currentHealthy")
        ),
    };
    Err(Status::too_many_requests(VIOLATES, 0).with_cause(cause(why)))
}

fn count_disruption(budget: &mut Value, pod: &str, now: &str) {
    let status = budget.object_at("status");
    let allowed = status.get("disruptionsAllowed").and_then(Value::as_i64).unwrap_or(0) - 1;
    status.insert("disruptionsAllowed", allowed);
    status.get_or_insert_with("disruptedPods", Value::object).set(pod, now);
    if allowed == 0 {
        let mut condition = Value::object();
        condition.set("type", "DisruptionAllowed");
        condition.set("status", "False");
        condition.set("reason", "InsufficientPods");
        condition.set("message", "");
        if let Some(observed) = status.get("observedGeneration").cloned() {
            condition.set("observedGeneration", observed);
        }
        conditions::set(status, condition, now);
    }
}

/// Writes the budget's status as its controller does; a conflict means it changed meanwhile.
async fn write_status(registry: &Registry, request: &Request, budget: &Value) -> Result<()> {
    let resources = registry.resources();
    let resource = resources.preferred(POLICY, BUDGETS).ok_or_else(Status::no_such_resource)?;
    let update = Request {
        verb: Verb::Update,
        resource: resource.clone(),
        subresource: resource.subresource("status").cloned(),
        namespace: request.namespace.clone(),
        name: metadata::name(budget).into(),
        user: request.user.clone(),
        user_agent: "kube-apiserver".into(),
    };
    let mut json = Vec::new();
    object::json::write(&mut json, budget);
    let body = Body { bytes: json.into(), format: BodyFormat::Json };
    registry.update(&update, &body, &WriteOptions::default(), &mut Warnings::default()).await.map(|_| ())
}
