//! A writer for the JSON documents this crate itself makes, fields in the order in which Go writes them.

use std::fmt::Write;

/// Compact JSON in the making.
#[derive(Default)]
pub struct JsonWriter(String);

impl JsonWriter {
    /// An object whose fields `fields` writes.
    pub fn document(fields: impl FnOnce(&mut JsonWriter)) -> String {
        let mut writer = JsonWriter(String::with_capacity(1024));
        writer.object(fields);
        writer.0
    }

    fn separate(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(['{', '[', ':']) {
            self.0.push(',');
        }
    }

    fn string(&mut self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                    let _ = write!(self.0, "\\u{:04x}", c as u32);
                }
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }

    fn key(&mut self, key: &str) {
        self.separate();
        self.string(key);
        self.0.push(':');
    }

    /// An object, as an element or as the value of a key.
    pub fn object(&mut self, fields: impl FnOnce(&mut JsonWriter)) {
        self.separate();
        self.0.push('{');
        fields(self);
        self.0.push('}');
    }

    /// A field that is an object.
    pub fn object_field(&mut self, key: &str, fields: impl FnOnce(&mut JsonWriter)) {
        self.key(key);
        self.object(fields);
    }

    /// A field that is text.
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }

    /// A field that is text, unless that is empty.
    pub fn text_if(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.text(key, value);
        }
    }

    /// A field that is true or false.
    pub fn bool(&mut self, key: &str, value: bool) {
        self.key(key);
        self.0.push_str(if value { "true" } else { "false" });
    }

    /// A field that is a list, whose elements `element` writes.
    pub fn list<T>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
        mut element: impl FnMut(&mut JsonWriter, T),
    ) {
        self.key(key);
        self.0.push('[');
        for item in items {
            element(self, item);
        }
        self.0.push(']');
    }

    /// A field that is a list of texts.
    pub fn texts<T: AsRef<str>>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        self.list(key, items, |writer, item| {
            writer.separate();
            writer.string(item.as_ref());
        });
    }

    /// A field that is a list of texts, unless that is empty.
    pub fn texts_if<T: AsRef<str>>(&mut self, key: &str, items: &[T]) {
        if !items.is_empty() {
            self.texts(key, items);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_in_order() {
        let json = JsonWriter::document(|writer| {
            writer.text("b", "x\"<");
            writer.text_if("no", "");
            writer.bool("a", true);
            writer.list("l", [1, 2], |writer, _| writer.object(|writer| writer.texts("t", ["p", "q"])));
            writer.object_field("o", |_| {});
        });
        assert_eq!(json, r#"{"b":"x\"\u003c","a":true,"l":[{"t":["p","q"]},{"t":["p","q"]}],"o":{}}"#);
    }
}
