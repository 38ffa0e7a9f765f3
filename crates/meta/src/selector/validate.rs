//! The rules of a `LabelSelector` inside of an object.

use status::{FieldError, FieldErrors, Path};

use super::MatchExpression;
use crate::names;

/// Checks the parts of an object's `LabelSelector` at `path`. Where `allow_invalid_values` holds (an old object
/// already has them), the values of expressions are not checked.
pub fn check_label_selector<'a>(
    path: &Path<'_>,
    match_labels: impl IntoIterator<Item = (&'a str, &'a str)>,
    match_expressions: &[MatchExpression<'_>],
    allow_invalid_values: bool,
) -> FieldErrors {
    let mut errors = names::check_labels(&path.child("matchLabels"), match_labels);
    let expressions = path.child("matchExpressions");
    for (index, expression) in match_expressions.iter().enumerate() {
        errors.extend(check_expression(&expressions.index(index), expression, allow_invalid_values));
    }
    errors
}

fn check_expression(
    path: &Path<'_>,
    expression: &MatchExpression<'_>,
    allow_invalid_values: bool,
) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let values = path.child("values");
    match expression.operator {
        "In" | "NotIn" if expression.values.is_empty() => {
            let detail = "must be specified when `operator` is 'In' or 'NotIn'";
            errors.push(FieldError::required(&values, detail));
        }
        "Exists" | "DoesNotExist" if !expression.values.is_empty() => {
            let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            errors.push(FieldError::forbidden(&values, detail));
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        other => {
            let detail = "not a valid selector operator";
            errors.push(FieldError::invalid(&path.child("operator"), other, detail));
        }
    }
    let key = path.child("key");
    errors.extend(
        names::qualified_name(expression.key)
            .into_iter()
            .map(|message| FieldError::invalid(&key, expression.key, message)),
    );
    if !allow_invalid_values {
        for (index, value) in expression.values.iter().enumerate() {
            let messages = names::label_value(value);
            errors.extend(
                messages
                    .into_iter()
                    .map(|message| FieldError::invalid(&values.index(index), *value, message)),
            );
        }
    }
    errors
}
