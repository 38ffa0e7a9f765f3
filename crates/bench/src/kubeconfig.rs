//! Reads what a kubeconfig's current context says.

use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use object::{Value, yaml};

use crate::Target;
use crate::target::Identity;

/// The server and the user of the current context of a kubeconfig file.
pub(crate) fn read(path: &Path) -> io::Result<Target> {
    let wrong = |what: &str| io::Error::other(format!("{}: {what}", path.display()));
    let text = std::fs::read(path).map_err(|error| wrong(&error.to_string()))?;
    let config = yaml::parse(&text).map_err(|error| wrong(&error.to_string()))?;
    let context = named(&config, "contexts", config.str_at(["current-context"]), "context")
        .ok_or_else(|| wrong("there is no current context"))?;
    let cluster = named(&config, "clusters", context.str_at(["cluster"]), "cluster")
        .ok_or_else(|| wrong("there is no cluster for the current context"))?;
    let user = named(&config, "users", context.str_at(["user"]), "user");
    let directory = path.parent().unwrap_or(Path::new(""));
    let file = |object: &Value, name: &str| data(object, name, directory);
    let authority = file(cluster, "certificate-authority")?;
    let (mut identity, mut token) = (None, None);
    if let Some(user) = user {
        let (certificate, key) = (file(user, "client-certificate")?, file(user, "client-key")?);
        identity = certificate.zip(key).map(|(certificate, key)| Identity { certificate, key });
        token = Some(user.str_at(["token"]).to_owned()).filter(|token| !token.is_empty());
    }
    Target::new(cluster.str_at(["server"]), authority.as_deref(), identity, token)
}

/// The element of a list of `{name, WHAT}` that has this name.
fn named<'a>(config: &'a Value, list: &str, name: &str, what: &str) -> Option<&'a Value> {
    config.items_at([list]).iter().find(|item| item.str_at(["name"]) == name)?.get(what)
}

/// What is given inline as `NAME-data`, or in the file that `NAME` names.
fn data(object: &Value, name: &str, directory: &Path) -> io::Result<Option<Vec<u8>>> {
    let inline = object.str_at([format!("{name}-data").as_str()]);
    if !inline.is_empty() {
        return STANDARD.decode(inline).map(Some).map_err(io::Error::other);
    }
    match object.str_at([name]) {
        "" => Ok(None),
        file => std::fs::read(directory.join(file)).map(Some),
    }
}
