//! The selector and the pod labels that a Job gets unless it brings its own.

use object::Value;

pub(super) const JOB_NAME: [&str; 2] = ["job-name", "batch.kubernetes.io/job-name"];
const CONTROLLER_UID: &str = "batch.kubernetes.io/controller-uid";
pub(super) const CONTROLLER_UIDS: [&str; 2] = ["controller-uid", CONTROLLER_UID];

/// Labels the pods with the job's name and uid, and selects them by the uid. What the client set stays, for
/// validation to find it.
pub(super) fn generate(job: &mut Value) {
    let name = job.str_at(["metadata", "name"]).to_owned();
    let uid = job.str_at(["metadata", "uid"]).to_owned();
    let own = job.at(["metadata", "labels"]).and_then(Value::as_object).cloned().unwrap_or_default();
    let spec = job.object_at("spec");
    let template = spec.get_or_insert_with("template", Value::object);
    let metadata = template.make_object().get_or_insert_with("metadata", Value::object);
    let labels = metadata.object_at("labels");
    let labelled_like_template = own == *labels;
    for (keys, value) in [(JOB_NAME, &name), (CONTROLLER_UIDS, &uid)] {
        for key in keys {
            labels.get_or_insert_with(key, || value.as_str().into());
        }
    }
    let labels = labels.clone();
    let selector = spec.get_or_insert_with("selector", Value::object);
    let selected = selector.make_object().get_or_insert_with("matchLabels", Value::object).make_object();
    selected.get_or_insert_with(CONTROLLER_UID, || uid.as_str().into());
    if labelled_like_template {
        // Labels that were taken over from the template follow it.
        job.object_at("metadata").insert("labels", labels);
    }
}
