//! The schemas of custom resources: OpenAPI v3 as a CustomResourceDefinition has it, compiled once.
//!
//! A [`Structural`] prunes, defaults and checks the objects of one version; [`schema_of`] makes of the same JSON what
//! the other crates walk. Sources: API documentation "Extend the Kubernetes API with CustomResourceDefinitions",
//! KEP-1111 (structural schemas), KEP-4008 (ratcheting).

mod compile;
mod default;
mod embedded;
mod formats;
mod lists;
mod prune;
mod result;
#[cfg(test)]
mod tests;
mod types;
mod uri;
mod validate;

use std::sync::Arc;

use object::{Text, Value};

use crate::ListType;
pub use formats::is_known as is_known_format;
pub use types::schema_of;

/// A compiled `pattern`: whether a text matches it anywhere.
pub type Pattern = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Compiles patterns: RE2's syntax. Nothing for a pattern that is not understood; it then matches everything.
pub type PatternCompiler<'c> = &'c dyn Fn(&str) -> Option<Pattern>;

/// One schema: of a version's objects, or of a part of them.
#[derive(Default)]
pub struct Structural {
    /// The JSON types that a value may have; empty for any.
    types: Vec<&'static str>,
    nullable: bool,
    /// `x-kubernetes-preserve-unknown-fields`.
    preserve: bool,
    /// `x-kubernetes-embedded-resource`.
    embedded: bool,
    /// `x-kubernetes-map-type: atomic`.
    atomic: bool,
    /// Sorted by name.
    properties: Vec<(Text, Structural)>,
    additional: Additional,
    items: Option<Box<Structural>>,
    list_type: ListType,
    default: Option<Value>,
    checks: Checks,
}

/// What may stand beside the properties.
#[derive(Default)]
enum Additional {
    /// The schema does not say.
    #[default]
    Unsaid,
    /// `true`.
    Any,
    /// `false`.
    Nothing,
    /// Values of this schema.
    Values(Box<Structural>),
}

/// The constraints on a value beyond its type.
#[derive(Default)]
struct Checks {
    format: Text,
    values: Vec<Value>,
    maximum: Option<Bound>,
    minimum: Option<Bound>,
    multiple_of: Option<f64>,
    max_length: Option<u64>,
    min_length: Option<u64>,
    pattern: Option<(Text, Pattern)>,
    max_items: Option<u64>,
    min_items: Option<u64>,
    unique_items: bool,
    max_properties: Option<u64>,
    min_properties: Option<u64>,
    required: Vec<Text>,
    all_of: Vec<Structural>,
    any_of: Vec<Structural>,
    one_of: Vec<Structural>,
    not: Option<Box<Structural>>,
}

/// A limit of numbers.
#[derive(Clone, Copy)]
struct Bound {
    limit: f64,
    exclusive: bool,
}

impl Structural {
    /// The schema of the property `name`.
    pub fn property(&self, name: &str) -> Option<&Structural> {
        let found = self.properties.binary_search_by(|property| property.0.as_str().cmp(name)).ok()?;
        self.properties.get(found).map(|property| &property.1)
    }

    /// The schema of the value under `key`: a property's, or that of all others.
    fn child(&self, key: &str) -> Option<&Structural> {
        self.property(key).or(match &self.additional {
            Additional::Values(schema) => Some(schema),
            _ => None,
        })
    }
}
