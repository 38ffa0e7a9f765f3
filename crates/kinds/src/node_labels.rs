//! Labels of nodes that have other names by now, and what is said of those who still select by the old ones.

use registry::Warnings;

use crate::checks::Field;

/// Old labels, and what to say of them.
const DEPRECATED: &[(&str, &str)] = &[
    ("beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"),
    ("beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"),
    (
        "failure-domain.beta.kubernetes.io/region",
        "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/zone",
        "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
    ),
    (
        "beta.kubernetes.io/instance-type",
        "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ),
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
];

/// What is to be said of a label, if anything.
pub(crate) fn deprecation(label: &str) -> Option<&'static str> {
    DEPRECATED.iter().find(|(known, _)| *known == label).map(|(_, message)| *message)
}

/// Warns of old labels among the keys of a map of labels.
pub(crate) fn warn_of_keys(labels: &Field<'_, '_>, warnings: &mut Warnings) {
    for (label, _) in labels.entries() {
        if let Some(message) = deprecation(label) {
            warnings.add(format!("{}: {message}", labels.path.key(label)));
        }
    }
}

/// Warns of an old label in a field that holds one label.
pub(crate) fn warn_of_text(label: &Field<'_, '_>, warnings: &mut Warnings) {
    if let Some(message) = deprecation(label.text()) {
        warnings.add(format!("{}: {} is {message}", label.path, label.text()));
    }
}

/// Warns of old labels in the expressions of a selector or of a term of one.
pub(crate) fn warn_of_expressions(term: &Field<'_, '_>, warnings: &mut Warnings) {
    for expression in term.child("matchExpressions").items() {
        warn_of_text(&expression.child("key"), warnings);
    }
}
