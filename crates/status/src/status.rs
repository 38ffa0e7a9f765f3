//! The `Status` object itself, and how it is written as JSON.

use crate::Reason;

/// One of possibly several causes of a failure.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Cause {
    /// Machine-readable, such as `FieldValueInvalid`.
    pub reason: String,
    /// For people.
    pub message: String,
    /// The field's path, if the cause has one.
    pub field: String,
}

/// What the failure (or the deletion) is about.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Details {
    /// The object's name.
    pub name: String,
    /// The API group.
    pub group: String,
    /// The resource (or the kind, where validation failed).
    pub kind: String,
    /// The object's uid.
    pub uid: String,
    /// The causes, in the order found.
    pub causes: Vec<Cause>,
    /// Seconds after which to try again; 0 if there is nothing to wait for.
    pub retry_after_seconds: u32,
}

/// The API's `Status`: the answer to everything that fails and to most deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The HTTP code.
    pub code: u16,
    /// `Success` rather than `Failure`.
    pub success: bool,
    /// Why it failed.
    pub reason: Reason,
    /// For people.
    pub message: String,
    /// What it is about; absent where there is nothing to say.
    pub details: Option<Details>,
    /// `metadata.continue`, for the 410 that offers to go on from an inconsistent point.
    pub continue_token: Option<String>,
}

impl Status {
    /// A success with `details` (what a delete answers).
    pub fn success(details: Option<Details>) -> Status {
        Status {
            code: 200,
            success: true,
            reason: Reason::Unknown,
            message: String::new(),
            details,
            continue_token: None,
        }
    }

    /// The seconds of a `Retry-After` header, if the answer carries one.
    pub fn retry_after(&self) -> Option<u32> {
        self.details.as_ref().map(|details| details.retry_after_seconds).filter(|seconds| *seconds > 0)
    }

    /// The object as compact JSON, fields in the order of the API's type.
    pub fn to_json(&self) -> String {
        let mut out = Writer(String::with_capacity(256));
        out.0.push_str(r#"{"kind":"Status","apiVersion":"v1","metadata":{"#);
        if let Some(token) = &self.continue_token {
            out.field("continue", token);
        }
        out.0.push('}');
        out.field("status", if self.success { "Success" } else { "Failure" });
        out.text("message", &self.message);
        out.text("reason", self.reason.as_str());
        if let Some(details) = &self.details {
            out.key("details");
            out.details(details);
        }
        if !self.success || self.code != 200 {
            out.key("code");
            out.0.push_str(&self.code.to_string());
        }
        out.0.push('}');
        out.0
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Status {}

/// A JSON writer for the few fields a `Status` has.
struct Writer(String);

impl Writer {
    fn key(&mut self, key: &str) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(key);
        self.0.push_str("\":");
    }

    fn field(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }

    fn text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.field(key, value);
        }
    }

    fn details(&mut self, details: &Details) {
        self.0.push('{');
        self.text("name", &details.name);
        self.text("group", &details.group);
        self.text("kind", &details.kind);
        self.text("uid", &details.uid);
        if !details.causes.is_empty() {
            self.key("causes");
            self.0.push('[');
            for (index, cause) in details.causes.iter().enumerate() {
                self.0.push_str(if index == 0 { "{" } else { ",{" });
                self.text("reason", &cause.reason);
                self.text("message", &cause.message);
                self.text("field", &cause.field);
                self.0.push('}');
            }
            self.0.push(']');
        }
        if details.retry_after_seconds > 0 {
            self.key("retryAfterSeconds");
            self.0.push_str(&details.retry_after_seconds.to_string());
        }
        self.0.push('}');
    }

    /// A JSON string with the escapes of Go's encoder.
    fn string(&mut self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                '\u{8}' => self.0.push_str("\\b"),
                '\u{c}' => self.0.push_str("\\f"),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                    self.0.push_str(&format!("\\u{:04x}", c as u32));
                }
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }
}
