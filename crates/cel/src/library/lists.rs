//! Functions of lists: Kubernetes' own and the lists extension, version 3.

use std::cmp::Ordering;

use super::Row;
use crate::compare::{compare, equal};
use crate::error::{CelError, Outcome};
use crate::value::{List, Value};

/// Declares a function for lists of each type that has an order.
macro_rules! for_each_ordered {
    ($suffix:literal, $call:literal, $result:ident, $run:expr; $($ty:literal),*) => {
        &[$((concat!("list_", $ty, $suffix, ": list(", $ty, ")::", $call, for_each_ordered!(@result $result $ty)), $run)),*]
    };
    (@result same $ty:literal) => { concat!(" -> ", $ty) };
    (@result bool $ty:literal) => { " -> bool" };
    (@result list $ty:literal) => { concat!(" -> list(", $ty, ")") };
}

/// Kubernetes' functions whose overloads differ by the type of elements.
pub(crate) const SORTED: &[Row] = for_each_ordered!("_is_sorted_bool", "isSorted()", bool, is_sorted; "int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes");
pub(crate) const MIN: &[Row] = for_each_ordered!("_min_self", "min()", same, min; "int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes");
pub(crate) const MAX: &[Row] = for_each_ordered!("_max_self", "max()", same, max; "int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes");
pub(crate) const SUM: &[Row] =
    for_each_ordered!("_sum_self", "sum()", same, sum; "int", "uint", "double", "duration");
pub(crate) const SORT: &[Row] = for_each_ordered!("_sort", "sort()", list, sort; "int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes");

/// The others.
pub(crate) const TABLE: &[Row] = &[
    ("list_a_index_of_int: list(A)::indexOf(A) -> int", index_of),
    ("list_a_last_index_of_int: list(A)::lastIndexOf(A) -> int", last_index_of),
    ("list_slice: list(T)::slice(int, int) -> list(T)", slice),
    ("list_flatten: list(list(T))::flatten() -> list(T)", flatten),
    ("list_flatten_int: list(dyn)::flatten(int) -> list(dyn)", flatten),
    ("lists_range: lists.range(int) -> list(int)", range),
    ("list_reverse: list(T)::reverse() -> list(T)", reverse),
    ("list_distinct: list(T)::distinct() -> list(T)", distinct),
    ("list_int_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(int)) -> list(T)", sort_by),
    ("list_uint_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(uint)) -> list(T)", sort_by),
    ("list_double_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(double)) -> list(T)", sort_by),
    ("list_bool_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(bool)) -> list(T)", sort_by),
    (
        "list_duration_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(duration)) -> list(T)",
        sort_by,
    ),
    (
        "list_timestamp_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(timestamp)) -> list(T)",
        sort_by,
    ),
    ("list_string_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(string)) -> list(T)", sort_by),
    ("list_bytes_sortByAssociatedKeys: list(T)::@sortByAssociatedKeys(list(bytes)) -> list(T)", sort_by),
    ("@mapInsert_map_key_value: cel.@mapInsert(map(K, V), K, V) -> map(K, V)", insert),
    ("@mapInsert_map_map: cel.@mapInsert(map(K, V), map(K, V)) -> map(K, V)", insert),
    ("list_sets_contains_list: sets.contains(list(T), list(T)) -> bool", sets_contains),
    ("list_sets_equivalent_list: sets.equivalent(list(T), list(T)) -> bool", sets_equivalent),
    ("list_sets_intersects_list: sets.intersects(list(T), list(T)) -> bool", sets_intersects),
];

fn list<'v, 'a>(args: &'v [Value<'a>]) -> Result<&'v List<'a>, CelError> {
    match args.first() {
        Some(Value::List(list)) => Ok(list),
        _ => Err(CelError::no_such_overload()),
    }
}

fn ordered(a: &Value<'_>, b: &Value<'_>) -> Result<Ordering, CelError> {
    compare(a, b).ok_or_else(CelError::no_such_overload)
}

fn is_sorted<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let mut before: Option<Value<'a>> = None;
    for item in list(args)?.iter() {
        let item = item?;
        if let Some(before) = &before
            && ordered(before, &item)? == Ordering::Greater
        {
            return Ok(Value::Bool(false));
        }
        before = Some(item);
    }
    Ok(Value::Bool(true))
}

fn extreme<'a>(args: &[Value<'a>], name: &str, wanted: Ordering) -> Outcome<'a> {
    let mut best: Option<Value<'a>> = None;
    for item in list(args)?.iter() {
        let item = item?;
        best = Some(match best {
            Some(best) if ordered(&item, &best)? != wanted => best,
            _ => item,
        });
    }
    best.ok_or_else(|| CelError::new(format!("{name} called on empty list")))
}

fn min<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    extreme(args, "min", Ordering::Less)
}
fn max<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    extreme(args, "max", Ordering::Greater)
}

fn sum<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let mut total: Option<Value<'a>> = None;
    for item in list(args)?.iter() {
        let item = item?;
        total = Some(match total {
            Some(total) => super::standard::add(&[total, item])?,
            None => item,
        });
    }
    // The sum of nothing is zero, which equals that of any type but durations.
    Ok(total.unwrap_or(Value::Int(0)))
}

fn position<'a>(args: &[Value<'a>], last: bool) -> Outcome<'a> {
    let [Value::List(list), wanted] = args else { return Err(CelError::no_such_overload()) };
    let mut found = -1;
    for (index, item) in list.iter().enumerate() {
        if equal(&item?, wanted) {
            found = index as i64;
            if !last {
                break;
            }
        }
    }
    Ok(Value::Int(found))
}

fn index_of<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    position(args, false)
}
fn last_index_of<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    position(args, true)
}

fn items<'a>(list: &List<'a>) -> Result<Vec<Value<'a>>, CelError> {
    list.iter().collect()
}

fn slice<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::Int(start), Value::Int(end)] = args else {
        return Err(CelError::no_such_overload());
    };
    let problem = if *start < 0 || *end < 0 {
        "negative indexes not supported".to_owned()
    } else if start > end {
        "start index must be less than or equal to end index".to_owned()
    } else if (list.len() as i64) < *end {
        format!("list is length {}", list.len())
    } else {
        let (start, end) = (*start as usize, *end as usize);
        return list.iter().skip(start).take(end - start).collect::<Result<Vec<_>, _>>().map(Value::list);
    };
    Err(CelError::new(format!("cannot slice({start}, {end}), {problem}")))
}

fn flatten<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let depth = match args {
        [_] => 1,
        [_, Value::Int(depth)] if *depth < 0 => return Err(CelError::new("level must be non-negative")),
        [_, Value::Int(depth)] => *depth,
        _ => return Err(CelError::no_such_overload()),
    };
    let mut flat = items(list(args)?)?;
    for _ in 0..depth {
        if !flat.iter().any(|item| matches!(item, Value::List(_))) {
            break;
        }
        let mut next = Vec::with_capacity(flat.len());
        for item in flat {
            match item {
                Value::List(list) => next.extend(items(&list)?),
                other => next.push(other),
            }
        }
        flat = next;
    }
    Ok(Value::list(flat))
}

fn range<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(end)] => Ok(Value::list((0..*end).map(Value::Int).collect())),
        _ => Err(CelError::no_such_overload()),
    }
}

fn reverse<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let mut items = items(list(args)?)?;
    items.reverse();
    Ok(Value::list(items))
}

fn distinct<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let mut unique: Vec<Value<'a>> = Vec::new();
    for item in list(args)?.iter() {
        let item = item?;
        if !unique.iter().any(|other| equal(&item, other)) {
            unique.push(item);
        }
    }
    Ok(Value::list(unique))
}

fn sort<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let items = items(list(args)?)?;
    sorted(items.clone(), items)
}

fn sort_by<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::List(keys)] = args else { return Err(CelError::no_such_overload()) };
    sorted(items(list)?, items(keys)?)
}

fn sorted<'a>(items: Vec<Value<'a>>, keys: Vec<Value<'a>>) -> Outcome<'a> {
    if items.len() != keys.len() {
        return Err(CelError::new(format!(
            "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got {} and {} elements respectively",
            items.len(),
            keys.len()
        )));
    }
    let mut pairs: Vec<(Value<'a>, Value<'a>)> = keys.into_iter().zip(items).collect();
    if let Some((first, _)) = pairs.first() {
        if compare(first, first).is_none() {
            return Err(CelError::new("list elements must be comparable"));
        }
        if pairs.iter().any(|(key, _)| key.type_name() != first.type_name()) {
            return Err(CelError::new("list elements must have the same type"));
        }
    }
    pairs.sort_by(|(a, _), (b, _)| compare(a, b).unwrap_or(Ordering::Equal));
    Ok(Value::list(pairs.into_iter().map(|(_, item)| item).collect()))
}

fn insert<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    crate::maps::insert(args)
}

fn contains_all(a: &List<'_>, b: &List<'_>) -> bool {
    b.iter().flatten().all(|item| a.iter().flatten().any(|other| equal(&item, &other)))
}

fn sets<'a>(args: &[Value<'a>], test: impl Fn(&List<'_>, &List<'_>) -> bool) -> Outcome<'a> {
    match args {
        [Value::List(a), Value::List(b)] => Ok(Value::Bool(test(a, b))),
        _ => Err(CelError::no_such_overload()),
    }
}

fn sets_contains<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    sets(args, contains_all)
}
fn sets_equivalent<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    sets(args, |a, b| contains_all(a, b) && contains_all(b, a))
}
fn sets_intersects<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    sets(args, |a, b| b.iter().flatten().any(|item| a.iter().flatten().any(|other| equal(&item, &other))))
}
