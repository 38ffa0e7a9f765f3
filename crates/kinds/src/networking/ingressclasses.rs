//! `ingressclasses` of networking.k8s.io/v1.

use object::Value;
use registry::{Context, Resource, Strategy, StrategyOptions};
use status::{FieldError, FieldErrors};

use super::references::validate_reference;
use crate::checks::Field;
use crate::describe::{Describe, Types};
use crate::fields::{default_absent, present_mut};
use crate::tables::{Column, Columns, NONE, name_of_class};

/// How long the name of a controller may be.
const MAX_CONTROLLER: usize = 250;

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "networking.k8s.io", "v1", "ingressclasses", "IngressClass", IngressClass)
        .cluster()
        .columns(COLUMNS)
        .finish()
}

/// How they are shown in tables.
const COLUMNS: Columns = Columns::new(
    &[
        Column::NAME,
        Column::text("Controller", "What serves the class's ingresses."),
        Column::text("Parameters", "What configures it further."),
        Column::AGE,
    ],
    |class, row| {
        name_of_class(class, &["ingressclass.kubernetes.io/is-default-class"], row);
        row.text(class.str_at(["spec", "controller"]));
        row.text(&parameters(class));
        row.age(class);
    },
);

fn parameters(class: &Value) -> String {
    if class.at(["spec", "parameters"]).is_none_or(Value::is_null) {
        return NONE.to_owned();
    }
    let [group, kind, name] =
        ["apiGroup", "kind", "name"].map(|field| class.str_at(["spec", "parameters", field]));
    let dot = if group.is_empty() { "" } else { "." };
    format!("{kind}{dot}{group}/{name}")
}

#[derive(Debug)]
struct IngressClass;

impl Strategy for IngressClass {
    fn options(&self) -> StrategyOptions {
        StrategyOptions { generation: true, ..StrategyOptions::USUAL }
    }

    fn default(&self, object: &mut Value) {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        if let Some(parameters) = present_mut(spec, "parameters") {
            default_absent(parameters, "scope", "Cluster");
        }
    }

    fn validate_create(&self, _context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        let class = Field::root(object);
        let spec = class.child("spec");
        let controller = spec.child("controller");
        if controller.text().len() > MAX_CONTROLLER {
            errors.push(FieldError::too_long(&controller.path, MAX_CONTROLLER as i64));
        }
        errors.extend(meta::names::domain_prefixed_path(&controller.path, controller.text()));
        if let Some(parameters) = spec.child("parameters").present() {
            validate_parameters(&parameters, errors);
        }
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        let (class, old) = (Field::root(object), Field::root(old));
        let (spec, old) = (class.child("spec"), old.child("spec"));
        spec.child("controller").immutable_text(errors, &old.child("controller"));
        self.validate_create(context, object, errors);
    }
}

fn validate_parameters(parameters: &Field<'_, '_>, errors: &mut FieldErrors) {
    validate_reference(parameters, errors);
    let (scope, namespace) = (parameters.child("scope"), parameters.child("namespace"));
    match scope.text() {
        _ if !scope.is_present() => scope.missing(errors, ""),
        "Namespace" if namespace.is_empty() => {
            namespace.missing(errors, "`parameters.scope` is set to 'Namespace'");
        }
        "Namespace" => {
            namespace.name(errors, meta::names::dns1123_label);
        }
        "Cluster" if namespace.is_present() => {
            namespace.forbidden(errors, "`parameters.scope` is set to 'Cluster'");
        }
        "Cluster" => {}
        _ => scope.unsupported(errors, &["Cluster", "Namespace"]),
    }
}
