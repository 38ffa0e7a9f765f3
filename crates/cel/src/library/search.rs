//! Regular expressions (Kubernetes' find and findAll).

use super::Row;
use crate::error::{CelError, Outcome};
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("string_find_string: string::find(string) -> string", find),
    ("string_find_all_string: string::findAll(string) -> list(string)", find_all),
    ("string_find_all_string_int: string::findAll(string, int) -> list(string)", find_all),
];

fn compile(pattern: &str) -> Result<::regex::Regex, CelError> {
    crate::regex::compile(pattern).map_err(|error| CelError::new(format!("Illegal regex: {error}")))
}

fn find<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(pattern)] = args else {
        return Err(CelError::no_such_overload());
    };
    let found = compile(pattern.as_str())?.find(text.as_str()).map(|found| found.as_str().to_owned());
    Ok(Value::from(found.unwrap_or_default()))
}

fn find_all<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let (text, pattern, limit) = match args {
        [Value::String(text), Value::String(pattern)] => (text, pattern, -1),
        [Value::String(text), Value::String(pattern), Value::Int(limit)] => (text, pattern, *limit),
        _ => return Err(CelError::no_such_overload()),
    };
    let regex = compile(pattern.as_str())?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = regex.find_iter(text.as_str()).take(limit);
    Ok(Value::list(found.map(|found| Value::from(found.as_str().to_owned())).collect()))
}
