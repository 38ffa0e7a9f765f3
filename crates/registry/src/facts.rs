//! What selectors need of a stored object: its labels, its owners and the fields its kind makes selectable.

use std::sync::Arc;

use cache::{Extract, FactsBuilder, Shape};
use object::{Text, scan};

use crate::{Resource, SelectableField};

/// Finds the selectable fields of one kind in stored bytes.
struct SelectableFacts {
    names: Vec<Text>,
    fields: Vec<SelectableField>,
}

impl Extract for SelectableFacts {
    fn fields(&self) -> &[Text] {
        &self.names
    }

    fn extract(&self, json: &[u8], facts: &mut FactsBuilder) {
        cache::metadata(json, facts);
        for (number, field) in self.fields.iter().enumerate() {
            facts.field(number, &value_of(json, field));
        }
    }
}

/// The value of the first path that has one; numbers and booleans select by their JSON.
fn value_of(json: &[u8], field: &SelectableField) -> String {
    let values = field.paths.iter().filter_map(|path| {
        let keys: Vec<&str> = path.iter().map(Text::as_str).collect();
        let value = scan::find(json, &keys)?;
        match scan::text(value) {
            Some(text) => Some(text.into_owned()),
            None => std::str::from_utf8(value).ok().filter(|text| *text != "null").map(str::to_owned),
        }
    });
    values.into_iter().find(|value| !value.is_empty()).unwrap_or_else(|| field.default.to_string())
}

/// What the cache is to know of the objects that are kept for `resource` (which is in the stored version), and for
/// the other versions of its kind, which may name further fields.
pub(crate) fn shape(prefix: &str, versions: &[Arc<Resource>]) -> Shape {
    let mut fields: Vec<SelectableField> = Vec::new();
    for field in versions.iter().flat_map(|resource| &resource.selectable_fields) {
        if !fields.iter().any(|known| known.name == field.name) {
            fields.push(field.clone());
        }
    }
    let names: Vec<Text> = fields.iter().map(|field| field.name.clone()).collect();
    let indexed_fields = names
        .iter()
        .enumerate()
        .filter(|(_, name)| *name == "spec.nodeName")
        .map(|(number, _)| number)
        .collect();
    Shape {
        prefix: format!("/registry/{prefix}/"),
        namespaced: versions.first().is_some_and(|resource| resource.namespaced),
        extract: Box::new(SelectableFacts { names, fields }),
        indexed_fields,
    }
}
