//! Requests on resources: from HTTP to the registry and back.

use std::sync::Arc;

use hyper::body::Incoming;
use status::Status;

use crate::api::Api;
use crate::exchange::Exchange;
use crate::respond::{self, Answer};
use crate::route::Routed;

/// The answer to a request on the resource it was routed to.
pub async fn answer(
    _api: &Arc<Api>,
    exchange: &mut Exchange,
    routed: Routed,
    _body: &mut Incoming,
) -> Answer {
    let refusal = Status::service_unavailable(format!("{} can't be served yet", routed.resource.resource));
    respond::status(&refusal, &exchange.view())
}
