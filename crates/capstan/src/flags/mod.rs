//! The command line, in the syntax of kube-apiserver's (pflag): `--flag=value`, `--flag value`, and for switches
//! `--flag` alone.

mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What a flag's value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `true` or `false`; `true` when no value is given.
    Bool,
    /// An integer.
    Int,
    /// A number.
    Number,
    /// Go's duration, such as `1m0s`.
    Duration,
    /// Texts, separated by commas or given several times.
    List,
    /// Anything.
    Text,
}

/// What becomes of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// It means here what it means there.
    Works,
    /// It is taken and means nothing; a warning says so.
    Ignored,
    /// It is refused, for the reason given: passing it over would do harm.
    Refused(&'static str),
}

/// A flag.
#[derive(Debug)]
struct Flag {
    name: &'static str,
    kind: Kind,
    default: &'static str,
    effect: Effect,
}

/// Why a command line is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagError(String);

impl FlagError {
    /// A value that makes no sense.
    pub fn value(flag: &str, value: &str, why: &dyn fmt::Display) -> FlagError {
        FlagError(format!("invalid argument {} for \"--{flag}\" flag: {why}", quote(value)))
    }
}

impl fmt::Display for FlagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FlagError {}

/// The values of a command line.
#[derive(Debug, Default)]
pub struct Flags {
    given: BTreeMap<&'static str, Vec<String>>,
    /// What is to be said about flags that mean nothing here: one text each.
    pub warnings: Vec<String>,
}

impl Flags {
    /// Reads `arguments`, without the program's name and subcommand.
    ///
    /// # Errors
    /// For unknown flags, malformed values, arguments that are no flags, and flags that can't be passed over.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Flags, FlagError> {
        let mut flags = Flags::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let Some(rest) = argument.strip_prefix("--").or_else(|| short(&argument)) else {
                return Err(FlagError(format!("unknown command or argument {}", quote(&argument))));
            };
            let (name, value) = match rest.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (rest, None),
            };
            let flag = find(name).ok_or_else(|| FlagError(format!("unknown flag: --{name}")))?;
            let value = match (value, flag.kind, flag.name) {
                (Some(value), ..) => value,
                (None, Kind::Bool, _) | (None, _, "version") => "true".to_owned(),
                (None, ..) => arguments
                    .next()
                    .ok_or_else(|| FlagError(format!("flag needs an argument: --{}", flag.name)))?,
            };
            flags.take(flag, value)?;
        }
        Ok(flags)
    }

    fn take(&mut self, flag: &'static Flag, value: String) -> Result<(), FlagError> {
        check(flag, &value)?;
        match flag.effect {
            Effect::Refused(reason) => {
                return Err(FlagError(format!("--{} can't be used: {reason}", flag.name)));
            }
            Effect::Ignored if !self.given.contains_key(flag.name) => {
                self.warnings.push(format!("--{} has no effect here", flag.name));
            }
            _ => {}
        }
        let values = self.given.entry(flag.name).or_default();
        if flag.kind != Kind::List {
            values.clear();
        }
        values.push(value);
        Ok(())
    }

    /// The value of the flag `name`, or its default.
    pub fn text(&self, name: &str) -> &str {
        self.given(name).unwrap_or_else(|| find(name).map_or("", |flag| flag.default))
    }

    /// The value given for the flag `name`, if one was.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.given.get(name)?.last().map(String::as_str)
    }

    /// Whether the switch `name` is on.
    pub fn switch(&self, name: &str) -> bool {
        parse_bool(self.text(name)).unwrap_or(false)
    }

    /// The number of the flag `name`; 0 if it has none.
    pub fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(0)
    }

    /// The duration of the flag `name`; zero if it has none.
    pub fn duration(&self, name: &str) -> Duration {
        server::duration::parse(self.text(name)).unwrap_or_default()
    }

    /// The texts of the flag `name`, separated by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.whole(name)
            .iter()
            .flat_map(|value| value.split(','))
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The values of the flag `name` as they were given.
    pub fn whole(&self, name: &str) -> Vec<String> {
        match self.given.get(name) {
            Some(values) => values.clone(),
            None => vec![self.text(name).to_owned()],
        }
    }
}

/// `-v` and `-h`, the flags with one dash.
fn short(argument: &str) -> Option<&str> {
    match argument {
        "-h" => Some("help"),
        _ => argument.strip_prefix('-').filter(|rest| rest.starts_with('v') && !rest.starts_with("ve")),
    }
}

fn find(name: &str) -> Option<&'static Flag> {
    let name = name.replace('_', "-");
    let place = table::FLAGS.binary_search_by(|flag| flag.name.cmp(&name)).ok()?;
    table::FLAGS.get(place)
}

fn quote(text: &str) -> String {
    status::go_quote(text)
}

/// Go's `strconv.ParseBool`.
fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

fn check(flag: &Flag, value: &str) -> Result<(), FlagError> {
    let syntax = |function: &str| format!("strconv.{function}: parsing {}: invalid syntax", quote(value));
    let problem = match flag.kind {
        Kind::Bool => parse_bool(value).is_none().then(|| syntax("ParseBool")),
        Kind::Int => value.parse::<i64>().is_err().then(|| syntax("ParseInt")),
        Kind::Number => value.parse::<f64>().is_err().then(|| syntax("ParseFloat")),
        Kind::Duration => server::duration::parse(value).err(),
        Kind::List | Kind::Text => None,
    };
    match problem {
        None => Ok(()),
        Some(problem) => Err(FlagError::value(flag.name, value, &problem)),
    }
}

/// All flags, a line each, as `--help` prints them.
pub fn usage() -> String {
    let line = |flag: &Flag| {
        let default =
            if flag.default.is_empty() { String::new() } else { format!(" (default {})", flag.default) };
        let note = match flag.effect {
            Effect::Works => "",
            Effect::Ignored => ": no effect here",
            Effect::Refused(_) => ": refused",
        };
        format!("  --{}{default}{note}\n", flag.name)
    };
    table::FLAGS.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Flags, String> {
        Flags::parse(line.split_whitespace().map(str::to_owned)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(table::FLAGS.is_sorted_by_key(|flag| flag.name));
    }

    #[test]
    fn values_are_read() {
        let flags = parse(
            "--secure-port 1 --bind-address=::1 --allow-privileged --anonymous-auth=false \
             --authorization-mode Node,RBAC --authorization-mode=AlwaysAllow --request-timeout 5s -v=2",
        )
        .unwrap();
        assert_eq!((flags.number("secure-port"), flags.text("bind-address")), (1, "::1"));
        assert!(flags.switch("allow-privileged") && !flags.switch("anonymous-auth"));
        assert_eq!(flags.list("authorization-mode"), ["Node", "RBAC", "AlwaysAllow"]);
        assert_eq!(flags.duration("request-timeout"), Duration::from_secs(5));
        assert_eq!(flags.number("max-requests-inflight"), 400);
        assert_eq!(flags.given("cert-dir"), None);
    }

    #[test]
    fn what_has_no_effect_is_said_once() {
        assert_eq!(
            parse("--profiling=false --profiling=true").unwrap().warnings,
            ["--profiling has no effect here"]
        );
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (line, error) in [
            ("--bogus", "unknown flag: --bogus"),
            ("x", "unknown command or argument \"x\""),
            ("--secure-port", "flag needs an argument: --secure-port"),
            (
                "--secure-port x",
                "invalid argument \"x\" for \"--secure-port\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
            ),
            (
                "--allow-privileged=x",
                "invalid argument \"x\" for \"--allow-privileged\" flag: strconv.ParseBool: parsing \"x\": invalid syntax",
            ),
            (
                "--request-timeout=5",
                "invalid argument \"5\" for \"--request-timeout\" flag: time: missing unit in duration \"5\"",
            ),
            (
                "--etcd-servers=http://x",
                "--etcd-servers can't be used: etcd is not a store yet: leave it out to use the embedded store under --data-dir",
            ),
        ] {
            assert_eq!(parse(line).err().as_deref(), Some(error), "{line}");
        }
    }
}
