//! What types and fields are for. The table is made when the crate is built (see `build.rs`).

use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use crate::{Field, TypeRef};

/// Lines of a name, a tab and a description (with vertical tabs for its line breaks), compressed.
const TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptions"));

const TYPE_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.TypeMeta";

/// By a type's full name in small letters; for one of its fields, followed by `/` and the field's name.
static DESCRIPTIONS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut text = String::new();
    // What this crate's own build compressed can be read; if not, there are no descriptions.
    let _ = flate2::read::ZlibDecoder::new(TABLE).read_to_string(&mut text);
    let entries = text.lines().filter_map(|line| line.split_once('\t'));
    entries.map(|(name, text)| (name.to_owned(), text.replace('\u{b}', "\n"))).collect()
});

/// What a type is for.
pub(super) fn of_type(ty: TypeRef<'_>) -> Option<&'static str> {
    DESCRIPTIONS.get(&ty.ty().name.as_str().to_ascii_lowercase()).map(String::as_str)
}

/// What a field of `owner` is for; the struct that is embedded may say so in its place.
pub(super) fn of_field(owner: TypeRef<'_>, field: &Field) -> Option<&'static str> {
    let embedded = field.via.and_then(|via| owner.as_struct()?.inline.get(usize::from(via)));
    let embedded = embedded.map(|(id, _)| owner.schema.get(*id).ty().name.as_str());
    let name: String = field.name.chars().filter(char::is_ascii_alphanumeric).collect();
    // Every object's version and kind are the same fields.
    let anywhere = matches!(field.name.as_str(), "apiVersion" | "kind").then_some(TYPE_META);
    let places = [embedded, Some(owner.ty().name.as_str()), anywhere];
    let keys = places.into_iter().flatten().map(|place| format!("{place}/{name}").to_ascii_lowercase());
    let found = keys.map(|key| DESCRIPTIONS.get(&key)).find(Option::is_some).flatten();
    found.map(String::as_str)
}
