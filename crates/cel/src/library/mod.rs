//! The functions of Kubernetes' environment: declarations as data, and what they do.
//!
//! Each table row is `id: signature` and a function; ids are the reference implementation's, because costs and
//! error texts go by them. A target stands before `::`.

pub(crate) mod authorizer;
mod formats;
pub(crate) mod formatting;
mod lists;
mod network;
mod optional;
mod quantity;
mod search;
mod semver;
pub(crate) mod standard;
mod strings;
mod times;
mod url;

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
        search::TABLE,
        url::TABLE,
        quantity::TABLE,
        network::TABLE,
        formats::TABLE,
        semver::TABLE,
        authorizer::TABLE,
    ]
    .into_iter()
    .flatten()
    .copied()
}
