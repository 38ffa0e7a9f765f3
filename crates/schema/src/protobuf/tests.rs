//! Pairs, own and foreign; properties of every type.

use object::{Value, json};

use super::*;

fn normal(ty: TypeRef<'_>, source: &[u8]) -> Value {
    let value = json::parse(source).expect("JSON");
    crate::decode(ty, value, source).expect("of the type").0
}

/// Compares with pairs `group.version.Kind.json` and `.pb` in the directory that `CAPSTAN_ROUNDTRIP` names.
#[test]
fn foreign_pairs() {
    let Ok(directory) = std::env::var("CAPSTAN_ROUNDTRIP") else { return };
    let mut failures = Vec::new();
    let mut compared = 0;
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let mut parts = name.rsplitn(3, '.');
        let (kind, version) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let group = parts.next().filter(|group| *group != "core").unwrap_or("");
        let schema = crate::builtin();
        let Some(ty) = schema.of_kind(group, version, kind) else { continue };
        let source = std::fs::read(&path).expect("a file");
        let expected = std::fs::read(path.with_extension("pb")).expect("a file");
        let value = normal(ty, &source);
        let api_version = value.str_at(["apiVersion"]).to_owned();
        if api_version.is_empty() {
            continue; // Stands within other messages only.
        }
        let message = Message::of(ty).expect("a message");
        let ours = message.encode_document(&api_version, kind, &value);
        if ours != expected {
            failures.push(format!("{name}: encodes otherwise"));
        }
        let envelope = Envelope::read(&expected[MAGIC.len()..]).expect("an envelope");
        let mut back = message.decode(envelope.message).expect("a message");
        back.set("kind", kind);
        back.set("apiVersion", api_version);
        if back != value {
            failures.push(format!(
                "{name}: decodes otherwise\n  {}\n  {}",
                json::to_string(&value),
                json::to_string(&back)
            ));
        }
        compared += 1;
    }
    assert!(failures.is_empty(), "{} of {compared}:\n{}", failures.len(), failures.join("\n"));
    assert!(compared > 70, "{compared}");
}
