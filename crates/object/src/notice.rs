//! What a parser noticed in a body that it could read all the same.

use std::fmt;

/// A key that an object has twice. The later value counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Of a JSON object (as `sigs.k8s.io/json` reports it).
    DuplicateField {
        /// The printed path, such as `spec.containers[0].name`.
        path: String,
        /// Where the repeated key stands, in bytes.
        offset: usize,
    },
    /// Of a YAML mapping (as `sigs.k8s.io/yaml` reports it).
    DuplicateKey {
        /// The line of the repeated key, from 1.
        line: usize,
        /// The key as Go prints it: strings quoted.
        key: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::DuplicateField { path, .. } => write!(f, "duplicate field {}", status::go_quote(path)),
            Notice::DuplicateKey { line, key } => write!(f, "line {line}: key {key} already set in map"),
        }
    }
}

/// The notices of one body in document order, each once, at most [`Notices::LIMIT`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    list: Vec<Notice>,
}

impl Notices {
    /// How many are kept; the decoders of Kubernetes stop there too.
    pub const LIMIT: usize = 100;

    /// Whether there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The notices in document order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Notice> {
        self.list.iter()
    }

    /// Keeps the notices that `keep` accepts.
    pub fn retain(&mut self, keep: impl FnMut(&Notice) -> bool) {
        self.list.retain(keep);
    }

    /// One text per notice, as `fieldValidation=Warn` sends them.
    pub fn warnings(&self) -> Vec<String> {
        self.list.iter().map(Notice::to_string).collect()
    }

    /// The parts that `fieldValidation=Strict` lists behind `strict decoding error: `; all notices of a YAML body
    /// are one part.
    pub fn strict_errors(&self) -> Vec<String> {
        let (keys, fields): (Vec<_>, Vec<_>) =
            self.list.iter().partition(|notice| matches!(notice, Notice::DuplicateKey { .. }));
        let mut parts = Vec::new();
        if !keys.is_empty() {
            let lines: Vec<String> = keys.iter().map(|notice| format!("  {notice}")).collect();
            parts.push(format!("yaml: unmarshal errors:\n{}", lines.join("\n")));
        }
        parts.extend(fields.iter().map(|notice| notice.to_string()));
        parts
    }

    /// Adds a notice unless the list is full or, for fields, the path is there already.
    pub(crate) fn push(&mut self, notice: Notice) {
        let same = |known: &Notice| match (known, &notice) {
            (Notice::DuplicateField { path: a, .. }, Notice::DuplicateField { path: b, .. }) => a == b,
            _ => false,
        };
        if self.list.len() < Notices::LIMIT && !self.list.iter().any(same) {
            self.list.push(notice);
        }
    }
}
