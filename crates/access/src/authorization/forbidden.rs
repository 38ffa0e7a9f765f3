//! The 403 of what authorization refuses.

use status::{Status, go_quote};

use super::Attributes;

/// 403: who can't do what to what, and why if there is a reason.
pub fn forbidden(attributes: &Attributes<'_>, reason: &str) -> Box<Status> {
    let mut why = refusal(attributes);
    if !reason.is_empty() {
        why.push_str(": ");
        why.push_str(reason);
    }
    if attributes.resource_request {
        Status::forbidden(attributes.group, attributes.resource, attributes.name, why)
    } else {
        Status::forbidden("", "", "", why)
    }
}

fn refusal(attributes: &Attributes<'_>) -> String {
    let (user, verb) = (go_quote(&attributes.user.name), attributes.verb);
    if !attributes.resource_request {
        return format!("User {user} cannot {verb} path {}", go_quote(attributes.path));
    }
    let resource = match attributes.subresource {
        "" => go_quote(attributes.resource),
        subresource => go_quote(&format!("{}/{subresource}", attributes.resource)),
    };
    let place = match attributes.namespace {
        "" => "at the cluster scope".to_owned(),
        namespace => format!("in the namespace {}", go_quote(namespace)),
    };
    format!(
        "User {user} cannot {verb} resource {resource} in API group {} {place}",
        go_quote(attributes.group)
    )
}

#[cfg(test)]
mod tests {
    use registry::User;

    use super::*;

    #[test]
    fn says_who_can_not_do_what() {
        let user = User { name: "bob".to_owned(), ..User::default() };
        let pods = Attributes { namespace: "x", ..Attributes::resource(&user, "list", "", "pods") };
        let scale = Attributes {
            subresource: "scale",
            name: "d",
            ..Attributes::resource(&user, "get", "apps", "deployments")
        };
        for (attributes, reason, message) in [
            (
                pods,
                "",
                r#"pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "x""#,
            ),
            (
                scale,
                "no",
                r#"deployments.apps "d" is forbidden: User "bob" cannot get resource "deployments/scale" in API group "apps" at the cluster scope: no"#,
            ),
            (
                Attributes::path(&user, "get", "/metrics"),
                "",
                r#"forbidden: User "bob" cannot get path "/metrics""#,
            ),
        ] {
            let status = forbidden(&attributes, reason);
            assert_eq!((status.message.as_str(), status.code), (message, 403));
        }
    }
}
