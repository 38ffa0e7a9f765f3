//! The same objects in JSON and in protobuf, byte for byte, where pairs of another make are at hand.

use std::path::{Path, PathBuf};

use object::json;
use schema::protobuf::{Envelope, MAGIC, Message};

/// Where pairs `group.version.Kind.json` and `.pb` are: next to the repository, or where `CAPSTAN_ROUNDTRIP` says.
fn directory() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/facts/roundtrip");
    std::env::var_os("CAPSTAN_ROUNDTRIP").map_or(beside, PathBuf::from)
}

#[test]
fn pairs_of_another_make() {
    let directory = directory();
    let Ok(entries) = std::fs::read_dir(&directory) else {
        eprintln!("skipped: no pairs at {}", directory.display());
        return;
    };
    let mut failures = Vec::new();
    let mut compared = 0;
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "json")
            && let Some(differences) = compare(&path)
        {
            compared += 1;
            failures.extend(differences);
        }
    }
    eprintln!("compared {compared} pairs");
    assert!(failures.is_empty(), "{} of {compared}:\n{}", failures.len(), failures.join("\n"));
    assert!(compared > 70, "{compared}");
}

/// How the object at `path` and its partner differ from what is made of them; nothing if it is of no type here.
fn compare(path: &Path) -> Option<Vec<String>> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let mut parts = name.rsplitn(3, '.');
    let (kind, version) = (parts.next()?, parts.next()?);
    let group = parts.next().filter(|group| *group != "core").unwrap_or("");
    let builtin = schema::builtin();
    let ty = builtin.of_kind(group, version, kind)?;
    let source = std::fs::read(path).expect("a file");
    let expected = std::fs::read(path.with_extension("pb")).expect("a file");
    let parsed = json::parse(&source).expect("JSON");
    let api_version = parsed.str_at(["apiVersion"]).to_owned();
    let (value, _) = schema::decode(ty, parsed, &source).expect("of the type");
    let message = Message::of(ty).expect("a message");

    let mut differences = Vec::new();
    let mut check = |same: bool, what: &str| {
        if !same {
            differences.push(format!("{name}: {what}"));
        }
    };
    if !api_version.is_empty() {
        check(message.encode_document(&api_version, kind, &value) == expected, "JSON to protobuf");
    }
    let envelope = Envelope::read(&expected[MAGIC.len()..]).expect("an envelope");
    let mut back = message.decode(envelope.message).expect("a message");
    if !api_version.is_empty() {
        back.set("kind", kind);
        back.set("apiVersion", api_version.as_str());
    }
    check(back == value, "protobuf to object");
    let mut text = Vec::new();
    schema::encode(ty, &back, &mut text);
    check(text == compact(&source), "protobuf to JSON");
    Some(differences)
}

/// JSON without the white space between its tokens.
fn compact(source: &[u8]) -> Vec<u8> {
    let (mut within, mut escaped) = (false, false);
    let keeps = |byte: &&u8| {
        let keep = within || !byte.is_ascii_whitespace();
        within ^= **byte == b'"' && !escaped;
        escaped = **byte == b'\\' && !escaped;
        keep
    };
    source.iter().filter(keeps).copied().collect()
}
