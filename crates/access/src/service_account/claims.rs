//! What a service account token says: the registered claims (RFC 7519) and `kubernetes.io`.

use object::{Map, Value};

use crate::authentication::intersect;
use crate::rbac::go_list;
use crate::users;

/// How far clocks may differ, in seconds.
pub(super) const LEEWAY: i64 = 60;

/// The name and uid of an object a token is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) name: String,
    pub(super) uid: String,
}

impl Reference {
    fn read(value: &Value) -> Reference {
        Reference { name: value.str_at(["name"]).to_owned(), uid: value.str_at(["uid"]).to_owned() }
    }

    /// To an object.
    pub(super) fn to(object: &Value) -> Reference {
        let text = |field| object.str_at(["metadata", field]).to_owned();
        Reference { name: text("name"), uid: text("uid") }
    }

    fn write(&self) -> Value {
        let fields = [("name", &self.name), ("uid", &self.uid)];
        let given = fields.into_iter().filter(|(_, text)| !text.is_empty());
        Value::Object(given.map(|(key, text)| (key, text.as_str())).collect::<Map>())
    }
}

/// The claims. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) audiences: Vec<String>,
    pub(super) id: String,
    pub(super) expiry: Option<i64>,
    pub(super) not_before: Option<i64>,
    pub(super) issued_at: Option<i64>,
    pub(super) namespace: String,
    pub(super) account: Reference,
    pub(super) pod: Option<Reference>,
    pub(super) secret: Option<Reference>,
    pub(super) node: Option<Reference>,
    pub(super) warn_after: Option<i64>,
}

/// `aud` is a text or a list of texts.
pub(super) fn audiences(claims: &Value) -> Vec<String> {
    match claims.get("aud") {
        Some(Value::String(one)) => vec![one.to_string()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Which of the audiences asked for a token is good for; one that names none is for the server's own. The error is shown
/// to those who ask about the token.
pub(super) fn good_for(
    claimed: &[String],
    servers: &[String],
    asked: &[String],
) -> Result<Vec<String>, String> {
    let own = if claimed.is_empty() { servers } else { claimed };
    let good = intersect(own, asked);
    if good.is_empty() && !servers.is_empty() {
        let (own, asked) = (go_list(own), go_list(asked));
        return Err(format!("token audiences {own} is invalid for the target audiences {asked}"));
    }
    Ok(good)
}

/// A NumericDate, in whole seconds.
fn seconds(value: &Value, claim: &str) -> Option<i64> {
    // A float beyond the integers saturates, as far away as makes no difference.
    value.get(claim)?.as_f64().map(|number| number as i64)
}

impl Claims {
    pub(super) fn read(value: &Value) -> Claims {
        let text = |claim| value.str_at([claim]).to_owned();
        let kubernetes = value.get("kubernetes.io").cloned().unwrap_or_default();
        let reference = |field| kubernetes.get(field).filter(|v| !v.is_null()).map(Reference::read);
        Claims {
            issuer: text("iss"),
            subject: text("sub"),
            audiences: audiences(value),
            id: text("jti"),
            expiry: seconds(value, "exp"),
            not_before: seconds(value, "nbf"),
            issued_at: seconds(value, "iat"),
            namespace: kubernetes.str_at(["namespace"]).to_owned(),
            account: reference("serviceaccount").unwrap_or_default(),
            pod: reference("pod"),
            secret: reference("secret"),
            node: reference("node"),
            warn_after: seconds(&kubernetes, "warnafter"),
        }
    }

    pub(super) fn write(&self) -> Value {
        let mut kubernetes = Value::object();
        kubernetes.set("namespace", self.namespace.as_str());
        kubernetes.set("serviceaccount", self.account.write());
        for (field, reference) in [("pod", &self.pod), ("secret", &self.secret), ("node", &self.node)] {
            if let Some(reference) = reference {
                kubernetes.set(field, reference.write());
            }
        }
        if let Some(time) = self.warn_after {
            kubernetes.set("warnafter", time);
        }
        let mut claims = Value::object();
        for (claim, text) in [("iss", &self.issuer), ("sub", &self.subject), ("jti", &self.id)] {
            claims.set(claim, text.as_str());
        }
        let audiences = self.audiences.iter().map(|audience| Value::from(audience.as_str()));
        claims.set("aud", audiences.collect::<Vec<_>>());
        for (claim, time) in [("exp", self.expiry), ("nbf", self.not_before), ("iat", self.issued_at)] {
            if let Some(time) = time {
                claims.set(claim, time);
            }
        }
        claims.set("kubernetes.io", kubernetes);
        claims
    }

    /// What is wrong with the token at `now`.
    pub(super) fn check_time(&self, now: i64) -> Result<(), &'static str> {
        let later = now.saturating_add(LEEWAY);
        if self.not_before.is_some_and(|time| later < time) {
            return Err("service account token is not valid yet");
        }
        if self.expiry.is_some_and(|time| now.saturating_sub(LEEWAY) > time) {
            return Err("service account token has expired");
        }
        if self.issued_at.is_some_and(|time| later < time) {
            return Err(
                "service account token claims could not be validated due to unexpected validation error",
            );
        }
        Ok(())
    }

    /// The extra attributes of the user the token makes, by key.
    pub(super) fn extra(&self) -> Vec<(String, Vec<String>)> {
        let mut extra = Vec::new();
        let mut add = |key: &str, value: &str| extra.push((key.to_owned(), vec![value.to_owned()]));
        if !self.id.is_empty() {
            add(users::CREDENTIAL_ID, &format!("JTI={}", self.id));
        }
        if let Some(node) = self.node.as_ref().filter(|node| !node.name.is_empty()) {
            add(users::NODE_NAME, &node.name);
            if !node.uid.is_empty() {
                add(users::NODE_UID, &node.uid);
            }
        }
        if let Some(pod) = self.pod.as_ref().filter(|pod| !pod.name.is_empty() && !pod.uid.is_empty()) {
            add(users::POD_NAME, &pod.name);
            add(users::POD_UID, &pod.uid);
        }
        extra
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Claims {
        let reference = |name: &str| Reference { name: name.to_owned(), uid: format!("{name}-uid") };
        Claims {
            issuer: "i".to_owned(),
            subject: "system:serviceaccount:ns:s".to_owned(),
            audiences: vec!["a".to_owned(), "b".to_owned()],
            id: "j".to_owned(),
            expiry: Some(1000),
            not_before: Some(500),
            issued_at: Some(500),
            namespace: "ns".to_owned(),
            account: reference("s"),
            pod: Some(reference("p")),
            secret: None,
            node: Some(Reference { name: "n".to_owned(), uid: String::new() }),
            warn_after: Some(700),
        }
    }

    #[test]
    fn claims_read_back() {
        assert_eq!(Claims::read(&example().write()), example());
        let one = crate::testing::parse(r#"{"aud":"x","exp":12.7}"#);
        assert_eq!(
            (Claims::read(&one).audiences, Claims::read(&one).expiry),
            (vec!["x".to_owned()], Some(12))
        );
    }

    #[test]
    fn times_have_a_minute_of_leeway() {
        for (now, good) in [(439, false), (440, true), (1060, true), (1061, false)] {
            assert_eq!(example().check_time(now).is_ok(), good, "{now}");
        }
    }

    #[test]
    fn bound_objects_become_extra_attributes() {
        let keys: Vec<String> = example().extra().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, [users::CREDENTIAL_ID, users::NODE_NAME, users::POD_NAME, users::POD_UID]);
    }
}
