//! The columns of events: what happened to which object, how often and when.

use object::Value;

use crate::fields::present;
use crate::tables::{Column, Columns, int_at};

/// The columns.
pub(crate) const EVENT_COLUMNS: Columns = Columns::new(
    &[
        Column::text("Last Seen", "How long ago it happened last."),
        Column::text("Type", "Whether it is normal or a warning."),
        Column::text("Reason", "Why it happened, in one word."),
        Column::text("Object", "What it happened to."),
        Column::text("Subobject", "The part of the object that it happened to.").wide(),
        Column::text("Source", "Who tells of it.").wide(),
        Column::text("Message", "What happened."),
        Column::text("First Seen", "How long ago it happened first.").wide(),
        Column::text("Count", "How often it happened.").wide(),
        Column { priority: 1, ..Column::NAME },
    ],
    |event, row| {
        let first = first_of([event.str_at(["firstTimestamp"]), event.str_at(["eventTime"])]);
        let last = match event.at(["series", "lastObservedTime"]) {
            Some(last) => last.as_str().unwrap_or(""),
            None if present(event, "series").is_some() => "",
            None => first_of([event.str_at(["lastTimestamp"]), first]),
        };
        row.since(last);
        row.text(event.str_at(["type"]));
        row.text(event.str_at(["reason"]));
        row.text(&target(event));
        row.text(event.str_at(["involvedObject", "fieldPath"]));
        row.text(&source(event));
        row.text(event.str_at(["message"]).trim());
        row.since(first);
        row.integer(count(event));
        row.name(event);
    },
);

fn first_of(texts: [&str; 2]) -> &str {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or("")
}

fn target(event: &Value) -> String {
    let kind = event.str_at(["involvedObject", "kind"]).to_lowercase();
    match event.str_at(["involvedObject", "name"]) {
        "" => kind,
        name => format!("{kind}/{name}"),
    }
}

fn source(event: &Value) -> String {
    let component = first_of([event.str_at(["source", "component"]), event.str_at(["reportingComponent"])]);
    match first_of([event.str_at(["source", "host"]), event.str_at(["reportingInstance"])]) {
        "" => component.to_owned(),
        instance => format!("{component}, {instance}"),
    }
}

/// How often it happened: events of the newer API that are no series carry no count.
fn count(event: &Value) -> i64 {
    if present(event, "series").is_some() {
        int_at(event, ["series", "count"])
    } else {
        match int_at(event, ["count"]) {
            0 => 1,
            count => count,
        }
    }
}
