//! What may I: SelfSubjectRulesReview.

use object::Value;
use registry::User;
use status::{Result, Status};

use super::{AUTHORIZATION, Reviews};

impl Reviews {
    /// Answers a SelfSubjectRulesReview of `user`: a new object, whatever else was asked.
    pub fn self_subject_rules(&self, user: &User, review: &Value) -> Result<Value> {
        let namespace = review.str_at(["spec", "namespace"]);
        if namespace.is_empty() {
            return Err(Status::bad_request("no namespace on request"));
        }
        let list = self.authorizer.rules(user, namespace);
        let (mut resources, mut paths) = (Vec::new(), Vec::new());
        for rule in &list.rules {
            let (resource, path) = rule.review();
            resources.extend(resource);
            paths.extend(path);
        }
        let mut status = Value::object();
        status.set("resourceRules", resources);
        status.set("nonResourceRules", paths);
        status.set("incomplete", list.incomplete);
        match list.errors.as_slice() {
            [] => {}
            [one] => status.set("evaluationError", one.as_str()),
            many => status.set("evaluationError", format!("[{}]", many.join(", "))),
        }
        let mut answer = Value::object();
        answer.set("apiVersion", format!("{AUTHORIZATION}/v1"));
        answer.set("kind", "SelfSubjectRulesReview");
        answer.set("metadata", Value::object());
        answer.set("spec", Value::object());
        answer.set("status", status);
        Ok(answer)
    }
}
