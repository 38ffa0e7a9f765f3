//! What evaluation costs: actual costs at run time here, estimates at compile time in [`estimate`].
//!
//! The numbers are those of CEL's cost model and of Kubernetes' library costs. They are part of the API: which
//! rules a CustomResourceDefinition may hold is decided by them.

pub(crate) mod estimate;
pub(crate) mod size;

use crate::environment::Overload;
use crate::value::Value;

/// Making a list.
pub(crate) const LIST: u64 = 10;
/// Making a map.
pub(crate) const MAP: u64 = 30;
/// Making an object.
pub(crate) const OBJECT: u64 = 40;
/// Going over one unit of text.
pub(crate) const TEXT: f64 = 0.1;
/// One unit of a regular expression.
pub(crate) const REGEX: f64 = 0.25;
/// One authorization check: allows for two of them per expression.
pub(crate) const AUTHORIZATION: u64 = 350_000;

/// The cost of going over `size` units of text, `factor` being a multiple of [`TEXT`].
fn traversal(size: u64, factor: f64) -> u64 {
    (size as f64 * factor).ceil() as u64
}

/// The cost of matching text against a pattern, by their lengths.
pub(crate) fn matching(text: u64, pattern: u64) -> u64 {
    traversal(text.saturating_add(1), TEXT).saturating_mul(traversal(pattern, REGEX))
}

/// How a function's actual cost is found.
#[derive(Clone, Copy)]
pub(crate) enum Charge {
    Fixed(u64),
    /// Going over the first argument, times a factor.
    First(f64),
    /// Going over the result.
    Result(f64),
    /// Going over the first argument's elements, and the text in them.
    Elements,
    /// Matching the first argument against the second.
    Match,
    /// Testing whether a network holds an address, or a network.
    Contains {
        network: bool,
        text: bool,
    },
    /// Both arguments joined.
    Joined,
    /// The shorter argument.
    Shorter,
    /// Text searched for text.
    Product,
    /// The second argument's size.
    Second,
    /// Every element of one list against every one of the other, times a factor.
    Pairs(f64),
    /// A new list as large as the result.
    NewList,
    /// A new list as large as the first argument, per level.
    Flatten,
    /// Every element of the list (by index of argument) against every other.
    SelfCompare(usize),
}

/// Kubernetes' libraries, by function.
const BY_FUNCTION: &[(&[&str], Charge)] = &[
    (&["check"], Charge::Fixed(AUTHORIZATION)),
    (
        &[
            "serviceAccount",
            "path",
            "group",
            "resource",
            "subresource",
            "namespace",
            "name",
            "allowed",
            "reason",
            "error",
            "errored",
            "fieldSelector",
            "labelSelector",
            "masked",
            "prefixLength",
            "family",
            "isUnspecified",
            "isLoopback",
            "isLinkLocalMulticast",
            "isLinkLocalUnicast",
            "isGlobalUnicast",
            "sign",
            "asInteger",
            "isInteger",
            "asApproximateFloat",
            "isGreaterThan",
            "isLessThan",
            "compareTo",
            "add",
            "sub",
            "major",
            "minor",
            "patch",
        ],
        Charge::Fixed(1),
    ),
    (&["isSorted", "sum", "max", "min", "indexOf", "lastIndexOf"], Charge::Elements),
    (
        &[
            "url",
            "lowerAscii",
            "upperAscii",
            "substring",
            "trim",
            "cidr",
            "isIP",
            "isCIDR",
            "quantity",
            "isQuantity",
            "semver",
            "isSemver",
            "validate",
            "jsonpatch.escapeKey",
        ],
        Charge::First(TEXT),
    ),
    (&["replace", "split", "ip.isCanonical"], Charge::First(2.0 * TEXT)),
    (&["join"], Charge::Result(2.0 * TEXT)),
    (&["find", "findAll"], Charge::Match),
];

/// Everything else, by overload.
const BY_OVERLOAD: &[(&[&str], Charge)] = &[
    (&["string_to_ip"], Charge::First(TEXT)),
    (&["cidr_ip"], Charge::Fixed(1)),
    (&["cidr_contains_ip_ip"], Charge::Contains { network: false, text: false }),
    (&["cidr_contains_ip_string"], Charge::Contains { network: false, text: true }),
    (&["cidr_contains_cidr"], Charge::Contains { network: true, text: false }),
    (&["cidr_contains_cidr_string"], Charge::Contains { network: true, text: true }),
    (
        &[
            "starts_with_string",
            "ends_with_string",
            "string_to_bytes",
            "bytes_to_string",
            "strings_quote",
            "string_format",
        ],
        Charge::First(TEXT),
    ),
    (&["in_list"], Charge::Second),
    (
        &[
            "less_string",
            "greater_string",
            "less_equals_string",
            "greater_equals_string",
            "less_bytes",
            "greater_bytes",
            "less_equals_bytes",
            "greater_equals_bytes",
            "equals",
            "not_equals",
        ],
        Charge::Shorter,
    ),
    (&["add_string", "add_bytes"], Charge::Joined),
    (&["matches_string"], Charge::Match),
    (&["contains_string"], Charge::Product),
    (&["list_sets_contains_list", "list_sets_intersects_list"], Charge::Pairs(1.0)),
    (&["list_sets_equivalent_list"], Charge::Pairs(2.0)),
    (&["list_slice", "lists_range", "list_reverse"], Charge::NewList),
    (&["list_flatten", "list_flatten_int"], Charge::Flatten),
    (&["list_distinct"], Charge::SelfCompare(0)),
];

/// How an overload is charged.
pub(crate) fn charge_of(function: &str, overload: &str) -> Charge {
    let find = |table: &[(&[&str], Charge)], name: &str| {
        table.iter().find(|(names, _)| names.contains(&name)).map(|row| row.1)
    };
    if overload.ends_with("_sort") {
        return Charge::SelfCompare(0);
    }
    if overload.ends_with("_sortByAssociatedKeys") {
        return Charge::SelfCompare(1);
    }
    find(BY_OVERLOAD, overload).or_else(|| find(BY_FUNCTION, function)).unwrap_or(Charge::Fixed(1))
}

/// The cost of a call that is known before it is made; nothing if it depends on the result.
pub(crate) fn before(overload: &Overload, arguments: &[Value<'_>]) -> Option<u64> {
    let size = |index: usize| arguments.get(index).map_or(0, Value::size);
    Some(match overload.charge {
        Charge::Fixed(cost) => cost,
        Charge::First(factor) => traversal(size(0), factor),
        Charge::Elements => arguments.first().map_or(0, elements),
        Charge::Match => matching(size(0), size(1)),
        Charge::Contains { network, text } => {
            let own = size(0);
            let base = traversal(own * 2, TEXT);
            let network = if network { traversal(own, TEXT) + 1 } else { 0 };
            base + network + if text { traversal(size(1), TEXT) } else { 0 }
        }
        Charge::Joined => traversal(size(0) + size(1), TEXT),
        Charge::Shorter => traversal(size(0).min(size(1)), TEXT),
        Charge::Product => traversal(size(0), TEXT).saturating_mul(traversal(size(1), TEXT)),
        Charge::Second => size(1),
        Charge::Pairs(factor) => traversal(size(0).saturating_mul(size(1)), factor) + 1,
        Charge::Flatten => {
            let depth = match arguments.get(1) {
                Some(Value::Int(depth)) => (*depth).max(0) as f64,
                _ => 1.0,
            };
            traversal(size(0), depth) + 1 + LIST
        }
        Charge::SelfCompare(index) => {
            let first = match arguments.get(index) {
                Some(Value::List(list)) => list.get(0).and_then(Result::ok),
                _ => None,
            };
            let factor =
                if matches!(first, Some(Value::String(_) | Value::Bytes(_))) { 2.0 + TEXT } else { 2.0 };
            traversal(size(index).saturating_mul(size(index)), factor).saturating_add(1 + LIST)
        }
        // A range is as long as it was asked to be.
        Charge::NewList if overload.id == "lists_range" => match arguments.first() {
            Some(Value::Int(length)) => (*length).max(0) as u64 + 1 + LIST,
            _ => 1 + LIST,
        },
        Charge::NewList | Charge::Result(_) => return None,
    })
}

/// The cost of a call whose result is known.
pub(crate) fn after(overload: &Overload, arguments: &[Value<'_>], result: Option<&Value<'_>>) -> u64 {
    let size = result.map_or(1, Value::size);
    match overload.charge {
        Charge::Result(factor) => traversal(size, factor),
        Charge::NewList => size + 1 + LIST,
        _ => before(overload, arguments).unwrap_or(1),
    }
}

/// The cost of going over a list's elements and the text in them, or over text.
fn elements(value: &Value<'_>) -> u64 {
    match value {
        Value::List(list) => {
            list.iter().flatten().fold(0u64, |sum, item| sum.saturating_add(elements(&item)))
        }
        Value::String(_) | Value::Bytes(_) => traversal(value.size(), TEXT),
        _ => 1,
    }
}
