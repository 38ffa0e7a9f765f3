//! Bodies in protobuf: the envelope says what they are, the type's message what is in them.

use object::Value;
use schema::protobuf::{Envelope, MAGIC, Message};
use status::{Result, Status};

use crate::Resources;
use crate::decode::{Expected, check_kind, summary};

/// Decodes a document to a normalised object with `kind` and `apiVersion` set. Strict decoding finds nothing in it.
pub(crate) fn decode(bytes: &[u8], expected: &Expected<'_>, resources: &Resources) -> Result<Value> {
    let document = match bytes.strip_prefix(MAGIC) {
        _ if bytes.is_empty() => return Err(not_protobuf(bytes, expected, "empty data")),
        None => {
            let why = format!(
                "provided data does not appear to be a protobuf message, expected prefix [{}]",
                MAGIC.iter().map(u8::to_string).collect::<Vec<_>>().join(" ")
            );
            return Err(not_protobuf(bytes, expected, why));
        }
        Some([]) => return Err(not_protobuf(bytes, expected, "empty body")),
        Some(document) => document,
    };
    let envelope = Envelope::read(document).map_err(|error| not_protobuf(bytes, expected, error))?;
    let mut given = Value::object();
    given.set("apiVersion", envelope.api_version.as_str());
    given.set("kind", envelope.kind.as_str());
    check_kind(&mut given, expected, resources, bytes)?;
    let refuse = |why: String| expected.refuse(expected.kind, expected.version, why);
    let message = Message::of(expected.ty.get()).filter(|_| !expected.resource.custom).ok_or_else(|| {
        refuse(
            "object *unstructured.Unstructured does not implement the protobuf marshalling interface and cannot be \
             encoded to a protobuf message"
                .to_owned(),
        )
    })?;
    let mut object = message.decode(envelope.message).map_err(|error| refuse(error.to_string()))?;
    for field in ["kind", "apiVersion"] {
        object.set(field, given.str_at([field]));
    }
    Ok(object)
}

/// 400 for what is no protobuf document.
fn not_protobuf(bytes: &[u8], expected: &Expected<'_>, why: impl std::fmt::Display) -> Box<Status> {
    Status::bad_request(format!(
        "the object provided is unrecognized (must be of type {}): {why} ({})",
        expected.kind,
        summary(bytes)
    ))
}
