//! `priorityclasses` of scheduling.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, metadata};
use status::{FieldErrors, Result, Status};

use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::default_absent;
use crate::tables::{Column, Columns, int_at};

/// What users may not go beyond.
const HIGHEST_USER_PRIORITY: i64 = 1_000_000_000;
/// The classes that Kubernetes itself has, and their values.
const SYSTEM_CLASSES: &[(&str, i64)] =
    &[("system-node-critical", 2_000_001_000), ("system-cluster-critical", 2_000_000_000)];

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", PriorityClass)
        .cluster()
        .short_names(&["pc"])
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::integer("Value", "How much its pods matter."),
        Column::boolean("Global-Default", "Whether pods that name no class belong to it."),
        Column::AGE,
        Column::text("PreemptionPolicy", "Whether its pods take the place of others."),
    ],
    |class, row| {
        row.name(class);
        row.integer(int_at(class, ["value"]));
        row.flag(class.get("globalDefault").and_then(Value::as_bool).unwrap_or(false));
        row.age(class);
        row.text(class.str_at(["preemptionPolicy"]));
    },
);

#[derive(Debug)]
struct PriorityClass;

impl Strategy for PriorityClass {
    fn default(&self, object: &mut Value) {
        default_absent(object, "preemptionPolicy", "PreemptLowerPriority");
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        metadata::set(object, "generation", Some(Value::Int(1)));
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let class = Field::root(object);
        let value = class.child("value");
        let metadata = class.child("metadata");
        let name = metadata.child("name");
        if name.text().starts_with("system-") {
            if let Some(why) = not_of_the_system(&class, name.text()) {
                let detail = format!(
                    "priority class names with 'system-' prefix are reserved for system use only. error: {why}"
                );
                name.forbidden(errors, detail);
            }
        } else if value.int() > HIGHEST_USER_PRIORITY {
            let detail =
                format!("maximum allowed value of a user defined priority is {HIGHEST_USER_PRIORITY}");
            value.forbidden(errors, detail);
        }
        if let Some(policy) = class.child("preemptionPolicy").present() {
            policy.required_one_of(errors, &["PreemptLowerPriority", "Never"]);
        }
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (class, old) = (Field::root(object), Field::root(old));
        let value = class.child("value");
        if value.int() != old.child("value").int() {
            value.forbidden(errors, "may not be changed in an update.");
        }
        class.child("preemptionPolicy").immutable(errors, &old.child("preemptionPolicy"));
    }

    fn check_delete(&self, object: &Value) -> Result<()> {
        let name = metadata::name(object);
        if SYSTEM_CLASSES.iter().any(|(known, _)| *known == name) {
            let why = "this is a system priority class and cannot be deleted";
            return Err(Status::forbidden("scheduling.k8s.io", "priorityclasses", name, why));
        }
        Ok(())
    }
}

/// Why the class is none of Kubernetes' own.
fn not_of_the_system(class: &Field<'_, '_>, name: &str) -> Option<String> {
    let Some((_, value)) = SYSTEM_CLASSES.iter().find(|(known, _)| *known == name) else {
        return Some(format!("{name} is not a known system priority class"));
    };
    if class.child("value").int() != *value {
        return Some(format!("value of {name} PriorityClass must be {value}"));
    }
    if class.child("globalDefault").flag() {
        return Some(format!("globalDefault of {name} PriorityClass must be false"));
    }
    None
}
