//! Collects what the types and fields of Kubernetes are for into one compressed table, which OpenAPI documents take
//! their descriptions from.
//!
//! The prose is in no file of this repository: it is read from the sources of `k8s-pb`, which carries the comments of
//! Kubernetes' own protobuf definitions. Only its sources are read here; it is compiled for tests alone. Without them
//! (a build without the network that never fetched it) documents have no descriptions, and a warning says so.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = BTreeMap::new();
    match sources() {
        Some(root) => {
            for part in ["api", "apimachinery", "apiextensions_apiserver", "kube_aggregator"] {
                read_directory(&root.join(part), &format!("io.k8s.{}", part.replace('_', "-")), &mut table)?;
            }
        }
        None => println!("cargo::warning=k8s-pb's sources were not found: OpenAPI has no descriptions"),
    }
    let path = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("descriptions");
    let mut out = flate2::write::ZlibEncoder::new(fs::File::create(path)?, flate2::Compression::best());
    for (name, description) in table {
        writeln!(out, "{name}\t{}", description.replace('\n', "\u{b}"))?;
    }
    out.finish().map(drop)
}

/// Where `k8s-pb`'s sources are, in the registry's cache or a vendored copy.
fn sources() -> Option<PathBuf> {
    let run = |offline: &[&str]| {
        Command::new(env::var_os("CARGO")?)
            .args(["metadata", "--format-version", "1", "--locked"])
            .args(offline)
            .current_dir(env::var_os("CARGO_MANIFEST_DIR")?)
            .output()
            .ok()
            .filter(|output| output.status.success())
    };
    let output = run(&["--offline"]).or_else(|| run(&[]))?;
    let metadata = String::from_utf8(output.stdout).ok()?;
    let end = metadata.split("/Cargo.toml\"").find(|text| {
        let directory = text.rsplit(['/', '\\']).next().unwrap_or("");
        directory == "k8s-pb" || directory.starts_with("k8s-pb-")
    })?;
    Some(Path::new(end.rsplit('"').next()?).join("src"))
}

/// Reads the modules below a directory; `package` is the name of its types without the last part.
fn read_directory(path: &Path, package: &str, table: &mut BTreeMap<String, String>) -> io::Result<()> {
    let mut paths = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort_by(|a, b| b.cmp(a));
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("").to_owned();
        if path.is_dir() {
            // What has become stable since is described as its beta was.
            let version = name.split("alpha").next().and_then(|name| name.split("beta").next()).unwrap_or("");
            let mut below = BTreeMap::new();
            read_directory(&path, &format!("{package}.{version}"), &mut below)?;
            for (key, text) in below {
                if version == name {
                    table.insert(key, text);
                } else {
                    table.entry(key).or_insert(text);
                }
            }
        } else if name == "mod.rs" {
            read_module(&fs::read_to_string(&path)?, package, table);
        }
    }
    Ok(())
}

/// Reads the comments of a module's structs and of their fields.
fn read_module(source: &str, package: &str, table: &mut BTreeMap<String, String>) {
    let (mut comment, mut structure) = (Vec::new(), String::new());
    for line in source.lines() {
        let code = line.trim_start();
        if let Some(text) = code.strip_prefix("///") {
            comment.push(text.strip_prefix(' ').unwrap_or(text));
            continue;
        }
        let name = if let Some(rest) = code.strip_prefix("pub struct ") {
            structure = format!("{package}.{}", rest.split([' ', '{']).next().unwrap_or(""));
            structure.clone()
        } else if let Some((field, _)) = code.strip_prefix("pub ").and_then(|rest| rest.split_once(':')) {
            let field = field.trim_start_matches("r#").replace('_', "");
            format!("{structure}/{field}")
        } else {
            if code.starts_with('}') {
                comment.clear();
            }
            continue;
        };
        let text = description(&comment);
        comment.clear();
        if !text.is_empty() {
            table.insert(name.to_ascii_lowercase(), text);
        }
    }
}

/// A comment as a description: lines joined to paragraphs, examples kept as they are; directives and what is for
/// developers only left out.
fn description(comment: &[&str]) -> String {
    let mut out = String::new();
    for line in comment.iter().map(|line| line.trim_end()).take_while(|line| *line != "---") {
        let text = line.trim_start();
        if line.is_empty() {
            out.truncate(out.trim_end_matches(' ').len());
            out.push_str("\n\n");
        } else if text.starts_with('+') || text.starts_with("TODO") {
        } else if line.starts_with([' ', '\t']) {
            out.truncate(out.trim_end_matches(' ').len());
            if !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(line);
            out.push('\n');
        } else {
            out.push_str(line);
            out.push(' ');
        }
    }
    plain(out.trim())
}

/// Undoes what makes links and brackets of comments safe for rustdoc.
fn plain(text: &str) -> String {
    let text = text.replace("\\[", "[").replace("\\]", "]").replace("\\<", "<").replace("\\>", ">");
    let mut parts = text.split("<http");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        out.push_str("http");
        match part.split_once('>') {
            Some((link, rest)) => out.extend([link, rest]),
            None => out.push_str(part),
        }
    }
    out
}
