//! What aggregated API servers are told of who is to be believed: the ConfigMap
//! `kube-system/extension-apiserver-authentication`.

use std::fs;
use std::io;

use object::{Value, json};

use crate::access::FrontProxyOptions;
use crate::options::Options;
use crate::pki::{FRONT_PROXY_NAME, Pki};

/// The keys and values of the ConfigMap; none if there is nothing to tell.
///
/// # Errors
/// If certificates can't be read.
pub fn published(options: &Options, pki: &Pki) -> io::Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    if options.own_front_proxy {
        pairs.push(("client-ca-file".to_owned(), pki.authority()?));
    } else if let Some(path) = &options.access.client_authority {
        pairs.push(("client-ca-file".to_owned(), fs::read_to_string(path)?));
    }
    match &options.access.front_proxy {
        Some(proxy) => add(&mut pairs, proxy, fs::read_to_string(&proxy.authority)?),
        None if options.own_front_proxy => {
            let (_, _, authority) = pki.front_proxy()?;
            add(&mut pairs, &own(), authority);
        }
        None => {}
    }
    Ok(pairs)
}

/// What [`Pki::front_proxy`] and the headers of this server need.
fn own() -> FrontProxyOptions {
    let list = |text: &str| vec![text.to_owned()];
    FrontProxyOptions {
        allowed_names: list(FRONT_PROXY_NAME),
        username_headers: list("X-Remote-User"),
        uid_headers: list("X-Remote-Uid"),
        group_headers: list("X-Remote-Group"),
        extra_prefixes: list("X-Remote-Extra-"),
        ..FrontProxyOptions::default()
    }
}

fn add(pairs: &mut Vec<(String, String)>, proxy: &FrontProxyOptions, authority: String) {
    let lists = [
        ("requestheader-allowed-names", &proxy.allowed_names),
        ("requestheader-extra-headers-prefix", &proxy.extra_prefixes),
        ("requestheader-group-headers", &proxy.group_headers),
        ("requestheader-uid-headers", &proxy.uid_headers),
        ("requestheader-username-headers", &proxy.username_headers),
    ];
    pairs.push(("requestheader-client-ca-file".to_owned(), authority));
    for (key, list) in lists {
        let list: Vec<Value> = list.iter().map(|text| text.as_str().into()).collect();
        let text = String::from_utf8_lossy(&json::to_vec(&Value::Array(list))).into_owned();
        pairs.push((key.to_owned(), text));
    }
}
