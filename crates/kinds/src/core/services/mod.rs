//! `services` of the core group.

mod addresses;
mod columns;
mod defaults;
mod families;
mod linked;
mod needs;
mod ports;
mod validate;
mod warn;

pub(in crate::core) use validate::endpoint_address;

use object::Value;
use registry::{
    Context, DeleteAnswer, FieldLabels, NameRule, Resource, SideWrite, Strategy, StrategyOptions, Verb,
};
use status::{FieldErrors, Result, Status};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(types, "", "v1", "services", "Service", Service)
        .short_names(&["svc"])
        .categories(&["all"])
        .stored_at("services/specs")
        .selectable_fields(&[("spec.clusterIP", ""), ("spec.type", "")])
        .field_labels(FieldLabels::Label)
        .connect(
            "proxy",
            "ServiceProxyOptions",
            &[Verb::Create, Verb::Delete, Verb::Get, Verb::Patch, Verb::Update],
        )
        .status(ServiceStatus)
        .columns(columns::COLUMNS)
        .finish()
}

#[derive(Debug)]
struct Service;

impl Strategy for Service {
    fn options(&self) -> StrategyOptions {
        StrategyOptions {
            create_on_update: true,
            allocates: true,
            delete_answer: DeleteAnswer::Object,
            names: NameRule::DnsLabel,
            checks_metadata_again: true,
            ..StrategyOptions::USUAL
        }
    }

    fn default(&self, object: &mut Value) {
        defaults::fill(object);
    }

    fn allocate(
        &self,
        context: &mut Context<'_>,
        object: &mut Value,
        old: Option<&Value>,
    ) -> Result<Vec<SideWrite>> {
        let spec = object.make_object().get_or_insert_with("spec", Value::object);
        let old_spec = old.and_then(|old| old.get("spec"));
        if let Some(old_spec) = old_spec {
            linked::take_over(spec, old_spec);
        }
        linked::join_addresses(spec, old_spec);
        let ranges = addresses::Ranges::load(context.lookup);
        families::fill(object, old, &ranges.families())
            .map_err(|errors| Status::invalid("", "Service", registry::metadata::name(object), &errors))?;
        let mut writes = addresses::allocate(context, object, old, &ranges)?;
        ports::allocate(context, object, old)?;
        let kept = addresses::held_by(Some(object));
        let given_up = addresses::held_by(old).into_iter().filter(|address| !kept.contains(address));
        if !needs::cluster_ip(object.get("spec").unwrap_or(&Value::Null)) {
            writes.extend(addresses::held_by(old).iter().map(|address| addresses::release(address)));
        } else {
            writes.extend(given_up.map(|address| addresses::release(&address)));
        }
        Ok(writes)
    }

    fn release(&self, object: &Value) -> Vec<SideWrite> {
        let mut writes: Vec<SideWrite> =
            addresses::held_by(Some(object)).iter().map(|address| addresses::release(address)).collect();
        writes.push(SideWrite::Delete {
            group: "",
            resource: "endpoints",
            namespace: registry::metadata::namespace(object).to_owned(),
            name: registry::metadata::name(object).to_owned(),
        });
        writes
    }

    fn validate_create(&self, context: &mut Context<'_>, object: &Value, errors: &mut FieldErrors) {
        validate::always(object, None, context.request.resource.ty.get(), errors);
    }

    fn validate_update(
        &self,
        context: &mut Context<'_>,
        object: &Value,
        old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate::update(object, old, errors);
        validate::always(object, Some(old), context.request.resource.ty.get(), errors);
    }

    fn warn(&self, context: &mut Context<'_>, object: &Value, _old: Option<&Value>) {
        warn::warn(object, context.warnings);
    }

    fn prepare_create(&self, _context: &mut Context<'_>, object: &mut Value) {
        object.remove("status");
        if let Some(spec) = object.get_mut("spec") {
            linked::drop_of_external_name(spec);
        }
    }

    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["status"]);
        let (Some(spec), Some(old)) = (object.get_mut("spec"), old.get("spec")) else { return };
        linked::drop_meaningless(spec, old);
        linked::drop_of_external_name(spec);
        let balanced = |spec: &Value| spec.str_at(["type"]) == "LoadBalancer";
        if balanced(old) && !balanced(spec) {
            object.object_at("status").remove("loadBalancer");
        }
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["status"]
    }
}

#[derive(Debug)]
struct ServiceStatus;

impl Strategy for ServiceStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::restore(object, old, &["spec"]);
    }

    fn validate_update(
        &self,
        _context: &mut Context<'_>,
        object: &Value,
        _old: &Value,
        errors: &mut FieldErrors,
    ) {
        validate::status(object, errors);
    }

    fn reset_fields(&self) -> &'static [&'static str] {
        &["spec"]
    }
}
