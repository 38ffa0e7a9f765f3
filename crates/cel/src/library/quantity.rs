//! Quantities of resources.

use std::cmp::Ordering;

use meta::{Format, Quantity};

use super::Row;
use crate::error::{CelError, Outcome};
use crate::opaque::{OpaqueValue, expect, opaque};
use crate::value::Value;

/// The functions.
pub(crate) const TABLE: &[Row] = &[
    ("string_to_quantity: quantity(string) -> Quantity", quantity),
    ("is_quantity_string: isQuantity(string) -> bool", is_quantity),
    ("quantity_sign: sign(Quantity) -> int", sign),
    ("quantity_is_greater_than: Quantity::isGreaterThan(Quantity) -> bool", is_greater_than),
    ("quantity_is_less_than: Quantity::isLessThan(Quantity) -> bool", is_less_than),
    ("quantity_compare_to: Quantity::compareTo(Quantity) -> int", compare_to),
    ("quantity_get_float: Quantity::asApproximateFloat() -> double", as_float),
    ("quantity_get_int: Quantity::asInteger() -> int", as_integer),
    ("quantity_is_integer: Quantity::isInteger() -> bool", is_integer),
    ("quantity_add: Quantity::add(Quantity) -> Quantity", add),
    ("quantity_add_int: Quantity::add(int) -> Quantity", add),
    ("quantity_sub: Quantity::sub(Quantity) -> Quantity", sub),
    ("quantity_sub_int: Quantity::sub(int) -> Quantity", sub),
];

#[derive(Debug)]
struct Amount(Quantity);

impl OpaqueValue for Amount {
    fn type_name(&self) -> &'static str {
        "kubernetes.Quantity"
    }
    fn equals(&self, other: &dyn OpaqueValue) -> bool {
        let other: &dyn std::any::Any = other;
        other.downcast_ref::<Amount>().is_some_and(|other| self.0 == other.0)
    }
}

fn text<'v>(args: &'v [Value<'_>]) -> Result<&'v str, CelError> {
    args.first().and_then(Value::as_str).ok_or_else(CelError::no_such_overload)
}

fn first<'v>(args: &'v [Value<'_>]) -> Result<&'v Quantity, CelError> {
    args.first().map_or_else(|| Err(CelError::no_such_overload()), expect::<Amount>).map(|amount| &amount.0)
}

/// The second argument, a quantity or an integer.
fn second(args: &[Value<'_>]) -> Result<Quantity, CelError> {
    match args.get(1) {
        Some(Value::Int(number)) => Ok(Quantity::new(*number, Format::DecimalSi)),
        Some(value) => expect::<Amount>(value).map(|amount| amount.0.clone()),
        None => Err(CelError::no_such_overload()),
    }
}

fn quantity<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Quantity::parse(text(args)?)
        .map(|amount| opaque(Amount(amount)))
        .map_err(|error| CelError::new(error.to_string()))
}

fn is_quantity<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(Quantity::parse(text(args)?).is_ok()))
}

fn sign<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(first(args)?.signum().into()))
}

fn order(args: &[Value<'_>]) -> Result<Ordering, CelError> {
    Ok(first(args)?.cmp(&second(args)?))
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

fn as_float<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Double(first(args)?.as_f64()))
}

fn as_integer<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    first(args)?.as_i64().map(Value::Int).ok_or_else(|| CelError::new("cannot convert value to integer"))
}

fn is_integer<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(first(args)?.as_i64().is_some()))
}

fn add<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(opaque(Amount(first(args)?.add(&second(args)?))))
}
fn sub<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    Ok(opaque(Amount(first(args)?.sub(&second(args)?))))
}
