//! A request's body, read whole and within its limit.

use crate::exchange::Payload;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use status::{Result, Status};

use crate::settings::MAX_BODY;

/// Reads the body; 413 if it is longer than bodies may be.
pub async fn read(body: &mut Payload) -> Result<Bytes> {
    let Some(body) = body else { return Ok(Bytes::new()) };
    let mut whole = BytesMut::new();
    let mut first = Bytes::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Status::bad_request(format!("the body can't be read: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + first.len() + data.len() > MAX_BODY {
            return Err(Status::request_entity_too_large(format_args!("limit is {MAX_BODY}")));
        }
        if whole.is_empty() && first.is_empty() {
            first = data;
            continue;
        }
        if !first.is_empty() {
            whole.extend_from_slice(&std::mem::take(&mut first));
        }
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}
