//! The functions of Kubernetes' environment: declarations as data, and what they do.
//!
//! Each table row is `id: signature` and a function; ids are the reference implementation's, because costs and
//! error texts go by them. A target stands before `::`.

pub(crate) mod formatting;
mod lists;
mod optional;
pub(crate) mod standard;
mod strings;
mod times;

use crate::value::Native;

/// A declaration and what it does.
pub(crate) type Row = (&'static str, Native);

/// All tables, in the order in which their overloads are tried.
pub(crate) fn tables() -> impl Iterator<Item = Row> {
    [
        standard::OPERATORS,
        standard::TABLE,
        times::TABLE,
        optional::TABLE,
        strings::TABLE,
        lists::SORTED,
        lists::SUM,
        lists::MIN,
        lists::MAX,
        lists::TABLE,
        lists::SORT,
    ]
    .into_iter()
    .flatten()
    .copied()
}
