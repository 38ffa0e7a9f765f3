//! Image references, as far as the pull policy needs them (the grammar of the distribution project's `reference`).

/// The tag of an image: `latest` where a well-formed reference has neither tag nor digest; nothing where it has a
/// digest alone or is malformed.
pub(super) fn tag(image: &str) -> Option<&str> {
    if image.len() == 64 && image.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) if is_digest(digest) => (rest, true),
        Some(_) => return None,
        None => (image, false),
    };
    let (name, tag) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    if !is_name(name) || tag.is_some_and(|tag| !is_tag(tag)) {
        return None;
    }
    match (tag, digest) {
        (Some(tag), _) => Some(tag),
        (None, true) => None,
        (None, false) => Some("latest"),
    }
}

/// The pull policy of an image that names none.
pub(super) fn pull_policy(image: &str) -> &'static str {
    if tag(image) == Some("latest") { "Always" } else { "IfNotPresent" }
}

fn is_name(name: &str) -> bool {
    const MAX_LENGTH: usize = 255;
    let (domain, path) = match name.split_once('/') {
        Some((first, rest)) if is_host(first) => (Some(first), rest),
        _ => (None, name),
    };
    let implied = if domain.is_none() && !name.contains('/') { "library/".len() } else { 0 };
    path.len() + implied <= MAX_LENGTH
        && domain.is_none_or(is_domain)
        && !path.is_empty()
        && path.split('/').all(is_path_component)
}

/// Whether the part before the first slash is a registry's host rather than the first part of a path.
fn is_host(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost" || part.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_domain(domain: &str) -> bool {
    if let Some(rest) = domain.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        return !address.is_empty()
            && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
            && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = match domain.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (domain, None),
    };
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    port.is_none_or(is_port) && host.split('.').all(label)
}

fn is_port(port: &str) -> bool {
    !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lower-case letters and digits, separated by one dot, one or two underscores, or dashes.
fn is_path_component(component: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut words =
        component.split(|c: char| c.is_ascii() && alphanumeric(c as u8)).filter(|gap| !gap.is_empty());
    let separated = words.all(|gap| matches!(gap, "." | "_" | "__") || gap.bytes().all(|byte| byte == b'-'));
    let edges = |byte: Option<u8>| byte.is_some_and(alphanumeric);
    separated && edges(component.bytes().next()) && edges(component.bytes().next_back())
}

fn is_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= 128
        && tag.bytes().next().is_some_and(word)
        && tag.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    const LENGTHS: &[(&str, usize)] = &[("sha256", 64), ("sha384", 96), ("sha512", 128)];
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    LENGTHS.iter().any(|(known, length)| {
        *known == algorithm
            && hex.len() == *length
            && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_images() {
        let digest = format!("nginx@sha256:{}", "a".repeat(64));
        let both = format!("nginx:1@sha256:{}", "a".repeat(64));
        let cases = [
            ("nginx", Some("latest")),
            ("nginx:latest", Some("latest")),
            ("nginx:1.2", Some("1.2")),
            ("r.io/a/b", Some("latest")),
            ("r.io:5000/a", Some("latest")),
            ("[::1]:5000/a:x", Some("x")),
            ("a__b/c-d", Some("latest")),
            ("Nginx", None),
            ("a..b", None),
            ("nginx:", None),
            ("", None),
            (&digest, None),
            (&both, Some("1")),
        ];
        for (image, expected) in cases {
            assert_eq!(tag(image), expected, "{image}");
        }
    }
}
