//! The dynamic object tree: what every body becomes between its bytes and the rules.
//!
//! [`Value`] is the tree, [`Map`] its objects (always sorted by key, as Go marshals maps, which also makes
//! duplicate keys adjacent and merges linear). Parsers and writers stand beside it: [`json`], [`yaml`], [`cbor`], and
//! [`scan`] for what can be told from JSON bytes without a tree.
//!
//! Invariants: a `Map` is sorted and has no key twice; no float is infinite or NaN; parsing any input takes linear
//! time, bounded depth and, however deep the input nests, no deep recursion.

mod bad_value;
pub mod cbor;
mod error;
pub mod json;
mod map;
mod notice;
pub mod scan;
mod value;
pub mod yaml;

pub use compact_str::CompactString as Text;
pub use error::ParseError;
pub use map::Map;
pub use notice::{Notice, Notices};
pub use value::Value;
