//! Who am I, and whose token is this: SelfSubjectReview and TokenReview.

use object::{Map, Value};
use registry::User;
use status::{Result, Status};

use super::{AUTHENTICATION, Reviews};

impl Reviews {
    /// Answers a SelfSubjectReview of `user`: a new object, whatever was asked.
    pub fn self_subject(&self, user: &User) -> Value {
        let mut answer = Value::object();
        answer.set("apiVersion", format!("{AUTHENTICATION}/v1"));
        answer.set("kind", "SelfSubjectReview");
        answer.object_at("metadata").insert("creationTimestamp", self.clock.now().to_string());
        answer.object_at("status").insert("userInfo", user_info(user));
        answer
    }

    /// Answers a TokenReview. A wrong token is an answer, too.
    pub async fn token(&self, mut review: Value) -> Result<Value> {
        let namespace = review.str_at(["metadata", "namespace"]);
        if !namespace.is_empty() {
            return Err(Status::bad_request(format!("namespace is not allowed on this type: {namespace}")));
        }
        let token = review.str_at(["spec", "token"]);
        if token.is_empty() {
            return Err(Status::bad_request("token is required for TokenReview in authentication"));
        }
        let asked = review.items_at(["spec", "audiences"]).iter().filter_map(Value::as_str);
        let mut audiences: Vec<String> = asked.map(str::to_owned).collect();
        if audiences.is_empty() {
            audiences = self.tokens.audiences().to_vec();
        }
        let mut status = Value::object();
        match self.tokens.authenticate(token, &audiences).await {
            Ok(found) => {
                status.set("authenticated", true);
                status.set("user", user_info(&found.user));
                status.set("audiences", list(&found.audiences));
            }
            Err(error) => {
                status.set("user", Value::object());
                status.set("error", error);
            }
        }
        review.set("status", status);
        Ok(review)
    }
}

fn list(items: &[String]) -> Value {
    Value::Array(items.iter().map(|item| Value::from(item.as_str())).collect())
}

/// A user as a UserInfo.
pub(super) fn user_info(user: &User) -> Value {
    let mut info = Value::object();
    for (field, text) in [("username", &user.name), ("uid", &user.uid)] {
        if !text.is_empty() {
            info.set(field, text.as_str());
        }
    }
    if !user.groups.is_empty() {
        info.set("groups", list(&user.groups));
    }
    if !user.extra.is_empty() {
        let extra = user.extra.iter().map(|(key, values)| (key.as_str(), list(values)));
        info.set("extra", extra.collect::<Map>());
    }
    info
}
