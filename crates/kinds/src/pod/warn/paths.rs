//! Files of a volume that lie in each other's way.

use object::Value;
use registry::Warnings;
use status::go_quote;

use crate::checks::Field;
use crate::fields::{items, text};

/// A file of a volume.
#[derive(PartialEq)]
struct File<'v> {
    path: &'v str,
    /// What it is from, where a volume has several sources.
    source: String,
}

impl File<'_> {
    fn shown(&self) -> String {
        let path = go_quote(self.path);
        if self.source.is_empty() { path.to_string() } else { format!("{path} ({})", self.source) }
    }

    fn overlaps(&self, other: &File<'_>) -> bool {
        let within = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !self.path.is_empty()
            && !other.path.is_empty()
            && (within(self.path, other.path) || within(other.path, self.path))
    }
}

/// Sources that consist of items: the field, what they are called, and the field that names the object.
const SOURCES: [(&str, &str, &str); 3] = [
    ("configMap", "ConfigMap", "name"),
    ("secret", "Secret", "secretName"),
    ("downwardAPI", "DownwardAPI", ""),
];

pub(super) fn warn(spec: &Field<'_, '_>, warnings: &mut Warnings) {
    for volume in items(spec.value, "volumes") {
        for (field, kind, name) in SOURCES {
            let source = volume.get(field).unwrap_or(&Value::Null);
            let description = described(kind, name, source);
            report(volume, &description, files(source, ""), warnings);
        }
        let Some(projected) = volume.get("projected") else { continue };
        let sources = items(projected, "sources");
        if sources.is_empty() {
            let name = go_quote(text(volume, "name"));
            warnings.add(format!("volume {name} (Projected) has no sources provided"));
        }
        report(volume, "Projected", sources.iter().flat_map(projected_files), warnings);
    }
}

/// A source as messages show it.
fn described(kind: &str, name: &str, source: &Value) -> String {
    if name.is_empty() { kind.to_owned() } else { format!("{kind} {}", go_quote(text(source, name))) }
}

fn files<'v>(source: &'v Value, from: &str) -> impl Iterator<Item = File<'v>> {
    items(source, "items").iter().map(move |item| file(item, from))
}

fn file<'v>(item: &'v Value, source: &str) -> File<'v> {
    File { path: text(item, "path").trim_end_matches('/'), source: source.to_owned() }
}

/// The files that one source of a projected volume makes.
fn projected_files(source: &Value) -> Vec<File<'_>> {
    for (field, kind, name) in SOURCES {
        if let Some(found) = source.get(field) {
            let name = if name.is_empty() { name } else { "name" };
            return files(found, &described(kind, name, found)).collect();
        }
    }
    if let Some(token) = source.get("serviceAccountToken") {
        return vec![file(token, "ServiceAccountToken")];
    }
    if let Some(bundle) = source.get("clusterTrustBundle") {
        let name = if bundle.get("name").is_some() { "name" } else { "signerName" };
        return vec![file(bundle, &described("ClusterTrustBundle", name, bundle))];
    }
    Vec::new()
}

fn report<'v>(
    volume: &Value,
    description: &str,
    files: impl Iterator<Item = File<'v>>,
    warnings: &mut Warnings,
) {
    let mut before: Vec<File<'_>> = Vec::new();
    for file in files {
        for other in before.iter().filter(|other| file.overlaps(other)) {
            let name = go_quote(text(volume, "name"));
            let (file, other) = (file.shown(), other.shown());
            warnings.add(format!("volume {name} ({description}): overlapping paths: {file} with {other}"));
        }
        before.push(file);
    }
}
