//! Errors of single fields, which a 422 collects (`field.Error` of apimachinery).

use crate::{Cause, Path, go_quote};

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorType {
    /// What the value refers to is not there.
    NotFound,
    /// A value is needed.
    Required,
    /// Another element has the same value.
    Duplicate,
    /// The value is malformed or out of range.
    Invalid,
    /// The value is none of the allowed ones.
    NotSupported,
    /// The value may not be set here.
    Forbidden,
    /// The text is too long.
    TooLong,
    /// The list has too many elements.
    TooMany,
    /// Checking failed for a reason that is not the value's.
    Internal,
    /// The value has the wrong type.
    TypeInvalid,
}

impl ErrorType {
    /// `cause.reason` and the words a message begins with.
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            ErrorType::NotFound => ("FieldValueNotFound", "Not found"),
            ErrorType::Required => ("FieldValueRequired", "Required value"),
            ErrorType::Duplicate => ("FieldValueDuplicate", "Duplicate value"),
            ErrorType::Invalid => ("FieldValueInvalid", "Invalid value"),
            ErrorType::NotSupported => ("FieldValueNotSupported", "Unsupported value"),
            ErrorType::Forbidden => ("FieldValueForbidden", "Forbidden"),
            ErrorType::TooLong => ("FieldValueTooLong", "Too long"),
            ErrorType::TooMany => ("FieldValueTooMany", "Too many"),
            ErrorType::Internal => ("InternalError", "Internal error"),
            ErrorType::TypeInvalid => ("FieldValueTypeInvalid", "Invalid value"),
        }
    }

    /// The reason a cause carries, such as `FieldValueRequired`.
    pub fn reason(self) -> &'static str {
        self.texts().0
    }

    /// The words a message of this type begins with, such as `Required value`.
    pub fn words(self) -> &'static str {
        self.texts().1
    }
}

/// The offending value as a message prints it.
#[derive(Clone, Debug, PartialEq)]
pub enum BadValue {
    /// The message has no value.
    Omitted,
    /// Printed `null`.
    Null,
    /// A string, printed quoted.
    Text(String),
    /// A number, a boolean or ready-made JSON, printed as it is.
    Bare(String),
}

impl From<&str> for BadValue {
    fn from(text: &str) -> Self {
        BadValue::Text(text.to_owned())
    }
}
impl From<String> for BadValue {
    fn from(text: String) -> Self {
        BadValue::Text(text)
    }
}
impl From<i64> for BadValue {
    fn from(number: i64) -> Self {
        BadValue::Bare(number.to_string())
    }
}
impl From<bool> for BadValue {
    fn from(value: bool) -> Self {
        BadValue::Bare(value.to_string())
    }
}

/// One field's error: its path, what is wrong, the value and the explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// What is wrong.
    pub error_type: ErrorType,
    /// The printed path; empty for the whole object.
    pub field: String,
    /// The value at the path.
    pub bad_value: BadValue,
    /// The explanation; may be empty.
    pub detail: String,
}

impl FieldError {
    fn new(error_type: ErrorType, path: &Path<'_>, bad_value: BadValue, detail: impl Into<String>) -> Self {
        FieldError { error_type, field: path.to_string(), bad_value, detail: detail.into() }
    }

    /// A value is needed; `detail` may be empty.
    pub fn required(path: &Path<'_>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::Required, path, BadValue::Omitted, detail)
    }
    /// The value is malformed.
    pub fn invalid(path: &Path<'_>, value: impl Into<BadValue>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::Invalid, path, value.into(), detail)
    }
    /// The value has the wrong type.
    pub fn type_invalid(path: &Path<'_>, value: impl Into<BadValue>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::TypeInvalid, path, value.into(), detail)
    }
    /// Another element has this value.
    pub fn duplicate(path: &Path<'_>, value: impl Into<BadValue>) -> Self {
        Self::new(ErrorType::Duplicate, path, value.into(), "")
    }
    /// What the value names does not exist.
    pub fn not_found(path: &Path<'_>, value: impl Into<BadValue>) -> Self {
        Self::new(ErrorType::NotFound, path, value.into(), "")
    }
    /// The value may not be set here.
    pub fn forbidden(path: &Path<'_>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::Forbidden, path, BadValue::Omitted, detail)
    }
    /// The value is none of `supported`, which are printed in the order given.
    pub fn not_supported<'s>(
        path: &Path<'_>,
        value: impl Into<BadValue>,
        supported: impl IntoIterator<Item = &'s str>,
    ) -> Self {
        let quoted: Vec<String> = supported.into_iter().map(go_quote).collect();
        let detail = if quoted.is_empty() {
            String::new()
        } else {
            format!("supported values: {}", quoted.join(", "))
        };
        Self::new(ErrorType::NotSupported, path, value.into(), detail)
    }
    /// The text is longer than `max` bytes.
    pub fn too_long(path: &Path<'_>, max: i64) -> Self {
        let detail = if max >= 0 { format!("may not be more than {max} bytes") } else { String::new() };
        Self::new(ErrorType::TooLong, path, BadValue::Omitted, detail)
    }
    /// The list has `actual` elements where at most `max` may be.
    pub fn too_many(path: &Path<'_>, actual: usize, max: usize) -> Self {
        let items = if max == 1 { "item" } else { "items" };
        let detail = format!("must have at most {max} {items}");
        Self::new(ErrorType::TooMany, path, BadValue::Bare(actual.to_string()), detail)
    }
    /// The check itself failed.
    pub fn internal(path: &Path<'_>, detail: impl Into<String>) -> Self {
        Self::new(ErrorType::Internal, path, BadValue::Omitted, detail)
    }

    /// The message without the path: `Invalid value: "x": must be y`.
    pub fn body(&self) -> String {
        let mut text = self.error_type.words().to_owned();
        match &self.bad_value {
            BadValue::Omitted => {}
            BadValue::Null => text.push_str(": null"),
            BadValue::Text(value) => {
                text.push_str(": ");
                text.push_str(&go_quote(value));
            }
            BadValue::Bare(value) => {
                text.push_str(": ");
                text.push_str(value);
            }
        }
        if !self.detail.is_empty() {
            text.push_str(": ");
            text.push_str(&self.detail);
        }
        text
    }

    /// The message with the path, as the 422's text lists it.
    pub fn message(&self) -> String {
        format!("{}: {}", self.field, self.body())
    }

    /// The cause that `details.causes` carries for it.
    pub fn cause(&self) -> Cause {
        Cause { reason: self.error_type.reason().to_owned(), message: self.body(), field: self.field.clone() }
    }
}

/// What validation collects.
pub type FieldErrors = Vec<FieldError>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_the_known_form() {
        let path = Path::new("spec");
        let cases = [
            (FieldError::required(&path, ""), "spec: Required value"),
            (FieldError::invalid(&path, "a\"", "no"), r#"spec: Invalid value: "a\"": no"#),
            (FieldError::invalid(&path, -1, "must be 0"), "spec: Invalid value: -1: must be 0"),
            (FieldError::duplicate(&path, "x"), r#"spec: Duplicate value: "x""#),
            (FieldError::forbidden(&path, "no"), "spec: Forbidden: no"),
            (
                FieldError::not_supported(&path, "c", ["a", "b"]),
                r#"spec: Unsupported value: "c": supported values: "a", "b""#,
            ),
            (FieldError::too_long(&path, 63), "spec: Too long: may not be more than 63 bytes"),
            (FieldError::too_many(&path, 2, 1), "spec: Too many: 2: must have at most 1 item"),
        ];
        for (error, message) in cases {
            assert_eq!(error.message(), message);
        }
    }
}
