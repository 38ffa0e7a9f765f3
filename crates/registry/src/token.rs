//! Continue tokens: where a list that goes on page by page stands (apimachinery's `storage.EncodeContinue`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use object::{Value, json};
use status::{Result, Status};
use storage::Revision;

/// The version of the token's form.
const VERSION: &str = "meta.k8s.io/v1";

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Continue {
    /// The revision that the list shows; nothing to go on with the state of now.
    pub(crate) revision: Option<Revision>,
    /// The key after which it goes on, without the resource's prefix.
    start: String,
}

impl Continue {
    /// The place behind `key` in the state at `revision`.
    pub(crate) fn after(revision: Revision, key: &str, prefix: &str) -> Continue {
        Continue { revision: Some(revision), start: key.strip_prefix(prefix).unwrap_or(key).to_owned() }
    }

    /// The same place in whatever state there is.
    pub(crate) fn without_revision(&self) -> Continue {
        Continue { revision: None, start: self.start.clone() }
    }

    /// The key after which the list goes on.
    pub(crate) fn key(&self, prefix: &str) -> String {
        format!("{prefix}{}", self.start)
    }

    /// The token that a client sends back.
    pub(crate) fn encode(&self) -> String {
        let mut token = Value::object();
        token.set("v", VERSION);
        token.set("rv", self.revision.map_or(-1, |revision| i64::try_from(revision).unwrap_or(i64::MAX)));
        // The original goes on at a key, this one behind a key: the least key behind it is the one it names.
        token.set("start", format!("{}\0", self.start));
        URL_SAFE_NO_PAD.encode(json::to_vec(&token))
    }

    /// Reads a token; 400 for what is none.
    pub(crate) fn decode(token: &str) -> Result<Continue> {
        Continue::read(token).map_err(|why| {
            Status::bad_request(format!("invalid continue token: continue key is not valid: {why}"))
        })
    }

    fn read(token: &str) -> Result<Continue, String> {
        let bytes = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|error| format!("illegal base64 data at input byte {}", go_offset(&error, token)))?;
        let value = json::parse(&bytes).map_err(|error| error.to_string())?;
        let fields = [("v", "string"), ("rv", "int64"), ("start", "string")];
        for (field, wanted) in fields {
            let given = value.get(field).filter(|given| !given.is_null());
            let fits = |given: &Value| {
                if wanted == "int64" { given.as_i64().is_some() } else { given.as_str().is_some() }
            };
            if let Some(given) = given.filter(|given| !fits(given)) {
                let name = given.type_name();
                return Err(format!(
                    "json: cannot unmarshal {name} into Go struct field continueToken.{field} of type {wanted}"
                ));
            }
        }
        let version = value.str_at(["v"]);
        if version != VERSION {
            return Err(format!("server does not recognize this encoded version {version}"));
        }
        let revision = value.get("rv").and_then(Value::as_i64).unwrap_or(0);
        let start = value.str_at(["start"]);
        if revision == 0 {
            return Err(format!("incorrect encoded start resourceVersion (version {VERSION})"));
        }
        if start.is_empty() {
            return Err(format!("encoded start key empty (version {VERSION})"));
        }
        let relative = start.strip_prefix('/').unwrap_or(start);
        if relative.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(start.to_owned());
        }
        Ok(Continue { revision: u64::try_from(revision).ok(), start: before(relative) })
    }
}

/// Where Go's decoder stops.
fn go_offset(error: &base64::DecodeError, token: &str) -> usize {
    match error {
        base64::DecodeError::InvalidByte(offset, _) | base64::DecodeError::InvalidLastSymbol(offset, _) => {
            *offset
        }
        base64::DecodeError::InvalidLength(length) => length.saturating_sub(1),
        base64::DecodeError::InvalidPadding => token.find('=').unwrap_or(token.len()),
    }
}

/// A text behind which `start` is the first that can be a key.
fn before(start: &str) -> String {
    if let Some(last) = start.strip_suffix('\0') {
        return last.to_owned();
    }
    let mut text = start.to_owned();
    if let Some(previous) = text.pop().and_then(|last| ('\0'..last).next_back()) {
        text.push(previous);
        text.push(char::MAX);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_read_back() {
        let place = Continue::after(7, "/registry/pods/a/b", "/registry/pods/");
        assert_eq!(Continue::decode(&place.encode()).ok(), Some(place.clone()));
        assert_eq!(place.key("/registry/pods/"), "/registry/pods/a/b");
        let anew = place.without_revision();
        assert_eq!(Continue::decode(&anew.encode()).ok().map(|token| token.revision), Some(None));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for token in ["%", "e30", "eyJ2IjoieCJ9"] {
            assert_eq!(Continue::decode(token).map_err(|status| status.code), Err(400), "{token}");
        }
    }
}
