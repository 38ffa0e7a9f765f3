//! Plugins, and how the enabled ones become one chain.

use std::sync::Arc;

use object::Value;
use registry::{Admission, Attributes, BoxFuture, Warnings};
use status::Result;

use crate::in_use::StorageObjectInUseProtection;
use crate::namespace_lifecycle::NamespaceLifecycle;
use crate::node_restriction::NodeRestriction;
use crate::priority::Priority;
use crate::service_account::ServiceAccount;
use crate::taint_nodes::TaintNodesByCondition;
use crate::tolerations::DefaultTolerationSeconds;

/// One admission plugin, under kube-apiserver's name for it.
pub trait Plugin: Send + Sync {
    /// The name that `--enable-admission-plugins` knows.
    fn name(&self) -> &'static str;

    /// Changes the object or refuses it.
    fn mutate(
        &self,
        _attributes: &Attributes<'_>,
        _object: &mut Value,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        Ok(())
    }

    /// Accepts or refuses what is about to be written; `object` is absent for deletes.
    fn validate(
        &self,
        _attributes: &Attributes<'_>,
        _object: Option<&Value>,
        _old: Option<&Value>,
        _warnings: &mut Warnings,
    ) -> Result<()> {
        Ok(())
    }
}

/// What makes a plugin.
type Make = fn() -> Arc<dyn Plugin>;

/// The plugins there are, in the order in which they run, and whether they are on without being asked for.
pub const PLUGINS: &[(&str, bool, Make)] = &[
    ("NamespaceLifecycle", true, || Arc::new(NamespaceLifecycle)),
    ("ServiceAccount", true, || Arc::new(ServiceAccount)),
    ("NodeRestriction", false, || Arc::new(NodeRestriction)),
    ("TaintNodesByCondition", true, || Arc::new(TaintNodesByCondition)),
    ("Priority", true, || Arc::new(Priority)),
    ("DefaultTolerationSeconds", true, || Arc::new(DefaultTolerationSeconds)),
    ("StorageObjectInUseProtection", true, || Arc::new(StorageObjectInUseProtection)),
];

/// The chain of the plugins that are on by default and those of `enabled`, without those of `disabled`.
pub fn chain(enabled: &[String], disabled: &[String]) -> Chain {
    let named = |list: &[String], name: &str| list.iter().any(|it| it == name);
    let on = PLUGINS
        .iter()
        .filter(|(name, default, _)| (*default || named(enabled, name)) && !named(disabled, name));
    Chain { plugins: on.map(|(_, _, make)| make()).collect() }
}

/// Plugins that run one after the other; the first refusal counts.
pub struct Chain {
    plugins: Vec<Arc<dyn Plugin>>,
}

impl Admission for Chain {
    fn mutate<'a>(
        &'a self,
        attributes: &'a Attributes<'a>,
        object: &'a mut Value,
        old: Option<&'a Value>,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.plugins.iter().try_for_each(|plugin| plugin.mutate(attributes, object, old, warnings))
        })
    }

    fn validate<'a>(
        &'a self,
        attributes: &'a Attributes<'a>,
        object: Option<&'a Value>,
        old: Option<&'a Value>,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.plugins.iter().try_for_each(|plugin| plugin.validate(attributes, object, old, warnings))
        })
    }
}
