//! `secrets` of the core group.

use base64::Engine;
use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, StrategyOptions};
use status::FieldErrors;

use super::{stored_data, tls_pair};
use crate::tables::{Column, Columns, count_at};
use crate::{
    checks::Field,
    describe::{Describe, Types},
    fields::default_to,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "secrets", "Secret", Secret)
        .selectable_fields(&[("type", "")])
        .field_labels(FieldLabels::Label)
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Type", "What kind of secret it is, for the programs that use it."),
        Column::text("Data", "How many keys it holds."),
        Column::AGE,
    ],
    |secret, row| {
        row.name(secret);
        row.text(secret.str_at(["type"]));
        row.count(count_at(secret, ["data"]));
        row.age(secret);
    },
);

#[derive(Debug)]
struct Secret;

impl Strategy for Secret {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { checks_metadata_again: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        default_to(object, "type", "Opaque");
        let Some(texts) = object.remove("stringData") else { return };
        for (key, text) in texts.as_object().into_iter().flat_map(|map| map.iter()) {
            let encoded = base64::engine::general_purpose::STANDARD.encode(text.as_str().unwrap_or(""));
            object.object_at("data").insert(key, encoded);
        }
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, _old: Option<&Value>) {
        tls_pair::warn(object, context.warnings);
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        stored_data::secret(object, errors);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (root, old_root) = (Field::root(object), Field::root(old));
        root.child("type").immutable(errors, &old_root.child("type"));
        stored_data::stays(object, old, &["data"], errors);
        stored_data::secret(object, errors);
    }
}
