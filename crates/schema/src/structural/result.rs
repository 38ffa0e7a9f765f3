//! What a check found: errors, and how many checks were made, by which alternatives are compared.

use status::{BadValue, ErrorType, FieldError};

#[derive(Default)]
pub(super) struct Outcome {
    pub errors: Vec<FieldError>,
    /// Checks made, whether they passed or not.
    pub made: usize,
}

impl Outcome {
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// Adds what another check found; an error with the same words only once.
    pub fn merge(&mut self, other: Outcome) {
        self.made += other.made;
        for error in other.errors {
            self.add(error);
        }
    }

    pub fn add(&mut self, error: FieldError) {
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// An error of several schemas together, which has no path of its own.
    pub fn composite(&mut self, prefix: &str, detail: String) {
        let field = if prefix.is_empty() { "<nil>" } else { prefix };
        self.add(FieldError {
            error_type: ErrorType::Invalid,
            field: field.to_owned(),
            bad_value: BadValue::Text(String::new()),
            detail,
        });
    }
}
