//! What goes by itself: events after their time to live, certificate signing requests that nobody answered or whose
//! answer has been fetched. A queue of deadlines, and a task that sleeps until the next one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use cache::Object;
use meta::Time;
use object::Value;
use registry::{DeleteOptions, Preconditions, Resource};

use crate::client::{Client, read};

const HOUR: i64 = 3600;

/// Deletes events once they have not been written to for `time`.
pub(crate) async fn events(client: Client, time: Duration) {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    // An event that was there before counts from the last time it names, as long as no one writes it again.
    let deadline = move |object: &Object, written: Option<i64>| {
        written.or_else(|| last_time(&read(object)?)).map(|last| last.saturating_add(seconds))
    };
    run(client, "", "events", deadline).await;
}

/// Deletes signing requests as the original's cleaner does: an hour after the answer, a day after none.
pub(crate) async fn signing_requests(client: Client) {
    run(client, "certificates.k8s.io", "certificatesigningrequests", |object, _| {
        signing_request_deadline(&read(object)?)
    })
    .await;
}

/// An object whose time comes, unless it has been written since.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    /// Unix seconds.
    at: i64,
    revision: u64,
    namespace: String,
    name: String,
}

/// Follows a resource. `deadline` says when an object has to go (Unix seconds), given when it was written if that was
/// seen.
async fn run(
    client: Client,
    group: &str,
    plural: &str,
    deadline: impl Fn(&Object, Option<i64>) -> Option<i64>,
) {
    let Some(resource) = client.resource(group, plural) else { return };
    let now = || client.registry.clock().now().unix();
    loop {
        let Ok(mut watch) = client.watch(&resource).await else { return };
        let initial = std::mem::take(&mut watch.initial);
        let mut queue: BinaryHeap<Reverse<Due>> =
            initial.iter().filter_map(|object| due(object, deadline(object, None)?)).collect();
        drop(initial);
        loop {
            let wait = queue.peek().map(|next| u64::try_from(next.0.at - now()).unwrap_or(0));
            let events = tokio::select! {
                events = watch.cursor.next() => events,
                () = tokio::time::sleep(Duration::from_secs(wait.unwrap_or(0))), if wait.is_some() => {
                    remove_due(&client, &resource, &mut queue, now()).await;
                    continue;
                }
            };
            let Ok(events) = events else { break };
            for event in events.iter().filter(|event| event.event.current.is_some()) {
                let Some(object) = event.object() else { continue };
                queue.extend(deadline(object, Some(now())).and_then(|at| due(object, at)));
            }
        }
    }
}

fn due(object: &Arc<Object>, at: i64) -> Option<Reverse<Due>> {
    let (namespace, name) = (object.namespace().to_owned(), object.name().to_owned());
    Some(Reverse(Due { at, revision: object.revision(), namespace, name }))
}

/// Removes what is due and has not been written since it was put in the queue.
async fn remove_due(
    client: &Client,
    resource: &Arc<Resource>,
    queue: &mut BinaryHeap<Reverse<Due>>,
    now: i64,
) {
    while queue.peek().is_some_and(|next| next.0.at <= now) {
        let Some(Reverse(next)) = queue.pop() else { return };
        let preconditions =
            Preconditions { resource_version: Some(next.revision.to_string()), ..Preconditions::default() };
        let options = DeleteOptions { preconditions, ..DeleteOptions::default() };
        match client.delete(resource, &next.namespace, &next.name, &options).await {
            Err(status) if status.code != 409 => {
                tracing::debug!(name = next.name, %status, "can't remove what is due");
            }
            _ => {}
        }
    }
}

/// The last time that an event names.
fn last_time(event: &Value) -> Option<i64> {
    let paths: [&[&str]; 4] = [
        &["metadata", "creationTimestamp"],
        &["lastTimestamp"],
        &["eventTime"],
        &["series", "lastObservedTime"],
    ];
    paths.into_iter().filter_map(|path| time(event.at(path.iter().copied())?)).max()
}

fn signing_request_deadline(request: &Value) -> Option<i64> {
    const ANSWERS: [&str; 3] = ["Approved", "Denied", "Failed"];
    let conditions = request.items_at(["status", "conditions"]);
    if conditions.is_empty() {
        return time(request.at(["metadata", "creationTimestamp"])?).map(|made| made + 24 * HOUR);
    }
    conditions
        .iter()
        .filter(|condition| ANSWERS.contains(&condition.str_at(["type"])))
        .filter_map(|condition| time(condition.get("lastUpdateTime")?))
        .min()
        .map(|answered| answered + HOUR)
}

fn time(value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    Time::parse(text)
        .ok()
        .map(Time::unix)
        .or_else(|| meta::MicroTime::parse(text).ok().map(|time| time.unix_micros() / 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        object::json::parse(text.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn events_count_from_the_last_time_they_name() {
        for (event, last) in [
            (r#"{"metadata":{"creationTimestamp":"1970-01-01T00:00:05Z"}}"#, Some(5)),
            (r#"{"lastTimestamp":"1970-01-01T00:00:09Z","eventTime":null}"#, Some(9)),
            (
                r#"{"lastTimestamp":"1970-01-01T00:00:09Z","series":{"lastObservedTime":"1970-01-01T00:00:11.000000Z"}}"#,
                Some(11),
            ),
            ("{}", None),
        ] {
            assert_eq!(last_time(&value(event)), last, "{event}");
        }
    }

    #[test]
    fn signing_requests_go_after_their_answer_or_a_day() {
        let made = r#""metadata":{"creationTimestamp":"1970-01-01T00:00:05Z"}"#;
        for (status, deadline) in [
            ("{}", Some(24 * HOUR + 5)),
            (
                r#"{"conditions":[{"type":"Approved","lastUpdateTime":"1970-01-01T00:01:00Z"}]}"#,
                Some(HOUR + 60),
            ),
            (r#"{"conditions":[{"type":"Other","lastUpdateTime":"1970-01-01T00:01:00Z"}]}"#, None),
        ] {
            let request = format!(r#"{{{made},"status":{status}}}"#);
            assert_eq!(signing_request_deadline(&value(&request)), deadline, "{status}");
        }
    }
}
