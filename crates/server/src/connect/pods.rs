//! Where a pod's containers are: at the kubelet of its node, or at its own address.

use object::Value;
use registry::Lookup;
use status::{Result, Status};

use super::log_options::LogOptions;
use super::target_id::{TargetId, check_address};
use super::{Way, find, nodes, query};
use crate::api::Api;
use crate::proxy::Target;
use crate::url::Query;

/// The streams a pod offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamKind {
    Exec,
    Attach,
    PortForward,
}

impl StreamKind {
    /// The stream of a subresource.
    pub(super) fn of(subresource: &str) -> StreamKind {
        match subresource {
            "exec" => StreamKind::Exec,
            "attach" => StreamKind::Attach,
            _ => StreamKind::PortForward,
        }
    }

    /// The options object, with what the query sets; 400 if it can't be read.
    pub(super) fn options(self, parameters: &Query) -> Result<Value> {
        let mut options = query::options(match self {
            StreamKind::Exec => "PodExecOptions",
            StreamKind::Attach => "PodAttachOptions",
            StreamKind::PortForward => "PodPortForwardOptions",
        });
        if self == StreamKind::PortForward {
            let texts = parameters.all("ports").flat_map(|text| text.split(','));
            let ports = texts.map(port).collect::<Result<Vec<_>>>()?;
            if !ports.is_empty() {
                options.set("ports", ports);
            }
            return Ok(options);
        }
        for name in ["stdin", "stdout", "stderr", "tty"].into_iter().filter(|name| parameters.flag(name)) {
            options.set(name, true);
        }
        if let Some(container) = parameters.get("container").filter(|name| !name.is_empty()) {
            options.set("container", container);
        }
        let command: Vec<Value> = parameters.all("command").map(Value::from).collect();
        if self == StreamKind::Exec {
            options.set("command", command);
        }
        Ok(options)
    }

    /// The kubelet's path to the stream, up to the pod's namespace.
    fn path(self) -> &'static str {
        match self {
            StreamKind::Exec => "exec",
            StreamKind::Attach => "attach",
            StreamKind::PortForward => "portForward",
        }
    }
}

fn port(text: &str) -> Result<Value> {
    text.parse::<u16>().map(|port| i64::from(port).into()).map_err(|error| {
        let why = query::not_a_number("ParseUint", text, &error);
        Status::bad_request(format!("cannot convert to []int32: {why}"))
    })
}

/// Where the kubelet has a pod's stream.
pub(super) fn stream(
    api: &Api,
    (namespace, name): (&str, &str),
    kind: StreamKind,
    options: &Value,
) -> Result<Target> {
    let pod = find(&*api.registry, "pods", namespace, name)?;
    let mut path = format!("/{}/{namespace}/{name}", kind.path());
    if kind != StreamKind::PortForward {
        path = format!("{path}/{}", container(&pod, name, options.str_at(["container"]))?);
    }
    let mut target = kubelet(api, &pod)?
        .ok_or_else(|| Status::bad_request(format!("pod {name} does not have a host assigned")))?;
    target.path = query::target(
        &path,
        Some(&stream_query(options)).filter(|query| !query.is_empty()).map(String::as_str),
    );
    Ok(target)
}

/// The options in the kubelet's words.
fn stream_query(options: &Value) -> String {
    let flags = [("stdin", "input"), ("stdout", "output"), ("stderr", "error"), ("tty", "tty")];
    let set = flags.iter().filter(|(name, _)| options.get(name).and_then(Value::as_bool) == Some(true));
    let mut pairs: Vec<(&str, String)> = set.map(|(_, sent)| (*sent, "1".to_owned())).collect();
    let words = options.items_at(["command"]).iter().filter_map(Value::as_str);
    pairs.extend(words.map(|word| ("command", word.to_owned())));
    let ports = options.items_at(["ports"]).iter().filter_map(Value::as_i64);
    pairs.extend(ports.map(|port| ("port", port.to_string())));
    query::encode(&pairs)
}

/// Where the kubelet has a container's log; nothing if the pod is on no node.
pub(super) fn log(
    api: &Api,
    (namespace, name): (&str, &str),
    options: &LogOptions,
) -> Result<Option<Target>> {
    let pod = find(&*api.registry, "pods", namespace, name)?;
    let container = container(&pod, name, &options.container)?;
    let Some(mut target) = kubelet(api, &pod)? else { return Ok(None) };
    let parameters = query::encode(&options.parameters);
    let path = format!("/containerLogs/{namespace}/{name}/{container}");
    target.path = query::target(&path, Some(parameters.as_str()).filter(|text| !text.is_empty()));
    Ok(Some(target))
}

/// The kubelet of the pod's node, if it is on one. A node that is not there is a pod that is not there.
fn kubelet(api: &Api, pod: &Value) -> Result<Option<Target>> {
    match pod.str_at(["spec", "nodeName"]) {
        "" => Ok(None),
        node => match nodes::kubelet(api, node) {
            Err(gone) if gone.code == 404 => Err(Status::not_found("", "pods", node)),
            found => found.map(Some),
        },
    }
}

/// The container that is named, or the only one.
fn container(pod: &Value, pod_name: &str, asked: &str) -> Result<String> {
    let names = |field: &'static str| {
        pod.items_at(["spec", field]).iter().map(|container| container.str_at(["name"]))
    };
    let mut all = names("initContainers").chain(names("containers")).chain(names("ephemeralContainers"));
    let containers: Vec<&str> = names("containers").collect();
    let why = match (asked, containers.as_slice()) {
        ("", [one]) => return Ok((*one).to_owned()),
        ("", []) => format!("a container name must be specified for pod {pod_name}"),
        ("", _) => {
            let choices: Vec<&str> = all.collect();
            format!(
                "a container name must be specified for pod {pod_name}, choose one of: [{}]",
                choices.join(" ")
            )
        }
        (asked, _) if all.any(|name| name == asked) => return Ok(asked.to_owned()),
        (asked, _) => format!("container {asked} is not valid for pod {pod_name}"),
    };
    Err(Status::bad_request(why))
}

/// Where a request to `id` is proxied: to the pod's address, at the port asked for or its first one.
pub(super) fn proxy(lookup: &dyn Lookup, namespace: &str, id: &str) -> Result<Way> {
    let id = TargetId::parse(id, "pod")?;
    let pod = find(lookup, "pods", namespace, id.name)?;
    let address = match pod.items_at(["status", "podIPs"]).first() {
        Some(first) => first.str_at(["ip"]),
        None => pod.str_at(["status", "podIP"]),
    };
    check_address(address)?;
    let first_port = || {
        let mut ports = pod.items_at(["spec", "containers"]).iter().flat_map(|one| one.items_at(["ports"]));
        ports.next()?.get("containerPort")?.as_i64().map(|port| port.to_string())
    };
    let port = match id.port {
        "" => first_port().unwrap_or_default(),
        port => port.to_owned(),
    };
    let target =
        Target { secure: id.secure(), host: address.to_owned(), port, name: None, path: String::new() };
    Ok(Way { target, kubelet: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(text: &str) -> Value {
        object::json::parse(text.as_bytes()).expect("JSON")
    }

    #[test]
    fn containers_are_chosen() {
        let one = pod(r#"{"spec":{"containers":[{"name":"c"}]}}"#);
        let two =
            pod(r#"{"spec":{"initContainers":[{"name":"i"}],"containers":[{"name":"c"},{"name":"d"}]}}"#);
        for (pod, asked, expected) in [
            (&one, "", Ok("c")),
            (&two, "i", Ok("i")),
            (&two, "", Err("a container name must be specified for pod p, choose one of: [i c d]")),
            (&two, "z", Err("container z is not valid for pod p")),
        ] {
            let found = container(pod, "p", asked).map_err(|status| status.message);
            assert_eq!(found.as_deref().map_err(String::as_str), expected);
        }
    }

    #[test]
    fn options_are_told_to_the_kubelet() {
        let options =
            StreamKind::Exec.options(&Query::parse("command=sh&command=-c&stdin=1&tty=false&stdout=true"));
        assert_eq!(stream_query(&options.expect("options")), "command=sh&command=-c&input=1&output=1");
        let options = StreamKind::PortForward.options(&Query::parse("ports=80&ports=81"));
        assert_eq!(stream_query(&options.expect("options")), "port=80&port=81");
        assert!(StreamKind::PortForward.options(&Query::parse("ports=x")).is_err());
    }
}
