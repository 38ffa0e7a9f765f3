//! JSON in the order in which the original writes it: a struct's fields as declared, a map's keys sorted.

use object::{Map, Value, json};

use crate::decode::alternative;
use crate::{Additional, Shape, Struct, TypeRef};

/// Writes a normalised object as JSON, and answers the offset at which `"resourceVersion":"N",` (or without the
/// comma, see [`splice_resource_version`]) belongs: it is known only when the object is committed.
///
/// The object must not have a `metadata.resourceVersion`. The offset is 0 if it has no metadata.
pub fn encode(ty: TypeRef<'_>, value: &Value, out: &mut Vec<u8>) -> usize {
    let mut encoder = Encoder { out, splice: 0 };
    encoder.value(ty, value, Place::Root);
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

impl Place {
    fn below(self, key: &str) -> Place {
        if self == Place::Root && key == "metadata" { Place::Metadata } else { Place::Elsewhere }
    }
}

struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    splice: usize,
}

impl Encoder<'_> {
    fn value(&mut self, ty: TypeRef<'_>, value: &Value, place: Place) {
        match (ty.shape(), value) {
            (Shape::Struct(of), Value::Object(map)) if of.additional == Additional::Prune => {
                self.structure(ty, of, map, place);
            }
            (Shape::Struct(_) | Shape::Map(_), Value::Object(map)) => self.map(ty, map, place),
            (Shape::List(list), Value::Array(items)) => self.list(ty.schema.get(list.items), items),
            (Shape::Any, Value::Object(_) | Value::Array(_)) => match (alternative(ty), value) {
                (Some(schema), Value::Array(items)) => self.list(schema, items),
                (Some(schema), value) => self.value(schema, value, Place::Elsewhere),
                (None, value) => json::write(self.out, value),
            },
            (_, value) => json::write(self.out, value),
        }
    }

    fn list(&mut self, ty: TypeRef<'_>, items: &[Value]) {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.value(ty, item, Place::Elsewhere);
        }
        self.out.push(b']');
    }

    /// In key order, as maps are, and as custom resources are that keep what their schema does not know.
    fn map(&mut self, ty: TypeRef<'_>, map: &Map, place: Place) {
        self.out.push(b'{');
        for (key, value) in map.iter() {
            self.member(key, ty.child(key), value, place.below(key));
        }
        self.out.push(b'}');
    }

    fn structure(&mut self, ty: TypeRef<'_>, of: &Struct, map: &Map, place: Place) {
        self.out.push(b'{');
        let mut written = 0;
        for field in &of.fields {
            if place == Place::Metadata && field.name == "resourceVersion" {
                self.splice = self.out.len();
            }
            let Some(value) = map.get(&field.name) else { continue };
            self.member(&field.name, Some(ty.schema.get(field.ty)), value, place.below(&field.name));
            written += 1;
        }
        if written < map.len() {
            // What an object was not pruned of is not lost.
            for (key, value) in map.iter().filter(|(key, _)| of.field(key).is_none()) {
                self.member(key, None, value, Place::Elsewhere);
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
        match ty {
            Some(ty) => self.value(ty, value, place),
            None => json::write(self.out, value),
        }
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
