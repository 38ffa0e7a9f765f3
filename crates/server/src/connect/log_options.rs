//! The options of a pod's log (`PodLogOptions`).

use meta::time::Time;
use status::{FieldError, FieldErrors, Path, Result, Status};

use super::query;
use crate::url::Query;

/// What of a log is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LogOptions {
    /// The container; empty for the only one.
    pub(super) container: String,
    /// The parameters that a kubelet is sent.
    pub(super) parameters: Vec<(&'static str, String)>,
}

/// Reads and checks the options of the log of `pod`.
pub(super) fn read(parameters: &Query, pod: &str) -> Result<LogOptions> {
    let since_seconds = query::number(parameters, "sinceSeconds")?;
    let since_time = match parameters.get("sinceTime").filter(|text| !text.is_empty()) {
        Some(text) => Some(Time::parse(text).map_err(|error| Status::bad_request(error.to_string()))?),
        None => None,
    };
    let tail = query::number(parameters, "tailLines")?;
    let limit = query::number(parameters, "limitBytes")?;
    check(pod, &Checked { since_seconds, since_time, tail, limit, stream: parameters.get("stream") })?;
    let flags = ["follow", "previous", "timestamps"].into_iter().filter(|name| parameters.flag(name));
    let mut sent: Vec<(&'static str, String)> = flags.map(|name| (name, "true".to_owned())).collect();
    let numbers = [("sinceSeconds", since_seconds), ("tailLines", tail), ("limitBytes", limit)];
    sent.extend(numbers.into_iter().filter_map(|(name, number)| Some((name, number?.to_string()))));
    sent.extend(since_time.map(|time| ("sinceTime", time.to_string())));
    let container = parameters.get("container").unwrap_or("").to_owned();
    Ok(LogOptions { container, parameters: sent })
}

struct Checked<'a> {
    since_seconds: Option<i64>,
    since_time: Option<Time>,
    tail: Option<i64>,
    limit: Option<i64>,
    stream: Option<&'a str>,
}

fn check(pod: &str, given: &Checked<'_>) -> Result<()> {
    let mut errors = FieldErrors::new();
    let mut positive = |name: &'static str, number: i64| {
        errors.push(FieldError::invalid(&Path::new(name), number, "must be greater than 0"));
    };
    if let Some(limit) = given.limit.filter(|limit| *limit < 1) {
        positive("limitBytes", limit);
    }
    if let (Some(seconds), None) = (given.since_seconds.filter(|seconds| *seconds < 1), given.since_time) {
        positive("sinceSeconds", seconds);
    }
    if let Some(tail) = given.tail.filter(|tail| *tail < 0) {
        let why = "must be greater than or equal to 0";
        errors.insert(0, FieldError::invalid(&Path::new("tailLines"), tail, why));
    }
    if given.since_seconds.is_some() && given.since_time.is_some() {
        let why = "at most one of `sinceTime` or `sinceSeconds` may be specified";
        errors.push(FieldError::forbidden(&Path::new("[]"), why));
    }
    if given.stream.is_some() {
        errors.push(FieldError::forbidden(&Path::new("stream"), "may not be specified"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Status::invalid("", "PodLogOptions", pod, &errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        for (text, message) in [
            (
                "tailLines=-1",
                "PodLogOptions \"p\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0",
            ),
            (
                "limitBytes=0",
                "PodLogOptions \"p\" is invalid: limitBytes: Invalid value: 0: must be greater than 0",
            ),
            ("tailLines=x", "strconv.ParseInt: parsing \"x\": invalid syntax"),
            (
                "sinceTime=x",
                "parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"",
            ),
            ("stream=All", "PodLogOptions \"p\" is invalid: stream: Forbidden: may not be specified"),
        ] {
            let error = read(&Query::parse(text), "p").err().map(|status| status.message);
            assert_eq!(error.as_deref(), Some(message), "{text}");
        }
    }

    #[test]
    fn the_rest_is_passed_on() {
        let options = read(&Query::parse("container=c&follow=1&previous=false&tailLines=0"), "p").unwrap();
        let sent = vec![("follow", "true".to_owned()), ("tailLines", "0".to_owned())];
        assert_eq!(options, LogOptions { container: "c".to_owned(), parameters: sent });
    }
}
