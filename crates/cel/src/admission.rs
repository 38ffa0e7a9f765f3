//! What expressions of admission can refer to: match conditions of webhooks, validating and mutating policies
//! (KEP-3488, KEP-3962).

use std::collections::HashMap;
use std::sync::Arc;

use crate::environment::Environment;
use crate::types::{Declared, ObjectType, Type};

/// The name of the type that values of `variables` have.
const VARIABLES: &str = "kubernetes.variables";

/// What there is besides the object, the request and the namespace, which every expression can refer to.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    /// `authorizer` and `authorizer.requestResource`.
    pub authorizer: bool,
    /// `params`.
    pub params: bool,
    /// `variables`, and the types of its fields by name.
    pub variables: Option<HashMap<String, Type>>,
    /// `JSONPatch{...}` and `Object{...}`, which patches are made of.
    pub patches: bool,
}

impl Admission {
    /// The environment of the expression `source`. Values are bound by the variables' names.
    pub fn environment(&self, source: &str) -> Environment {
        let of = |ty| Arc::new(Declared::of(ty));
        let mut environment = Environment::new()
            .variable("object", of(Type::Dyn))
            .variable("oldObject", of(Type::Dyn))
            .variable("request", of(request()))
            .variable("namespaceObject", of(namespace()));
        if self.params {
            environment = environment.variable("params", of(Type::Dyn));
        }
        if self.authorizer {
            environment = environment
                .variable("authorizer", of(Type::opaque("kubernetes.authorization.Authorizer")))
                .variable(
                    "authorizer.requestResource",
                    of(Type::opaque("kubernetes.authorization.ResourceCheck")),
                );
        }
        if let Some(variables) = &self.variables {
            let fields = variables.iter().map(|(name, ty)| (name.as_str(), ty.clone()));
            environment = environment.variable("variables", of(object(VARIABLES, fields)));
        }
        if self.patches {
            environment = with_patches(environment, source);
        }
        environment
    }
}

/// The type that an apply configuration has: an object of any fields.
pub fn apply_configuration() -> Type {
    Type::Object(open_object("Object"))
}

/// The type that a list of JSON patch operations has.
pub fn json_patch() -> Type {
    Type::list(json_patch_operation())
}

fn json_patch_operation() -> Type {
    let text = |name| (name, Type::String);
    object("JSONPatch", [text("op"), text("path"), text("from"), ("value", Type::Dyn)])
}

/// Declares `JSONPatch`, `Object`, and the types of fields (`Object.spec`) that the expression names.
fn with_patches(mut environment: Environment, source: &str) -> Environment {
    if let Type::Object(operation) = json_patch_operation() {
        environment = environment.object(operation);
    }
    for (at, _) in source.match_indices("Object") {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let name = &source[at..];
        let name = name.split(|c| !part(c)).next().unwrap_or_default();
        environment = environment.object(open_object(name));
    }
    environment
}

fn open_object(name: &str) -> Arc<ObjectType> {
    Arc::new(ObjectType { name: name.to_owned(), open: true, ..ObjectType::default() })
}

fn object<'f>(name: &str, fields: impl IntoIterator<Item = (&'f str, Type)>) -> Type {
    let fields: HashMap<String, Arc<Declared>> =
        fields.into_iter().map(|(name, ty)| (name.to_owned(), Arc::new(Declared::of(ty)))).collect();
    let by_json_name = fields.clone();
    Type::Object(Arc::new(ObjectType { name: name.to_owned(), fields, by_json_name, open: false }))
}

fn texts() -> Type {
    Type::list(Type::String)
}

fn request() -> Type {
    let text = |name| (name, Type::String);
    let kind = || object("kubernetes.GroupVersionKind", [text("group"), text("version"), text("kind")]);
    let resource =
        || object("kubernetes.GroupVersionResource", [text("group"), text("version"), text("resource")]);
    let user = object(
        "kubernetes.UserInfo",
        [text("username"), text("uid"), ("groups", texts()), ("extra", Type::map(Type::String, texts()))],
    );
    object(
        "kubernetes.AdmissionRequest",
        [
            ("kind", kind()),
            ("resource", resource()),
            text("subResource"),
            ("requestKind", kind()),
            ("requestResource", resource()),
            text("requestSubResource"),
            text("name"),
            text("namespace"),
            text("operation"),
            ("userInfo", user),
            ("dryRun", Type::Bool),
            ("options", Type::Dyn),
        ],
    )
}

fn namespace() -> Type {
    let text = |name| (name, Type::String);
    let texts_by_name = || Type::map(Type::String, Type::String);
    let metadata = object(
        "kubernetes.NamespaceMetadata",
        [
            text("name"),
            text("generateName"),
            text("namespace"),
            ("labels", texts_by_name()),
            ("annotations", texts_by_name()),
            text("UID"),
            ("creationTimestamp", Type::Timestamp),
            ("deletionGracePeriodSeconds", Type::Int),
            ("deletionTimestamp", Type::Timestamp),
            ("generation", Type::Int),
            text("resourceVersion"),
            ("finalizers", texts()),
        ],
    );
    let spec = object("kubernetes.NamespaceSpec", [("finalizers", texts())]);
    let status = object("kubernetes.NamespaceStatus", [text("phase")]);
    object("kubernetes.Namespace", [("metadata", metadata), ("spec", spec), ("status", status)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile;

    #[test]
    fn expressions_see_what_they_may() {
        let policy = Admission {
            authorizer: true,
            params: true,
            variables: Some(HashMap::from([("n".to_owned(), Type::Int)])),
            patches: true,
        };
        let webhook = Admission { authorizer: true, ..Admission::default() };
        let cases = [
            ("object.metadata.name == oldObject.metadata.name", true, true),
            ("request.userInfo.groups.exists(g, g == request.namespace)", true, true),
            ("namespaceObject.metadata.labels['a'] == 'b'", true, true),
            ("authorizer.group('').resource('pods').check('get').allowed()", true, true),
            ("authorizer.requestResource.check('get').allowed()", true, true),
            ("request.bogus == ''", false, false),
            ("params.x == 1", true, false),
            ("variables.n > 1", true, false),
            ("variables.m > 1", false, false),
            ("Object{spec: Object.spec{replicas: 1}}", true, false),
            ("[JSONPatch{op: 'add', path: '/a', value: 1}]", true, false),
        ];
        for (source, in_policy, in_webhook) in cases {
            let compiles = |admission: &Admission| compile(source, &admission.environment(source)).is_ok();
            assert_eq!((compiles(&policy), compiles(&webhook)), (in_policy, in_webhook), "{source}");
        }
    }
}
