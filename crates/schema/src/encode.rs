//! JSON in the order in which the original writes it: a struct's fields as declared, a map's keys sorted.

use object::{Map, Value, json};

use crate::decode::alternative;
use crate::{Shape, Struct, TypeRef};

/// Writes a normalised object as JSON, and answers the offset at which `"resourceVersion":"N",` (or without the
/// comma, see [`splice_resource_version`]) belongs: it is known only when the object is committed.
///
/// The object must not have a `metadata.resourceVersion`. The offset is 0 if it has no metadata.
pub fn encode(ty: TypeRef<'_>, value: &Value, out: &mut Vec<u8>) -> usize {
    let mut encoder = Encoder { out, splice: 0 };
    encoder.value(Some(ty), value, Place::Root);
    encoder.splice
}

/// `json`, as [`encode`] wrote it, with the resource version in place.
pub fn splice_resource_version(json: &[u8], offset: usize, revision: u64) -> Vec<u8> {
    let offset = offset.min(json.len());
    let (before, after) = json.split_at(offset);
    let mut out = Vec::with_capacity(json.len() + 42);
    out.extend_from_slice(before);
    if offset > 0 {
        if !before.ends_with(b"{") {
            out.push(b',');
        }
        out.extend_from_slice(b"\"resourceVersion\":\"");
        json::write_i64(&mut out, i64::try_from(revision).unwrap_or(i64::MAX));
        out.push(b'"');
        if before.ends_with(b"{") && !after.starts_with(b"}") {
            out.push(b',');
        }
    }
    out.extend_from_slice(after);
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    Metadata,
    Elsewhere,
}

/// The fields of ObjectMeta that stand before its resourceVersion.
const BEFORE_RESOURCE_VERSION: [&str; 5] = ["name", "generateName", "namespace", "selfLink", "uid"];

struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    splice: usize,
}

impl Encoder<'_> {
    fn value(&mut self, ty: Option<TypeRef<'_>>, value: &Value, place: Place) {
        let ty = ty.map(|ty| match (ty.shape(), value) {
            (Shape::Any, Value::Object(_)) => alternative(ty).unwrap_or(ty),
            _ => ty,
        });
        match (value, ty.map(|ty| (ty, ty.shape()))) {
            (Value::Object(map), Some((ty, Shape::Struct(of)))) => self.structure(ty, of, map, place),
            (Value::Object(map), ty) => {
                let values = match ty {
                    Some((ty, Shape::Map(of))) => Some(ty.schema.get(of.values)),
                    _ => None,
                };
                self.out.push(b'{');
                for (key, value) in map.iter() {
                    self.member(key, values, value, Place::Elsewhere);
                }
                self.out.push(b'}');
            }
            (Value::Array(items), ty) => {
                let item_ty = ty.and_then(|(ty, _)| ty.items().or_else(|| alternative(ty)));
                self.out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.value(item_ty, item, Place::Elsewhere);
                }
                self.out.push(b']');
            }
            (scalar, _) => json::write(self.out, scalar),
        }
    }

    fn structure(&mut self, ty: TypeRef<'_>, of: &Struct, map: &Map, place: Place) {
        self.out.push(b'{');
        if place == Place::Metadata {
            self.splice = self.out.len();
        }
        let mut written = 0;
        for field in &of.fields {
            let Some(value) = map.get(&field.name) else { continue };
            let inner = match place {
                Place::Root if field.name == "metadata" => Place::Metadata,
                _ => Place::Elsewhere,
            };
            self.member(&field.name, Some(ty.schema.get(field.ty)), value, inner);
            written += 1;
            if place == Place::Metadata && BEFORE_RESOURCE_VERSION.contains(&field.name.as_str()) {
                self.splice = self.out.len();
            }
        }
        if written < map.len() {
            // What the type does not know was kept on purpose (preserved fields); it follows in key order.
            for (key, value) in map.iter().filter(|(key, _)| of.field(key).is_none()) {
                self.member(key, ty.child(key), value, Place::Elsewhere);
            }
        }
        self.out.push(b'}');
    }

    fn member(&mut self, key: &str, ty: Option<TypeRef<'_>>, value: &Value, place: Place) {
        if !self.out.ends_with(b"{") {
            self.out.push(b',');
        }
        json::write_string(self.out, key);
        self.out.push(b':');
        self.value(ty, value, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    #[test]
    fn fields_stand_in_declared_order_and_the_version_behind_the_uid() {
        let schema = builtin();
        let ty = schema.of_kind("", "v1", "ConfigMap").expect("a built-in kind");
        let cases = [
            (
                r#"{"apiVersion":"v1","data":{"b":"1","a":"2"},"kind":"ConfigMap","metadata":{"labels":{"l":"m"},"name":"n","uid":"u"}}"#,
                r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"n","uid":"u","resourceVersion":"7","labels":{"l":"m"}},"data":{"a":"2","b":"1"}}"#,
            ),
            (
                r#"{"metadata":{"labels":{"l":"m"}}}"#,
                r#"{"metadata":{"resourceVersion":"7","labels":{"l":"m"}}}"#,
            ),
            (r#"{"metadata":{}}"#, r#"{"metadata":{"resourceVersion":"7"}}"#),
        ];
        for (json, expected) in cases {
            let value = object::json::parse(json.as_bytes()).expect("JSON");
            let mut out = Vec::new();
            let splice = encode(ty, &value, &mut out);
            assert_eq!(String::from_utf8_lossy(&splice_resource_version(&out, splice, 7)), expected);
        }
    }
}
