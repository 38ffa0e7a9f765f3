//! Defaulting, and dropping nulls that mean nothing.

use object::Value;

use super::Structural;

impl Structural {
    /// Sets what is absent (or null where null is no value) and has a default.
    pub fn apply_defaults(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (name, property) in &self.properties {
                    let Some(default) = &property.default else { continue };
                    match map.get(name) {
                        Some(value) if !property.is_unset(value) => {}
                        _ => {
                            map.insert(name.clone(), default.clone());
                        }
                    }
                }
                for (key, value) in map.iter_mut() {
                    if let Some(child) = self.child(key) {
                        child.fill(value);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(schema) = &self.items {
                    items.iter_mut().for_each(|item| schema.fill(item));
                }
            }
            _ => {}
        }
    }

    fn fill(&self, value: &mut Value) {
        if let (true, Some(default)) = (self.is_unset(value), &self.default) {
            *value = default.clone();
        }
        self.apply_defaults(value);
    }

    /// Drops fields that are null where the schema knows them and null is no value. Elements of lists stay.
    pub fn drop_nulls(&self, value: &mut Value) {
        match value {
            Value::Object(map) => map.retain(|key, value| match self.child(key) {
                Some(child) if child.is_unset(value) => false,
                Some(child) => {
                    child.drop_nulls(value);
                    true
                }
                None => true,
            }),
            Value::Array(items) => {
                if let Some(schema) = &self.items {
                    items.iter_mut().for_each(|item| schema.drop_nulls(item));
                }
            }
            _ => {}
        }
    }

    fn is_unset(&self, value: &Value) -> bool {
        value.is_null() && !self.nullable
    }
}
