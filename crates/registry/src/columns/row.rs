//! A row in the making.

use meta::time::{self, Time};
use object::{Value, json};

/// What is shown where there is nothing to show.
pub const NONE: &str = "<none>";
/// What is shown for what should be there and is not.
pub const UNKNOWN: &str = "<unknown>";
/// What is shown for what its owner left open.
pub const UNSET: &str = "<unset>";

/// Writes the cells of one row, from left to right.
pub struct Row<'a> {
    out: &'a mut Vec<u8>,
    now: Time,
    empty: bool,
    completed: Option<(&'static str, &'static str)>,
}

impl<'a> Row<'a> {
    pub(super) fn begin(out: &'a mut Vec<u8>, now: Time) -> Row<'a> {
        out.extend_from_slice(b"\"cells\":[");
        Row { out, now, empty: true, completed: None }
    }

    pub(super) fn end(self) {
        self.out.push(b']');
        let Some((reason, message)) = self.completed else { return };
        self.out
            .extend_from_slice(b",\"conditions\":[{\"type\":\"Completed\",\"status\":\"True\",\"reason\":");
        json::write_string(self.out, reason);
        self.out.extend_from_slice(b",\"message\":");
        json::write_string(self.out, message);
        self.out.extend_from_slice(b"}]");
    }

    /// Marks the row as one of an object that has done its work or failed at it, so that clients may leave it out.
    pub fn completed(&mut self, reason: &'static str, message: &'static str) {
        self.completed = Some((reason, message));
    }

    fn next(&mut self) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        json::write_string(self.next(), text);
    }

    /// A text, or `otherwise` where it is empty.
    pub fn text_or(&mut self, text: &str, otherwise: &str) {
        self.text(if text.is_empty() { otherwise } else { text });
    }

    /// A whole number.
    pub fn integer(&mut self, number: i64) {
        json::write_i64(self.next(), number);
    }

    /// How many there are of something.
    pub fn count(&mut self, count: usize) {
        self.integer(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// True or false.
    pub fn flag(&mut self, flag: bool) {
        self.next().extend_from_slice(if flag { b"true" } else { b"false" });
    }

    /// Nothing.
    pub fn null(&mut self) {
        self.next().extend_from_slice(b"null");
    }

    /// Any value.
    pub fn value(&mut self, value: &Value) {
        json::write(self.next(), value);
    }

    /// The object's name.
    pub fn name(&mut self, object: &Value) {
        self.text(object.str_at(["metadata", "name"]));
    }

    /// The time since the object was created.
    pub fn age(&mut self, object: &Value) {
        self.since(object.str_at(["metadata", "creationTimestamp"]));
    }

    /// The time since `time` (RFC 3339); `<unknown>` if it is empty.
    pub fn since(&mut self, time: &str) {
        let age = self.ago(time);
        self.text(&age);
    }

    /// The time since `time` (RFC 3339) as text; `<unknown>` if it is empty.
    pub fn ago(&self, time: &str) -> String {
        time::age(self.now, Time::parse(time).ok())
    }

    /// What ages are counted up to.
    pub fn now(&self) -> Time {
        self.now
    }
}
