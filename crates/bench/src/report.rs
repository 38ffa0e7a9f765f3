//! What a run found, as a table for people and as JSON for programs.

use std::fmt::Write as _;
use std::time::Duration;

use object::{Value, json};

use crate::load::{Measured, percentile};

/// One line.
#[derive(Clone, Debug, Default)]
pub struct Row {
    what: String,
    value: f64,
    unit: &'static str,
    median: Option<Duration>,
    late: Option<Duration>,
    /// The server's processor time for each.
    processor: Option<Duration>,
    note: String,
}

impl Row {
    /// A single figure.
    pub fn figure(what: &str, value: f64, unit: &'static str) -> Row {
        Row { what: what.to_owned(), value, unit, ..Row::default() }
    }

    /// A rate with the times of single requests.
    pub fn rate(what: &str, measured: &Measured, unit: &'static str) -> Row {
        Row::figure(what, measured.rate(), unit).times(measured)
    }

    /// With the times of single requests.
    pub fn times(self, measured: &Measured) -> Row {
        let [median, late] = [50.0, 99.0].map(|percent| Some(percentile(&measured.delays, percent)));
        Row { median, late, processor: measured.processor_each(), ..self }
    }

    /// With a remark.
    pub fn note(self, note: String) -> Row {
        Row { note, ..self }
    }
}

/// All lines, in the order they were measured.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Adds a line, and shows it at once to whoever waits at a terminal.
    pub fn add(&mut self, row: Row) {
        eprintln!("{}", line(&row).trim_end());
        self.rows.push(row);
    }

    /// The table.
    pub fn table(&self) -> String {
        let mut table =
            format!("{:34} {:>10} {:14} {:>9} {:>9} {:>9}\n", "", "", "", "p50 ms", "p99 ms", "CPU us");
        self.rows.iter().for_each(|row| table.push_str(&line(row)));
        table
    }

    /// A JSON list of the lines; times in milliseconds.
    pub fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(value).collect();
        String::from_utf8(json::to_vec(&Value::Array(rows))).unwrap_or_default()
    }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn line(row: &Row) -> String {
    let time =
        |time: Option<Duration>| time.map_or(String::new(), |time| format!("{:.2}", milliseconds(time)));
    let digits = if row.value < 100.0 { 2 } else { 0 };
    let mut text = format!(
        "{:34} {:>10.digits$} {:14} {:>9} {:>9} {:>9}",
        row.what,
        row.value,
        row.unit,
        time(row.median),
        time(row.late),
        row.processor.map_or(String::new(), |time| format!("{:.1}", time.as_secs_f64() * 1e6))
    );
    if !row.note.is_empty() {
        let _ = write!(text, "  {}", row.note);
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn value(row: &Row) -> Value {
    let mut value = Value::object();
    value.set("what", row.what.as_str());
    value.set("value", row.value);
    value.set("unit", row.unit);
    for (name, time) in [("p50Milliseconds", row.median), ("p99Milliseconds", row.late)] {
        if let Some(time) = time {
            value.set(name, milliseconds(time));
        }
    }
    if let Some(time) = row.processor {
        value.set("processorMicroseconds", (time.as_secs_f64() * 1e7).round() / 10.0);
    }
    if !row.note.is_empty() {
        value.set("note", row.note.as_str());
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report() {
        let delays = vec![Duration::from_millis(2); 4];
        let measured = Measured {
            count: 4,
            time: Duration::from_secs(2),
            processor: Some(Duration::from_micros(10)),
            delays,
            ..Measured::default()
        };
        let mut report = Report::default();
        report.add(Row::rate("gets", &measured, "gets/s").note("over TLS".to_owned()));
        report.add(Row::figure("ready after", 12.0, "ms"));
        let table = report.table();
        let cells: Vec<&str> = table.lines().nth(1).unwrap_or_default().split_whitespace().collect();
        assert_eq!(cells, ["gets", "2.00", "gets/s", "2.00", "2.00", "2.5", "over", "TLS"]);
        assert_eq!(
            report.json(),
            r#"[{"note":"over TLS","p50Milliseconds":2,"p99Milliseconds":2,"processorMicroseconds":2.5,"unit":"gets/s","value":2,"what":"gets"},{"unit":"ms","value":12,"what":"ready after"}]"#
        );
    }
}
