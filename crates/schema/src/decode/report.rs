//! What was found, put into the order of the document.

use std::collections::HashSet;

use object::{Notice, Notices, json};

use super::frame::Frame;

/// How many errors of each sort are kept; beyond, which of them stands first is not looked for.
const KEPT: usize = 1000;

/// An error, and the path at which the document is to be asked where it stands.
struct Problem {
    path: String,
    message: Message,
}

enum Message {
    Text(String),
    /// A number that does not fit: quoted as it is written.
    Number(String),
}

/// Errors and unknown fields.
#[derive(Default)]
pub(super) struct Report {
    /// Remembered by Go's decoder, which goes on.
    mismatches: Vec<Problem>,
    /// Ending Go's decoder.
    refusals: Vec<Problem>,
    unknown: Vec<String>,
}

impl Report {
    /// A value of the wrong JSON type.
    pub fn mismatch(&mut self, given: &str, wanted: &str, frame: &Frame<'_>) {
        let message = Message::Text(format!("json: cannot unmarshal {given} into {}", target(wanted, frame)));
        keep(&mut self.mismatches, frame, message);
    }

    /// A number that is no `wanted`.
    pub fn number(&mut self, wanted: &str, frame: &Frame<'_>) {
        let message = Message::Number(target(wanted, frame));
        keep(&mut self.mismatches, frame, message);
    }

    /// An error that Go's decoder remembers in its own words.
    pub fn note(&mut self, message: String, frame: &Frame<'_>) {
        keep(&mut self.mismatches, frame, Message::Text(message));
    }

    /// What a type's own unmarshaller says.
    pub fn refusal(&mut self, message: String, frame: &Frame<'_>) {
        keep(&mut self.refusals, frame, Message::Text(message));
    }

    /// A type's own unmarshaller met the wrong JSON type.
    pub fn refused_type(&mut self, given: &str, wanted: &str, frame: &Frame<'_>) {
        self.refusal(format!("json: cannot unmarshal {given} into {}", target(wanted, frame)), frame);
    }

    /// A type's own unmarshaller met a number that is no `wanted`.
    pub fn refused_number(&mut self, wanted: &str, frame: &Frame<'_>) {
        let message = Message::Number(target(wanted, frame));
        keep(&mut self.refusals, frame, message);
    }

    /// A key that is no field. All are kept: which are the first hundred is known at the end only.
    pub fn unknown(&mut self, frame: &Frame<'_>) {
        self.unknown.push(frame.to_string());
    }

    /// The error that counts, or what strict decoding reports: unknown fields, and the duplicates that a decoder
    /// notices, which passes over unknown fields.
    pub fn finish(self, source: &[u8], notices: &Notices) -> Result<Vec<String>, String> {
        let problems = if self.refusals.is_empty() { self.mismatches } else { self.refusals };
        if !problems.is_empty() {
            return Err(first(&problems, source));
        }
        let mut reports = unknown_fields(&self.unknown, source);
        for notice in notices.iter() {
            match notice {
                Notice::DuplicateField { path, .. } if within(path, &self.unknown) => {}
                Notice::DuplicateField { offset, .. } => reports.push((*offset, notice.to_string())),
                // Of the YAML, before it became JSON.
                Notice::DuplicateKey { .. } => {}
            }
        }
        reports.sort_by_key(|report| report.0);
        let mut seen = HashSet::new();
        let reports = reports.into_iter().map(|(_, text)| text);
        Ok(reports.filter(|text| seen.insert(text.clone())).take(Notices::LIMIT).collect())
    }
}

/// Whether the field at `path` is one of `unknown`, or within one.
fn within(path: &str, unknown: &[String]) -> bool {
    unknown.iter().any(|field| {
        path.strip_prefix(field.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// The reports of unknown fields, and where in the document they stand.
fn unknown_fields(paths: &[String], source: &[u8]) -> Vec<(usize, String)> {
    let places = match paths {
        [] => Default::default(),
        paths => json::locate(source, paths.iter().map(String::as_str)),
    };
    let offset = |path: &str| places.get(path).map_or(usize::MAX, |place| place.offset);
    paths.iter().map(|path| (offset(path), format!("unknown field {}", status::go_quote(path)))).collect()
}

fn keep(problems: &mut Vec<Problem>, frame: &Frame<'_>, message: Message) {
    if problems.len() < KEPT {
        problems.push(Problem { path: frame.to_string(), message });
    }
}

fn target(wanted: &str, frame: &Frame<'_>) -> String {
    match frame.go_path() {
        Some(path) => format!("Go struct field {path} of type {wanted}"),
        None => format!("Go value of type {wanted}"),
    }
}

/// The message of the problem that stands first.
fn first(problems: &[Problem], source: &[u8]) -> String {
    let places = json::locate(source, problems.iter().map(|problem| problem.path.as_str()));
    let place = |problem: &Problem| places.get(problem.path.as_str());
    let found = problems.iter().min_by_key(|problem| place(problem).map_or(usize::MAX, |place| place.offset));
    let Some(problem) = found else { return String::new() };
    match &problem.message {
        Message::Text(text) => text.clone(),
        Message::Number(target) => {
            let literal = place(problem).map_or(&b""[..], |place| place.literal);
            format!("json: cannot unmarshal number {} into {target}", String::from_utf8_lossy(literal))
        }
    }
}
