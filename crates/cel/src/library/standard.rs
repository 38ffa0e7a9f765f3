//! CEL's standard functions: operators, sizes, conversions, tests of text.

use std::cmp::Ordering;

use super::Row;
use crate::compare::{compare, equal};
use crate::error::{CelError, Outcome};
use crate::time::{Timestamp, duration_text, parse_duration};
use crate::value::Value;

/// Operators. Those that do not evaluate all their operands are the evaluator's own.
pub(crate) const OPERATORS: &[Row] = &[
    ("conditional: _?_:_(bool, A, A) -> A", lazy),
    ("logical_and: _&&_(bool, bool) -> bool", lazy),
    ("logical_or: _||_(bool, bool) -> bool", lazy),
    ("logical_not: !_(bool) -> bool", not),
    ("not_strictly_false: @not_strictly_false(bool) -> bool", lazy),
    ("equals: _==_(A, A) -> bool", equals),
    ("not_equals: _!=_(A, A) -> bool", not_equals),
    ("add_bytes: _+_(bytes, bytes) -> bytes", add),
    ("add_double: _+_(double, double) -> double", add),
    ("add_duration_duration: _+_(duration, duration) -> duration", add),
    ("add_duration_timestamp: _+_(duration, timestamp) -> timestamp", add),
    ("add_timestamp_duration: _+_(timestamp, duration) -> timestamp", add),
    ("add_int64: _+_(int, int) -> int", add),
    ("add_list: _+_(list(A), list(A)) -> list(A)", add),
    ("add_string: _+_(string, string) -> string", add),
    ("add_uint64: _+_(uint, uint) -> uint", add),
    ("divide_double: _/_(double, double) -> double", divide),
    ("divide_int64: _/_(int, int) -> int", divide),
    ("divide_uint64: _/_(uint, uint) -> uint", divide),
    ("modulo_int64: _%_(int, int) -> int", modulo),
    ("modulo_uint64: _%_(uint, uint) -> uint", modulo),
    ("multiply_double: _*_(double, double) -> double", multiply),
    ("multiply_int64: _*_(int, int) -> int", multiply),
    ("multiply_uint64: _*_(uint, uint) -> uint", multiply),
    ("negate_double: -_(double) -> double", negate),
    ("negate_int64: -_(int) -> int", negate),
    ("subtract_double: _-_(double, double) -> double", subtract),
    ("subtract_duration_duration: _-_(duration, duration) -> duration", subtract),
    ("subtract_int64: _-_(int, int) -> int", subtract),
    ("subtract_timestamp_duration: _-_(timestamp, duration) -> timestamp", subtract),
    ("subtract_timestamp_timestamp: _-_(timestamp, timestamp) -> duration", subtract),
    ("subtract_uint64: _-_(uint, uint) -> uint", subtract),
    ("less_bool: _<_(bool, bool) -> bool", less),
    ("less_int64: _<_(int, int) -> bool", less),
    ("less_int64_double: _<_(int, double) -> bool", less),
    ("less_int64_uint64: _<_(int, uint) -> bool", less),
    ("less_uint64: _<_(uint, uint) -> bool", less),
    ("less_uint64_double: _<_(uint, double) -> bool", less),
    ("less_uint64_int64: _<_(uint, int) -> bool", less),
    ("less_double: _<_(double, double) -> bool", less),
    ("less_double_int64: _<_(double, int) -> bool", less),
    ("less_double_uint64: _<_(double, uint) -> bool", less),
    ("less_string: _<_(string, string) -> bool", less),
    ("less_bytes: _<_(bytes, bytes) -> bool", less),
    ("less_timestamp: _<_(timestamp, timestamp) -> bool", less),
    ("less_duration: _<_(duration, duration) -> bool", less),
    ("less_equals_bool: _<=_(bool, bool) -> bool", less_equals),
    ("less_equals_int64: _<=_(int, int) -> bool", less_equals),
    ("less_equals_int64_double: _<=_(int, double) -> bool", less_equals),
    ("less_equals_int64_uint64: _<=_(int, uint) -> bool", less_equals),
    ("less_equals_uint64: _<=_(uint, uint) -> bool", less_equals),
    ("less_equals_uint64_double: _<=_(uint, double) -> bool", less_equals),
    ("less_equals_uint64_int64: _<=_(uint, int) -> bool", less_equals),
    ("less_equals_double: _<=_(double, double) -> bool", less_equals),
    ("less_equals_double_int64: _<=_(double, int) -> bool", less_equals),
    ("less_equals_double_uint64: _<=_(double, uint) -> bool", less_equals),
    ("less_equals_string: _<=_(string, string) -> bool", less_equals),
    ("less_equals_bytes: _<=_(bytes, bytes) -> bool", less_equals),
    ("less_equals_timestamp: _<=_(timestamp, timestamp) -> bool", less_equals),
    ("less_equals_duration: _<=_(duration, duration) -> bool", less_equals),
    ("greater_bool: _>_(bool, bool) -> bool", greater),
    ("greater_int64: _>_(int, int) -> bool", greater),
    ("greater_int64_double: _>_(int, double) -> bool", greater),
    ("greater_int64_uint64: _>_(int, uint) -> bool", greater),
    ("greater_uint64: _>_(uint, uint) -> bool", greater),
    ("greater_uint64_double: _>_(uint, double) -> bool", greater),
    ("greater_uint64_int64: _>_(uint, int) -> bool", greater),
    ("greater_double: _>_(double, double) -> bool", greater),
    ("greater_double_int64: _>_(double, int) -> bool", greater),
    ("greater_double_uint64: _>_(double, uint) -> bool", greater),
    ("greater_string: _>_(string, string) -> bool", greater),
    ("greater_bytes: _>_(bytes, bytes) -> bool", greater),
    ("greater_timestamp: _>_(timestamp, timestamp) -> bool", greater),
    ("greater_duration: _>_(duration, duration) -> bool", greater),
    ("greater_equals_bool: _>=_(bool, bool) -> bool", greater_equals),
    ("greater_equals_int64: _>=_(int, int) -> bool", greater_equals),
    ("greater_equals_int64_double: _>=_(int, double) -> bool", greater_equals),
    ("greater_equals_int64_uint64: _>=_(int, uint) -> bool", greater_equals),
    ("greater_equals_uint64: _>=_(uint, uint) -> bool", greater_equals),
    ("greater_equals_uint64_double: _>=_(uint, double) -> bool", greater_equals),
    ("greater_equals_uint64_int64: _>=_(uint, int) -> bool", greater_equals),
    ("greater_equals_double: _>=_(double, double) -> bool", greater_equals),
    ("greater_equals_double_int64: _>=_(double, int) -> bool", greater_equals),
    ("greater_equals_double_uint64: _>=_(double, uint) -> bool", greater_equals),
    ("greater_equals_string: _>=_(string, string) -> bool", greater_equals),
    ("greater_equals_bytes: _>=_(bytes, bytes) -> bool", greater_equals),
    ("greater_equals_timestamp: _>=_(timestamp, timestamp) -> bool", greater_equals),
    ("greater_equals_duration: _>=_(duration, duration) -> bool", greater_equals),
    ("index_list: _[_](list(A), int) -> A", lazy),
    ("index_map: _[_](map(A, B), A) -> B", lazy),
    ("optional_list_index_int: _[_](optional(list(V)), int) -> optional(V)", lazy),
    ("optional_map_index_value: _[_](optional(map(K, V)), K) -> optional(V)", lazy),
    ("list_optindex_optional_int: _[?_](list(V), int) -> optional(V)", lazy),
    ("optional_list_optindex_optional_int: _[?_](optional(list(V)), int) -> optional(V)", lazy),
    ("map_optindex_optional_value: _[?_](map(K, V), K) -> optional(V)", lazy),
    ("optional_map_optindex_optional_value: _[?_](optional(map(K, V)), K) -> optional(V)", lazy),
    ("in_list: @in(A, list(A)) -> bool", contained),
    ("in_map: @in(A, map(A, B)) -> bool", contained),
];

/// Functions.
pub(crate) const TABLE: &[Row] = &[
    ("size_bytes: size(bytes) -> int", size),
    ("bytes_size: bytes::size() -> int", size),
    ("size_list: size(list(A)) -> int", size),
    ("list_size: list(A)::size() -> int", size),
    ("size_map: size(map(A, B)) -> int", size),
    ("map_size: map(A, B)::size() -> int", size),
    ("size_string: size(string) -> int", size),
    ("string_size: string::size() -> int", size),
    ("type: type(A) -> type(A)", type_of),
    ("bool_to_bool: bool(bool) -> bool", identity),
    ("string_to_bool: bool(string) -> bool", to_bool),
    ("bytes_to_bytes: bytes(bytes) -> bytes", identity),
    ("string_to_bytes: bytes(string) -> bytes", to_bytes),
    ("double_to_double: double(double) -> double", identity),
    ("int64_to_double: double(int) -> double", to_double),
    ("string_to_double: double(string) -> double", to_double),
    ("uint64_to_double: double(uint) -> double", to_double),
    ("duration_to_duration: duration(duration) -> duration", identity),
    ("string_to_duration: duration(string) -> duration", to_duration),
    ("to_dyn: dyn(A) -> dyn", identity),
    ("int64_to_int64: int(int) -> int", identity),
    ("double_to_int64: int(double) -> int", to_int),
    ("duration_to_int64: int(duration) -> int", to_int),
    ("string_to_int64: int(string) -> int", to_int),
    ("timestamp_to_int64: int(timestamp) -> int", to_int),
    ("uint64_to_int64: int(uint) -> int", to_int),
    ("string_to_string: string(string) -> string", identity),
    ("bool_to_string: string(bool) -> string", to_string),
    ("bytes_to_string: string(bytes) -> string", to_string),
    ("double_to_string: string(double) -> string", to_string),
    ("duration_to_string: string(duration) -> string", to_string),
    ("int64_to_string: string(int) -> string", to_string),
    ("timestamp_to_string: string(timestamp) -> string", to_string),
    ("uint64_to_string: string(uint) -> string", to_string),
    ("timestamp_to_timestamp: timestamp(timestamp) -> timestamp", identity),
    ("int64_to_timestamp: timestamp(int) -> timestamp", to_timestamp),
    ("string_to_timestamp: timestamp(string) -> timestamp", to_timestamp),
    ("uint64_to_uint64: uint(uint) -> uint", identity),
    ("double_to_uint64: uint(double) -> uint", to_uint),
    ("int64_to_uint64: uint(int) -> uint", to_uint),
    ("string_to_uint64: uint(string) -> uint", to_uint),
    ("contains_string: string::contains(string) -> bool", contains),
    ("ends_with_string: string::endsWith(string) -> bool", ends_with),
    ("starts_with_string: string::startsWith(string) -> bool", starts_with),
    ("matches: matches(string, string) -> bool", crate::regex::matches),
    ("matches_string: string::matches(string) -> bool", crate::regex::matches),
];

/// Stands in for what the evaluator does itself.
pub(crate) fn lazy<'a>(_: &[Value<'a>]) -> Outcome<'a> {
    Err(CelError::no_such_overload())
}

fn overflow(kind: &str) -> CelError {
    CelError::new(format!("{kind} overflow"))
}

fn not<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Bool(value)] => Ok(Value::Bool(!value)),
        _ => Err(CelError::no_such_overload()),
    }
}

fn equals<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [a, b] => Ok(Value::Bool(equal(a, b))),
        _ => Err(CelError::no_such_overload()),
    }
}

fn not_equals<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [a, b] => Ok(Value::Bool(!equal(a, b))),
        _ => Err(CelError::no_such_overload()),
    }
}

fn ordered<'a>(args: &[Value<'a>], accept: impl Fn(Ordering) -> bool) -> Outcome<'a> {
    let [a, b] = args else { return Err(CelError::no_such_overload()) };
    match compare(a, b) {
        Some(order) => Ok(Value::Bool(accept(order))),
        None => match (a, b) {
            (Value::Double(a), _) | (_, Value::Double(a)) if a.is_nan() => {
                Err(CelError::new("NaN values cannot be ordered"))
            }
            _ => Err(CelError::no_such_overload()),
        },
    }
}

fn less<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, Ordering::is_lt)
}
fn less_equals<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, Ordering::is_le)
}
fn greater<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, Ordering::is_gt)
}
fn greater_equals<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    ordered(args, Ordering::is_ge)
}

pub(crate) fn add<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    use Value as V;
    Ok(match args {
        [V::Int(a), V::Int(b)] => V::Int(a.checked_add(*b).ok_or_else(|| overflow("integer"))?),
        [V::Uint(a), V::Uint(b)] => V::Uint(a.checked_add(*b).ok_or_else(|| overflow("unsigned integer"))?),
        [V::Double(a), V::Double(b)] => V::Double(a + b),
        [V::String(a), V::String(b)] => V::from([a.as_str(), b.as_str()].concat()),
        [V::Bytes(a), V::Bytes(b)] => V::Bytes([&**a, &**b].concat().into()),
        [V::Duration(a), V::Duration(b)] => {
            V::Duration(a.checked_add(*b).ok_or_else(|| overflow("duration"))?)
        }
        [V::Timestamp(a), V::Duration(b)] | [V::Duration(b), V::Timestamp(a)] => {
            V::Timestamp(a.moved(*b, 1).ok_or_else(|| overflow("timestamp"))?)
        }
        [V::List(a), V::List(b)] => crate::lists::join(a, b)?,
        _ => return Err(CelError::no_such_overload()),
    })
}

fn subtract<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    use Value as V;
    Ok(match args {
        [V::Int(a), V::Int(b)] => V::Int(a.checked_sub(*b).ok_or_else(|| overflow("integer"))?),
        [V::Uint(a), V::Uint(b)] => V::Uint(a.checked_sub(*b).ok_or_else(|| overflow("unsigned integer"))?),
        [V::Double(a), V::Double(b)] => V::Double(a - b),
        [V::Duration(a), V::Duration(b)] => {
            V::Duration(a.checked_sub(*b).ok_or_else(|| overflow("duration"))?)
        }
        [V::Timestamp(a), V::Duration(b)] => {
            V::Timestamp(a.moved(*b, -1).ok_or_else(|| overflow("timestamp"))?)
        }
        [V::Timestamp(a), V::Timestamp(b)] => V::Duration(a.since(b).ok_or_else(|| overflow("duration"))?),
        _ => return Err(CelError::no_such_overload()),
    })
}

fn multiply<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    use Value as V;
    Ok(match args {
        [V::Int(a), V::Int(b)] => V::Int(a.checked_mul(*b).ok_or_else(|| overflow("integer"))?),
        [V::Uint(a), V::Uint(b)] => V::Uint(a.checked_mul(*b).ok_or_else(|| overflow("unsigned integer"))?),
        [V::Double(a), V::Double(b)] => V::Double(a * b),
        _ => return Err(CelError::no_such_overload()),
    })
}

fn divide<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    use Value as V;
    Ok(match args {
        [V::Int(_), V::Int(0)] | [V::Uint(_), V::Uint(0)] => return Err(CelError::new("division by zero")),
        [V::Int(a), V::Int(b)] => V::Int(a.checked_div(*b).ok_or_else(|| overflow("integer"))?),
        [V::Uint(a), V::Uint(b)] => V::Uint(a / b),
        [V::Double(a), V::Double(b)] => V::Double(a / b),
        _ => return Err(CelError::no_such_overload()),
    })
}

fn modulo<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    use Value as V;
    Ok(match args {
        [V::Int(_), V::Int(0)] | [V::Uint(_), V::Uint(0)] => return Err(CelError::new("modulus by zero")),
        [V::Int(a), V::Int(b)] => V::Int(a.checked_rem(*b).ok_or_else(|| overflow("integer"))?),
        [V::Uint(a), V::Uint(b)] => V::Uint(a % b),
        _ => return Err(CelError::no_such_overload()),
    })
}

fn negate<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(match args {
        [Value::Int(a)] => Value::Int(a.checked_neg().ok_or_else(|| overflow("integer"))?),
        [Value::Double(a)] => Value::Double(-a),
        _ => return Err(CelError::no_such_overload()),
    })
}

fn contained<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [item, Value::List(list)] => {
            for other in list.iter() {
                if equal(item, &other?) {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        [key, Value::Map(map)] => Ok(Value::Bool(map.get(key).is_some())),
        _ => Err(CelError::no_such_overload()),
    }
}

fn size<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [value @ (Value::String(_) | Value::Bytes(_) | Value::List(_) | Value::Map(_))] => {
            Ok(Value::Int(value.size() as i64))
        }
        _ => Err(CelError::no_such_overload()),
    }
}

fn type_of<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [value] => Ok(Value::Type(value.type_of())),
        _ => Err(CelError::no_such_overload()),
    }
}

pub(crate) fn identity<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    args.first().cloned().ok_or_else(CelError::no_such_overload)
}

/// A failed conversion, as the reference implementation says it.
fn conversion<'a>(args: &[Value<'a>], to: &str) -> Outcome<'a> {
    let from = args.first().map_or("null_type", Value::type_name);
    Err(CelError::new(format!("type conversion error from '{from}' to '{to}'")))
}

fn to_bool<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args.first().and_then(Value::as_str) {
        Some("1" | "t" | "T" | "TRUE" | "true" | "True") => Ok(Value::Bool(true)),
        Some("0" | "f" | "F" | "FALSE" | "false" | "False") => Ok(Value::Bool(false)),
        _ => conversion(args, "bool"),
    }
}

fn to_bytes<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args.first().and_then(Value::as_str) {
        Some(text) => Ok(Value::Bytes(text.as_bytes().into())),
        None => conversion(args, "bytes"),
    }
}

fn to_double<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(number)] => Ok(Value::Double(*number as f64)),
        [Value::Uint(number)] => Ok(Value::Double(*number as f64)),
        [Value::String(text)] => match parse_float(text.as_str()) {
            Some(number) => Ok(Value::Double(number)),
            None => conversion(args, "double"),
        },
        _ => conversion(args, "double"),
    }
}

/// A float as Go reads it.
fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let special = ["inf", "infinity", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
    let digits = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if !special && !digits {
        return None;
    }
    text.parse().ok().filter(|number: &f64| special || number.is_finite())
}

fn to_int<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(match args {
        [Value::Uint(number)] => i64::try_from(*number).map_err(|_| overflow("integer"))?,
        [Value::Double(number)] => {
            // The bounds themselves are not floats that integers can be.
            if !(*number > i64::MIN as f64 && *number < i64::MAX as f64) {
                return Err(overflow("integer"));
            }
            *number as i64
        }
        [Value::Duration(span)] => *span,
        [Value::Timestamp(time)] => time.seconds,
        [Value::String(text)] => match text.as_str().parse() {
            Ok(number) => number,
            Err(_) => return conversion(args, "int"),
        },
        _ => return conversion(args, "int"),
    }))
}

fn to_uint<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Uint(match args {
        [Value::Int(number)] => u64::try_from(*number).map_err(|_| overflow("unsigned integer"))?,
        [Value::Double(number)] => {
            if !(*number >= 0.0 && *number < u64::MAX as f64) {
                return Err(overflow("unsigned integer"));
            }
            *number as u64
        }
        [Value::String(text)] if !text.as_str().starts_with('+') => match text.as_str().parse() {
            Ok(number) => number,
            Err(_) => return conversion(args, "uint"),
        },
        _ => return conversion(args, "uint"),
    }))
}

fn to_string<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::from(match args {
        [Value::Bool(value)] => value.to_string(),
        [Value::Int(number)] => number.to_string(),
        [Value::Uint(number)] => number.to_string(),
        [Value::Double(number)] => crate::number::general(*number),
        [Value::Timestamp(time)] => time.to_string(),
        [Value::Duration(span)] => duration_text(*span),
        [Value::Bytes(bytes)] => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => return Err(CelError::new("invalid UTF-8 in bytes, cannot convert to string")),
        },
        _ => return conversion(args, "string"),
    }))
}

fn to_duration<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args.first().and_then(Value::as_str).and_then(parse_duration) {
        Some(span) => Ok(Value::Duration(span)),
        None => conversion(args, "google.protobuf.Duration"),
    }
}

fn to_timestamp<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let time = match args {
        [Value::Int(seconds)] => {
            return Timestamp::new(*seconds, 0).map(Value::Timestamp).ok_or_else(|| overflow("timestamp"));
        }
        [Value::String(text)] => Timestamp::parse(text.as_str()),
        _ => None,
    };
    match time {
        Some(time) => Ok(Value::Timestamp(time)),
        None => conversion(args, "google.protobuf.Timestamp"),
    }
}

fn texts<'v>(args: &'v [Value<'_>]) -> Result<(&'v str, &'v str), CelError> {
    match args {
        [Value::String(a), Value::String(b)] => Ok((a.as_str(), b.as_str())),
        _ => Err(CelError::no_such_overload()),
    }
}

fn contains<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    texts(args).map(|(text, part)| Value::Bool(text.contains(part)))
}
fn starts_with<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    texts(args).map(|(text, part)| Value::Bool(text.starts_with(part)))
}
fn ends_with<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    texts(args).map(|(text, part)| Value::Bool(text.ends_with(part)))
}
