//! Semantic versions (semver.org).

use std::cmp::Ordering;

use super::Row;
use crate::error::{CelError, Outcome};
use crate::opaque::{OpaqueValue, expect, opaque};
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("string_to_semver: semver(string) -> Semver", semver),
    ("string_bool_to_semver: semver(string, bool) -> Semver", semver),
    ("is_semver_string: isSemver(string) -> bool", is_semver),
    ("is_semver_string_bool: isSemver(string, bool) -> bool", is_semver),
    ("semver_is_greater_than: Semver::isGreaterThan(Semver) -> bool", is_greater_than),
    ("semver_is_less_than: Semver::isLessThan(Semver) -> bool", is_less_than),
    ("semver_compare_to: Semver::compareTo(Semver) -> int", compare_to),
    ("semver_major: Semver::major() -> int", major),
    ("semver_minor: Semver::minor() -> int", minor),
    ("semver_patch: Semver::patch() -> int", patch),
];

/// A part of a pre-release version: numbers come before words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

#[derive(Debug)]
struct Version {
    numbers: [u64; 3],
    pre_release: Vec<Identifier>,
}

impl Version {
    fn cmp(&self, other: &Version) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            match (self.pre_release.is_empty(), other.pre_release.is_empty()) {
                (true, true) => Ordering::Equal,
                // A release comes after its pre-releases.
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => self.pre_release.cmp(&other.pre_release),
            }
        })
    }
}

impl OpaqueValue for Version {
    fn type_name(&self) -> &'static str {
        "kubernetes.Semver"
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Version>().is_some_and(|other| self.cmp(other).is_eq())
    }
}

/// A part of a version after its numbers: identifiers joined by dots.
fn identifiers<'t>(text: &'t str, what: &str) -> Result<Vec<&'t str>, String> {
    let parts: Vec<&str> = text.split('.').collect();
    for part in &parts {
        if part.is_empty() {
            return Err(format!("{what} is empty"));
        }
        if !part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(format!("Invalid character(s) found in {what} {}", status::go_quote(part)));
        }
    }
    Ok(parts)
}

fn number(text: &str, what: &str) -> Result<u64, String> {
    let quoted = status::go_quote(text);
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("Invalid character(s) found in {what} number {quoted}"));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(format!("{what} number must not contain leading zeroes {quoted}"));
    }
    text.parse().map_err(|_| format!("strconv.ParseUint: parsing {quoted}: value out of range"))
}

fn parse(text: &str) -> Result<Version, String> {
    if text.is_empty() {
        return Err("Version string empty".to_owned());
    }
    let mut parts = text.splitn(3, '.');
    let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("No Major.Minor.Patch elements found".to_owned());
    };
    let (rest, build) = rest.split_once('+').map_or((rest, None), |(rest, build)| (rest, Some(build)));
    let (patch, pre) = rest.split_once('-').map_or((rest, None), |(patch, pre)| (patch, Some(pre)));
    let numbers = [number(major, "Major")?, number(minor, "Minor")?, number(patch, "Patch")?];
    let mut pre_release = Vec::new();
    for part in pre.map_or(Ok(Vec::new()), |pre| identifiers(pre, "Prerelease"))? {
        pre_release.push(if part.bytes().all(|b| b.is_ascii_digit()) {
            if part.len() > 1 && part.starts_with('0') {
                let quoted = status::go_quote(part);
                return Err(format!("Numeric PreRelease version must not contain leading zeroes {quoted}"));
            }
            Identifier::Number(part.parse().map_err(|_| "value out of range".to_owned())?)
        } else {
            Identifier::Word(part.to_owned())
        });
    }
    if let Some(build) = build {
        identifiers(build, "Build meta data")?;
    }
    Ok(Version { numbers, pre_release })
}

/// A version as people write it, in the strict form: without `v` and leading zeros, with all three numbers.
fn normalized(text: &str) -> Result<String, String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts: Vec<String> = text
        .splitn(3, '.')
        .map(|part| {
            let stripped = part.trim_start_matches('0');
            match (part.len() > 1, stripped.starts_with(|c: char| c.is_ascii_digit())) {
                (true, true) => stripped.to_owned(),
                (true, false) => format!("0{stripped}"),
                (false, _) => part.to_owned(),
            }
        })
        .collect();
    if parts.len() < 3 && parts.last().is_some_and(|last| last.contains(['+', '-'])) {
        return Err("short version cannot contain PreRelease/Build meta data".to_owned());
    }
    parts.resize_with(3.max(parts.len()), || "0".to_owned());
    Ok(parts.join("."))
}

fn read(args: &[Value<'_>]) -> Result<Result<Version, String>, CelError> {
    match args {
        [Value::String(text)] | [Value::String(text), Value::Bool(false)] => Ok(parse(text.as_str())),
        [Value::String(text), Value::Bool(true)] => {
            Ok(normalized(text.as_str()).and_then(|text| parse(&text)))
        }
        _ => Err(CelError::no_such_overload()),
    }
}

fn semver<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    read(args)?.map(opaque).map_err(CelError::new)
}
fn is_semver<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(read(args)?.is_ok()))
}

fn order(args: &[Value<'_>]) -> Result<Ordering, CelError> {
    match args {
        [a, b] => Ok(expect::<Version>(a)?.cmp(expect::<Version>(b)?)),
        _ => Err(CelError::no_such_overload()),
    }
}
fn is_greater_than<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(order(args)?.is_gt()))
}
fn is_less_than<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(order(args)?.is_lt()))
}
fn compare_to<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(order(args)? as i64))
}

fn part<'a>(args: &[Value<'a>], index: usize) -> Outcome<'a> {
    let version = args.first().map_or_else(|| Err(CelError::no_such_overload()), expect::<Version>)?;
    Ok(Value::Int(version.numbers[index] as i64))
}
fn major<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    part(args, 0)
}
fn minor<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    part(args, 1)
}
fn patch<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    part(args, 2)
}
