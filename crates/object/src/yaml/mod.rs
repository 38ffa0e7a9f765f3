//! YAML in and out, as `sigs.k8s.io/yaml` has it: YAML 1.1 as go-yaml v2 reads it, seen through JSON.
//!
//! `libyaml-safer` turns bytes into events with libyaml's errors; the meaning of scalars, merges and anchors, and
//! everything about writing, are here.

mod decode;
mod key;
mod nodes;
mod order;
mod resolve;
mod scalar;
mod write;

pub use decode::{parse, parse_with_notices};
pub use write::{to_string, write};
