//! Validation reads a [`Field`]: a value and where it stands. What is wrong goes to the list of errors in the order
//! in which it is asked for, which is what clients see.

use std::collections::BTreeSet;

use meta::names::Messages;
use meta::selector::MatchExpression;
use object::{Map, Value};
use status::{BadValue, FieldError, FieldErrors, Path};

/// "must be non-negative", as the original says it.
pub(crate) const NOT_NEGATIVE: &str = "must be greater than or equal to 0";

/// A value (null where there is none) and its path.
#[derive(Clone, Copy)]
pub(crate) struct Field<'v, 'p> {
    /// The value.
    pub(crate) value: &'v Value,
    /// Where it stands.
    pub(crate) path: Path<'p>,
}

impl<'v, 'p> Field<'v, 'p> {
    /// A whole object.
    pub(crate) fn root(value: &'v Value) -> Field<'v, 'p> {
        Field { value, path: Path::ROOT }
    }

    /// The field `name` of this.
    pub(crate) fn child<'c>(&'c self, name: &'c str) -> Field<'v, 'c> {
        Field { value: self.value.get(name).unwrap_or(&Value::Null), path: self.path.child(name) }
    }

    /// The elements of this list.
    pub(crate) fn items<'c>(&'c self) -> impl ExactSizeIterator<Item = Field<'v, 'c>> + use<'c, 'v, 'p> {
        self.list().iter().enumerate().map(|(index, value)| Field { value, path: self.path.index(index) })
    }

    /// The elements of this list, bare.
    pub(crate) fn list(&self) -> &'v [Value] {
        self.value.as_array().map_or(&[], Vec::as_slice)
    }

    /// The texts of this list.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'v str> {
        self.list().iter().map(|item| item.as_str().unwrap_or(""))
    }

    /// The entries of this map.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'v str, &'v Value)> {
        self.value.as_object().into_iter().flat_map(Map::iter)
    }

    /// The text; empty where there is none.
    pub(crate) fn text(&self) -> &'v str {
        self.value.as_str().unwrap_or("")
    }

    /// The integer; 0 where there is none.
    pub(crate) fn int(&self) -> i64 {
        self.value.as_i64().unwrap_or(0)
    }

    /// Whether it is `true`.
    pub(crate) fn flag(&self) -> bool {
        self.value.as_bool().unwrap_or(false)
    }

    /// Whether it is there.
    pub(crate) fn is_present(&self) -> bool {
        !self.value.is_null()
    }

    /// This if it is there.
    pub(crate) fn present(self) -> Option<Field<'v, 'p>> {
        self.is_present().then_some(self)
    }

    /// Whether it is absent or an empty text, list or map.
    pub(crate) fn is_empty(&self) -> bool {
        match self.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        }
    }
}

/// What may be wrong with a field.
impl Field<'_, '_> {
    /// The value as messages print it.
    pub(crate) fn bad_value(&self) -> BadValue {
        BadValue::from(self.value)
    }

    /// It is malformed.
    pub(crate) fn invalid(&self, errors: &mut FieldErrors, detail: impl Into<String>) {
        errors.push(FieldError::invalid(&self.path, self.bad_value(), detail));
    }

    /// The same of a field that holds a text: absent prints as `""`.
    pub(crate) fn invalid_text(&self, errors: &mut FieldErrors, detail: impl Into<String>) {
        errors.push(FieldError::invalid(&self.path, self.text(), detail));
    }

    /// A value is needed.
    pub(crate) fn missing(&self, errors: &mut FieldErrors, detail: impl Into<String>) {
        errors.push(FieldError::required(&self.path, detail));
    }

    /// It may not be set.
    pub(crate) fn forbidden(&self, errors: &mut FieldErrors, detail: impl Into<String>) {
        errors.push(FieldError::forbidden(&self.path, detail));
    }

    /// Another element has the same value.
    pub(crate) fn duplicate(&self, errors: &mut FieldErrors) {
        errors.push(FieldError::duplicate(&self.path, self.bad_value()));
    }

    /// It is none of `allowed`.
    pub(crate) fn unsupported(&self, errors: &mut FieldErrors, allowed: &[&str]) {
        errors.push(FieldError::not_supported(&self.path, self.text(), allowed.iter().copied()));
    }

    /// It must not be empty; whether it is not.
    pub(crate) fn required(&self, errors: &mut FieldErrors) -> bool {
        if self.is_empty() {
            self.missing(errors, "");
        }
        !self.is_empty()
    }

    /// It must be one of `allowed`.
    pub(crate) fn one_of(&self, errors: &mut FieldErrors, allowed: &[&str]) {
        if !allowed.contains(&self.text()) {
            self.unsupported(errors, allowed);
        }
    }

    /// It must be there and one of `allowed`.
    pub(crate) fn required_one_of(&self, errors: &mut FieldErrors, allowed: &[&str]) {
        if self.required(errors) {
            self.one_of(errors, allowed);
        }
    }

    /// Each message of a name's rule.
    pub(crate) fn name(&self, errors: &mut FieldErrors, rule: impl Fn(&str) -> Messages) -> bool {
        let messages = rule(self.text());
        let good = messages.is_empty();
        for message in messages {
            self.invalid_text(errors, message);
        }
        good
    }

    /// It must be the number of a port.
    pub(crate) fn port_number(&self, errors: &mut FieldErrors) {
        if !(1..=65_535).contains(&self.int()) {
            self.invalid(errors, "must be between 1 and 65535, inclusive");
        }
    }

    /// It must not be negative.
    pub(crate) fn non_negative(&self, errors: &mut FieldErrors) {
        if self.int() < 0 {
            self.invalid(errors, NOT_NEGATIVE);
        }
    }

    /// It must be what `old` has.
    pub(crate) fn immutable(&self, errors: &mut FieldErrors, old: &Field<'_, '_>) {
        if !self.same(old) {
            self.invalid(errors, "field is immutable");
        }
    }

    /// The same of a field that holds a text: absent prints as `""`.
    pub(crate) fn immutable_text(&self, errors: &mut FieldErrors, old: &Field<'_, '_>) {
        if !self.same(old) {
            self.invalid_text(errors, "field is immutable");
        }
    }

    /// Whether it is what `old` has; nothing and an empty text, list or map are the same.
    pub(crate) fn same(&self, old: &Field<'_, '_>) -> bool {
        self.value == old.value || (self.is_empty() && old.is_empty())
    }

    /// Its elements must differ from each other.
    pub(crate) fn distinct_texts(&self, errors: &mut FieldErrors) {
        let mut seen = BTreeSet::new();
        for item in self.items() {
            if !seen.insert(item.text()) {
                item.duplicate(errors);
            }
        }
    }

    /// It must be a good metav1.LabelSelector. `lenient` about the values of expressions, as an object that has bad
    /// ones already may keep them.
    pub(crate) fn label_selector(&self, errors: &mut FieldErrors, lenient: bool) {
        let labels = self.child("matchLabels");
        let expressions = self.child("matchExpressions");
        let expressions: Vec<MatchExpression<'_>> = expressions
            .list()
            .iter()
            .map(|expression| MatchExpression {
                key: expression.str_at(["key"]),
                operator: expression.str_at(["operator"]),
                values: expression
                    .items_at(["values"])
                    .iter()
                    .map(|value| value.as_str().unwrap_or(""))
                    .collect(),
            })
            .collect();
        let labels = labels.entries().map(|(key, value)| (key, value.as_str().unwrap_or("")));
        errors.extend(meta::selector::check_label_selector(&self.path, labels, &expressions, lenient));
    }
}
