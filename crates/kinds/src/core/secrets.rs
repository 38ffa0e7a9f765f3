//! `secrets` of the core group.

use base64::Engine;
use object::Value;
use registry::{FieldLabels, Resource, Strategy};

use crate::{
    describe::{Describe, Types},
    fields::default_to,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "secrets", "Secret", Secret)
        .selectable_fields(&[("type", "")])
        .field_labels(FieldLabels::Label)
        .finish()
}

#[derive(Debug)]
struct Secret;

impl Strategy for Secret {
    fn default(&self, object: &mut Value) {
        default_to(object, "type", "Opaque");
        let Some(texts) = object.remove("stringData") else { return };
        for (key, text) in texts.as_object().into_iter().flat_map(|map| map.iter()) {
            let encoded = base64::engine::general_purpose::STANDARD.encode(text.as_str().unwrap_or(""));
            object.object_at("data").insert(key, encoded);
        }
    }
}
