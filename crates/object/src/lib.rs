//! The dynamic object tree: what every body becomes between its bytes and the rules.
//!
//! [`Value`] is the tree, [`Map`] its objects (always sorted by key, as Go marshals maps, which also makes
//! duplicate keys adjacent and merges linear). Parsers and writers for JSON, YAML and CBOR stand beside it.
//!
//! Invariants: a `Map` is sorted and has no key twice; parsing any input takes linear time and bounded depth.

mod map;
mod value;

pub use compact_str::CompactString as Text;
pub use map::Map;
pub use value::Value;
