//! The columns of pods: how many containers are ready, and in one word how the pod is.

use object::Value;

use crate::fields::{flag, int, present, text};
use crate::tables::{Column, Columns, NONE, Row, condition, condition_true, terminating};

/// The columns.
pub(super) const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Ready", "How many containers are ready, of how many there are."),
        Column::text("Status", "How the pod is, in one word."),
        Column::text("Restarts", "How often its containers were restarted, and how long ago the last time."),
        Column::AGE,
        Column::text("IP", "Its address.").wide(),
        Column::text("Node", "Where it runs.").wide(),
        Column::text("Nominated Node", "Where it may run once others have made room.").wide(),
        Column::text("Readiness Gates", "How many of its readiness gates are open, of how many there are.")
            .wide(),
    ],
    |pod, row| {
        let summary = Summary::of(pod);
        match pod.str_at(["status", "phase"]) {
            "Succeeded" => row.completed("Succeeded", "The pod has completed successfully."),
            "Failed" => row.completed("Failed", "The pod failed."),
            _ => {}
        }
        row.name(pod);
        row.text(&format!("{}/{}", summary.ready, summary.total));
        row.text(&summary.status);
        row.text(&summary.restarts.show(row));
        row.age(pod);
        let first_address = pod.items_at(["status", "podIPs"]).first();
        row.text_or(first_address.map_or("", |address| text(address, "ip")), NONE);
        row.text_or(pod.str_at(["spec", "nodeName"]), NONE);
        row.text_or(pod.str_at(["status", "nominatedNodeName"]), NONE);
        row.text(&readiness_gates(pod));
    },
);

fn readiness_gates(pod: &Value) -> String {
    let gates = pod.items_at(["spec", "readinessGates"]);
    if gates.is_empty() {
        return NONE.to_owned();
    }
    let open = gates.iter().filter(|gate| condition_true(pod, text(gate, "conditionType"))).count();
    format!("{open}/{}", gates.len())
}

/// What the containers' states add up to.
struct Summary {
    ready: usize,
    total: usize,
    status: String,
    restarts: Restarts,
}

impl Summary {
    fn of(pod: &Value) -> Summary {
        let init_containers = pod.items_at(["spec", "initContainers"]);
        let sidecars = init_containers.iter().filter(|container| is_sidecar(container)).count();
        let mut summary = Summary {
            ready: 0,
            total: pod.items_at(["spec", "containers"]).len() + sidecars,
            status: at_first(pod).to_owned(),
            restarts: Restarts::default(),
        };
        let initialized = summary.add_init_containers(pod, init_containers);
        if initialized || condition_true(pod, "Initialized") {
            summary.add_containers(pod);
        }
        if let Some(end) = ending(pod) {
            end.clone_into(&mut summary.status);
        }
        summary
    }

    /// Counts the init containers up to the first that is not done; answers whether all are.
    fn add_init_containers(&mut self, pod: &Value, init_containers: &[Value]) -> bool {
        let mut of_sidecars = Restarts::default();
        for (index, status) in pod.items_at(["status", "initContainerStatuses"]).iter().enumerate() {
            let spec =
                init_containers.iter().find(|container| text(container, "name") == text(status, "name"));
            let sidecar = spec.is_some_and(is_sidecar);
            self.restarts.add(status);
            if sidecar {
                of_sidecars.add(status);
            }
            let state = State::of(status);
            if state.succeeded() {
                continue;
            }
            if sidecar && flag(status, "started") {
                self.ready += usize::from(flag(status, "ready"));
                continue;
            }
            let why = match state {
                State::Terminated(how) => ended(how),
                State::Waiting(reason) if !reason.is_empty() && reason != "PodInitializing" => {
                    reason.to_owned()
                }
                _ => format!("{index}/{}", init_containers.len()),
            };
            self.status = format!("Init:{why}");
            if condition_true(pod, "Initialized") {
                self.restarts = of_sidecars;
            }
            return false;
        }
        self.restarts = of_sidecars;
        true
    }

    /// Counts the containers; the first that has something to say decides the status.
    fn add_containers(&mut self, pod: &Value) {
        let mut running = false;
        for status in pod.items_at(["status", "containerStatuses"]).iter().rev() {
            self.restarts.add(status);
            match State::of(status) {
                State::Waiting(reason) if !reason.is_empty() => reason.clone_into(&mut self.status),
                State::Terminated(how) => self.status = ended(how),
                State::Running if flag(status, "ready") => {
                    running = true;
                    self.ready += 1;
                }
                _ => {}
            }
        }
        if self.status == "Completed" && running {
            let status = if condition_true(pod, "Ready") { "Running" } else { "NotReady" };
            status.clone_into(&mut self.status);
        }
    }
}

/// The status before containers are looked at.
fn at_first(pod: &Value) -> &str {
    const GATED: &str = "SchedulingGated";
    let gated = condition(pod, "PodScheduled").is_some_and(|condition| text(condition, "reason") == GATED);
    match pod.str_at(["status", "reason"]) {
        _ if gated => GATED,
        "" => pod.str_at(["status", "phase"]),
        reason => reason,
    }
}

/// The status of a pod that is being deleted; nothing if it has ended by itself or is not.
fn ending(pod: &Value) -> Option<&'static str> {
    if !terminating(pod) {
        None
    } else if pod.str_at(["status", "reason"]) == "NodeLost" {
        Some("Unknown")
    } else {
        let over = matches!(pod.str_at(["status", "phase"]), "Succeeded" | "Failed");
        (!over).then_some("Terminating")
    }
}

/// Whether an init container goes on beside the others (KEP-753).
fn is_sidecar(container: &Value) -> bool {
    text(container, "restartPolicy") == "Always"
}

/// The state of a container.
enum State<'v> {
    Terminated(&'v Value),
    Waiting(&'v str),
    Running,
    Unknown,
}

impl State<'_> {
    fn of(status: &Value) -> State<'_> {
        let Some(state) = present(status, "state") else { return State::Unknown };
        let waiting = present(state, "waiting").map(|waiting| text(waiting, "reason"));
        match (waiting, present(state, "terminated")) {
            (Some(reason), None) => State::Waiting(reason),
            (Some(reason), Some(_)) if !reason.is_empty() => State::Waiting(reason),
            (_, Some(terminated)) => State::Terminated(terminated),
            (None, None) if present(state, "running").is_some() => State::Running,
            (None, None) => State::Unknown,
        }
    }

    fn succeeded(&self) -> bool {
        matches!(self, State::Terminated(how) if int(how, "exitCode") == 0)
    }
}

/// Why a container is not running any more.
fn ended(terminated: &Value) -> String {
    match (text(terminated, "reason"), int(terminated, "signal")) {
        ("", 0) => format!("ExitCode:{}", int(terminated, "exitCode")),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

/// How often containers were restarted, and when the last one had ended.
#[derive(Default)]
struct Restarts {
    count: i64,
    last: String,
}

impl Restarts {
    fn add(&mut self, status: &Value) {
        self.count += int(status, "restartCount");
        let ended = status.str_at(["lastState", "terminated", "finishedAt"]);
        // Times are all in UTC and to the second, so that their texts compare as they do.
        if *ended > *self.last {
            ended.clone_into(&mut self.last);
        }
    }

    fn show(&self, row: &Row<'_>) -> String {
        if self.count == 0 || self.last.is_empty() {
            self.count.to_string()
        } else {
            format!("{} ({} ago)", self.count, row.ago(&self.last))
        }
    }
}
