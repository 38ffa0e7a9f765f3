//! Conversion of custom resources between versions by a webhook (`ConversionReview`, apiextensions.k8s.io/v1): what is
//! asked, and what of an answer is believed. A webhook may change anything but an object's identity; of its metadata only
//! labels and annotations.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;

use object::{Text, Value, json};
use parking_lot::Mutex;
use status::{Path, go_quote};

const GROUP: &str = "apiextensions.k8s.io";

/// Where a webhook is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At a URL.
    Url(String),
    /// A service in the cluster.
    Service {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The port it is asked at.
        port: i64,
        /// The path it is asked at; may be empty.
        path: String,
    },
}

/// A webhook that converts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Where it is.
    pub place: Place,
    /// The authorities of its certificate in base64 of PEM; empty for those of the system.
    pub authorities: Text,
    /// The version of `ConversionReview` it is asked in.
    review_version: Text,
}

/// Asks webhooks.
pub trait Caller: Send + Sync + Debug {
    /// Sends `review` to `webhook` and answers what it says.
    ///
    /// # Errors
    /// Why there is no answer, in the words of the original's client.
    fn call(&self, webhook: &Webhook, review: &Value) -> Result<Value, String>;

    /// A new uid for a review.
    fn new_uid(&self) -> String;
}

/// How many conversions are remembered.
const REMEMBERED: usize = 10_000;

/// A webhook, and the stored objects that it has converted: each is converted once for each version it is read in.
pub(crate) struct Converter {
    webhook: Webhook,
    caller: Arc<dyn Caller>,
    known: Mutex<HashMap<Key, Value>>,
}

/// An object (uid, resource version) in a version, to be read in another.
type Key = [Text; 4];

/// Nothing for an object that is not stored.
fn key(object: &Value, api_version: &str) -> Option<Key> {
    let [uid, revision] = ["uid", "resourceVersion"].map(|field| object.str_at(["metadata", field]));
    let stored = !uid.is_empty() && !matches!(revision, "" | "0");
    stored.then(|| [uid, revision, object.str_at(["apiVersion"]), api_version].map(Text::from))
}

impl Converter {
    pub(crate) fn new(webhook: Webhook, caller: Arc<dyn Caller>) -> Converter {
        Converter { webhook, caller, known: Mutex::default() }
    }

    /// `object` in another version.
    ///
    /// # Errors
    /// As [`Webhook::convert`].
    pub(crate) fn convert(&self, object: Value, api_version: &str) -> Result<Value, String> {
        let converted = self.webhook.convert(&*self.caller, &[object], api_version)?;
        converted.into_iter().next().ok_or_else(|| "no objects returned".to_owned())
    }

    /// As [`Converter::convert`] for a stored object, which is remembered.
    ///
    /// # Errors
    /// As [`Webhook::convert`].
    pub(crate) fn read(&self, stored: Value, api_version: &str) -> Result<Value, String> {
        let Some(key) = key(&stored, api_version) else { return self.convert(stored, api_version) };
        if let Some(known) = self.known.lock().get(&key) {
            return Ok(known.clone());
        }
        let converted = self.convert(stored, api_version)?;
        self.remember(key, converted.clone());
        Ok(converted)
    }

    /// Converts stored objects at once, so that [`Converter::read`] knows them. What fails shows there.
    pub(crate) fn convert_ahead(&self, stored: Vec<Value>, api_version: &str) {
        let known =
            |object: &Value| key(object, api_version).is_some_and(|key| self.known.lock().contains_key(&key));
        let unknown: Vec<Value> = stored.into_iter().filter(|object| !known(object)).collect();
        if unknown.len() < 2 {
            return;
        }
        if let Ok(converted) = self.webhook.convert(&*self.caller, &unknown, api_version) {
            for (object, converted) in unknown.iter().zip(converted) {
                if let Some(key) = key(object, api_version) {
                    self.remember(key, converted);
                }
            }
        }
    }

    fn remember(&self, key: Key, converted: Value) {
        let mut known = self.known.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, converted);
    }
}

impl Webhook {
    /// Of a definition's `spec.conversion`; nothing if its strategy is not `Webhook`.
    pub(crate) fn read(conversion: &Value) -> Option<Webhook> {
        if conversion.str_at(["strategy"]) != "Webhook" {
            return None;
        }
        let config = conversion.at(["webhook", "clientConfig"])?;
        let place = match config.get("service").filter(|service| !service.is_null()) {
            Some(service) => Place::Service {
                namespace: service.str_at(["namespace"]).to_owned(),
                name: service.str_at(["name"]).to_owned(),
                port: service.get("port").and_then(Value::as_i64).unwrap_or(443),
                path: service.str_at(["path"]).to_owned(),
            },
            None => Place::Url(config.str_at(["url"]).to_owned()),
        };
        let versions = conversion.items_at(["webhook", "conversionReviewVersions"]);
        let known = versions.iter().filter_map(Value::as_str).find(|one| matches!(*one, "v1" | "v1beta1"));
        Some(Webhook {
            place,
            authorities: config.str_at(["caBundle"]).into(),
            review_version: known.unwrap_or("v1").into(),
        })
    }

    /// `objects`, none of which is in `api_version`, in that version.
    ///
    /// # Errors
    /// What the original says of a webhook that fails, or that answers what it may not.
    pub(crate) fn convert(
        &self,
        caller: &dyn Caller,
        objects: &[Value],
        api_version: &str,
    ) -> Result<Vec<Value>, String> {
        let kind = objects.first().map(kind_text).unwrap_or_default();
        let failed = |why: String| format!("conversion webhook for {kind} failed: {why}");
        let uid = caller.new_uid();
        let review = self.review(objects, api_version, &uid);
        let answer = caller.call(self, &review).map_err(failed)?;
        let converted = self.answered(&answer, &uid).map_err(failed)?;
        if converted.len() != objects.len() {
            let (got, expected) = (converted.len(), objects.len());
            return Err(format!("conversion webhook for {kind} returned {got} objects, expected {expected}"));
        }
        let pairs = objects.iter().zip(converted).enumerate();
        let checked = pairs.map(|(index, (original, converted))| {
            let bad =
                |what: &str, why: String| format!("conversion webhook for {kind} returned {what}: {why}");
            let place = format!("invalid object at index {index}");
            check_type(original, &converted, api_version).map_err(|why| bad(&place, why))?;
            check_identity(original, &converted).map_err(|why| bad("invalid object", why))?;
            restore_metadata(original, converted).map_err(|why| bad("invalid metadata", why))
        });
        checked.collect()
    }

    fn review(&self, objects: &[Value], api_version: &str, uid: &str) -> Value {
        let mut request = Value::object();
        request.set("uid", uid);
        request.set("desiredAPIVersion", api_version);
        request.set("objects", objects.to_vec());
        let mut review = Value::object();
        review.set("kind", "ConversionReview");
        review.set("apiVersion", format!("{GROUP}/{}", self.review_version));
        review.set("request", request);
        review
    }

    /// The objects of an answer.
    fn answered(&self, answer: &Value, uid: &str) -> Result<Vec<Value>, String> {
        let expected = format!("{GROUP}/{}, Kind=ConversionReview", self.review_version);
        let got = kind_text(answer);
        if got != expected {
            return Err(format!("expected webhook response of {expected}, got {got}"));
        }
        let Some(response) = answer.get("response").filter(|response| !response.is_null()) else {
            return Err("no response provided".to_owned());
        };
        let said = response.str_at(["uid"]);
        if self.review_version == "v1" && said != uid {
            return Err(format!("expected response.uid={}, got {}", go_quote(uid), go_quote(said)));
        }
        let status = response.str_at(["result", "status"]);
        if status != "Success" {
            return Err(match response.str_at(["result", "message"]) {
                "" => format!("response.result.status was '{status}', not 'Success'"),
                message => message.to_owned(),
            });
        }
        Ok(response.items_at(["convertedObjects"]).to_vec())
    }
}

/// `group/version, Kind=kind`, as Go prints it.
fn kind_text(object: &Value) -> String {
    let (api_version, kind) = (object.str_at(["apiVersion"]), object.str_at(["kind"]));
    match api_version.contains('/') {
        true => format!("{api_version}, Kind={kind}"),
        false => format!("/{api_version}, Kind={kind}"),
    }
}

fn check_type(original: &Value, converted: &Value, api_version: &str) -> Result<(), String> {
    let got = converted.str_at(["apiVersion"]);
    if got != api_version {
        return Err(format!("invalid groupVersion (expected {api_version}, received {got})"));
    }
    let (expected, got) = (original.str_at(["kind"]), converted.str_at(["kind"]));
    match expected == got {
        true => Ok(()),
        false => Err(format!("invalid kind (expected {expected}, received {got})")),
    }
}

fn check_identity(original: &Value, converted: &Value) -> Result<(), String> {
    for (field, name) in [("name", "name"), ("namespace", "namespace"), ("uid", "UID")] {
        let [was, is] = [original, converted].map(|one| one.str_at(["metadata", field]));
        if was != is {
            return Err(format!("must have the same {name}: {was} != {is}"));
        }
    }
    Ok(())
}

/// The converted object with its original metadata, but for labels and annotations.
fn restore_metadata(original: &Value, mut converted: Value) -> Result<Value, String> {
    let Some(answered) = converted.remove("metadata") else {
        return Err("missing metadata in converted object".to_owned());
    };
    if answered.as_object().is_none() {
        return Err(format!("invalid metadata of type {} in converted object", go_type(&answered)));
    }
    let mut metadata = original.get("metadata").cloned().unwrap_or_else(Value::object);
    for field in ["labels", "annotations"] {
        let Some(new) = answered.get(field).filter(|new| !new.is_null()) else {
            metadata.remove(field);
            continue;
        };
        let Some(map) = new.as_object() else {
            return Err(format!("invalid metadata.{field} of type {} in converted object", go_type(new)));
        };
        if let Some((key, value)) = map.iter().find(|(_, value)| value.as_str().is_none()) {
            let type_name = go_type(value);
            return Err(format!(
                "metadata.{field}[{key}] must be a string, but is {type_name} in converted object"
            ));
        }
        if metadata.get(field) != Some(new) {
            check_map(field, new)?;
        }
        metadata.set(field, new.clone());
    }
    converted.set("metadata", metadata);
    Ok(converted)
}

/// Checks labels or annotations that a webhook has changed.
fn check_map(field: &str, map: &Value) -> Result<(), String> {
    let path = Path::new("metadata");
    let path = path.child(field);
    let pairs = map.as_object().into_iter().flat_map(|map| map.iter());
    let pairs = pairs.filter_map(|(key, value)| Some((key, value.as_str()?)));
    let errors = match field {
        "labels" => meta::names::check_labels(&path, pairs),
        _ => meta::names::check_annotations(&path, pairs),
    };
    let texts: Vec<String> = errors.iter().map(|error| error.message()).collect();
    match texts.len() {
        0 => Ok(()),
        1 => Err(texts.concat()),
        _ => Err(format!("[{}]", texts.join(", "))),
    }
}

/// The Go type of what JSON holds.
fn go_type(value: &Value) -> &'static str {
    match json::to_vec(value).first() {
        Some(b'{') => "map[string]interface {}",
        Some(b'[') => "[]interface {}",
        Some(b'"') => "string",
        Some(b't' | b'f') => "bool",
        Some(b'n') | None => "<nil>",
        Some(_) if value.as_i64().is_some() => "int64",
        Some(_) => "float64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Value {
        json::parse(text.as_bytes()).expect("JSON")
    }

    /// Answers what the test says; `UID` stands for the request's.
    #[derive(Debug)]
    struct Canned(&'static str);

    impl Caller for Canned {
        fn call(&self, _webhook: &Webhook, review: &Value) -> Result<Value, String> {
            assert_eq!(review.str_at(["request", "desiredAPIVersion"]), "g.io/v2");
            Ok(parsed(&self.0.replace("UID", review.str_at(["request", "uid"]))))
        }

        fn new_uid(&self) -> String {
            "u1".to_owned()
        }
    }

    fn convert(answer: &'static str) -> Result<Value, String> {
        let conversion = parsed(
            r#"{"strategy":"Webhook","webhook":{"clientConfig":{"url":"https://x/"},"conversionReviewVersions":["v9","v1"]}}"#,
        );
        let webhook = Webhook::read(&conversion).expect("a webhook");
        let object = parsed(
            r#"{"apiVersion":"g.io/v1","kind":"K","metadata":{"name":"n","uid":"u","labels":{"a":"b"}},"spec":1}"#,
        );
        let converted = webhook.convert(&Canned(answer), &[object], "g.io/v2")?;
        Ok(converted.into_iter().next().expect("an object"))
    }

    macro_rules! answer {
        ($response:literal) => {
            concat!(
                r#"{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","response":"#,
                $response,
                "}"
            )
        };
    }

    #[test]
    fn metadata_stays_but_for_labels_and_annotations() {
        let converted = convert(answer!(
            r#"{"uid":"UID","result":{"status":"Success"},"convertedObjects":[
                {"apiVersion":"g.io/v2","kind":"K","metadata":{"name":"n","uid":"u","labels":{"c":"d"},"generation":7}}]}"#
        ))
        .expect("an object");
        assert_eq!(converted.str_at(["metadata", "labels", "c"]), "d");
        assert!(converted.at(["metadata", "generation"]).is_none());
        assert!(converted.get("spec").is_none());
    }

    #[test]
    fn what_may_not_be_answered_is_refused() {
        for (answer, expected) in [
            (
                r#"{"kind":"X","apiVersion":"v1"}"#,
                "failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /v1, Kind=X",
            ),
            (answer!("null"), "failed: no response provided"),
            (answer!(r#"{"uid":"x"}"#), r#"failed: expected response.uid="u1", got "x""#),
            (answer!(r#"{"uid":"UID"}"#), "failed: response.result.status was '', not 'Success'"),
            (answer!(r#"{"uid":"UID","result":{"status":"Failure","message":"no"}}"#), "failed: no"),
            (answer!(r#"{"uid":"UID","result":{"status":"Success"}}"#), "returned 0 objects, expected 1"),
            (
                answer!(
                    r#"{"uid":"UID","result":{"status":"Success"},"convertedObjects":[{"apiVersion":"g.io/v3","kind":"K"}]}"#
                ),
                "returned invalid object at index 0: invalid groupVersion (expected g.io/v2, received g.io/v3)",
            ),
            (
                answer!(
                    r#"{"uid":"UID","result":{"status":"Success"},"convertedObjects":[{"apiVersion":"g.io/v2","kind":"K","metadata":{"name":"m","uid":"u"}}]}"#
                ),
                "returned invalid object: must have the same name: n != m",
            ),
            (
                answer!(
                    r#"{"uid":"UID","result":{"status":"Success"},"convertedObjects":[{"apiVersion":"g.io/v2","kind":"K","metadata":{"name":"n","uid":"u","labels":{"a":1}}}]}"#
                ),
                "returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object",
            ),
        ] {
            let expected = format!("conversion webhook for g.io/v1, Kind=K {expected}");
            assert_eq!(convert(answer).err(), Some(expected));
        }
    }
}
