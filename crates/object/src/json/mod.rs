//! JSON in and out, with the semantics and the words of Go's `encoding/json` as Kubernetes uses it.
//!
//! The parser has a fast path that only knows "well formed or not"; what exactly is wrong, which keys are there
//! twice and where a field stands is found by a second pass, which only bodies with something to report pay for.

mod check;
mod indent;
mod locate;
mod number;
mod parse;
mod string;
mod write;

pub use indent::indent;
pub use locate::{Location, locate};
pub use number::go_float;
pub use parse::{MAX_DEPTH, parse, parse_with_notices};
pub use write::{to_string, to_vec, write, write_f64, write_i64, write_string};

pub(crate) use check::check;
pub(crate) use parse::tree;
pub(crate) use string::{replace_invalid, unescape};
