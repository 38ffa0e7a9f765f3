//! Requests on resources: from HTTP to the registry and back.

mod delete_options;
mod options;
mod plain_list;
mod read_body;
mod render;
mod shape;
mod watch;

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use registry::{Body, BodyFormat, ListOptions, PatchType, Request, Response, Verb};
use status::{Result, Status};

use shape::Shaper;

use crate::api::Api;
use crate::connect;
use crate::exchange::{Exchange, Payload};
use crate::negotiate::{self, Format, Output, Shapes};
use crate::respond::{self, Answer};
use crate::route::Routed;

/// The answer to a request on the resource it was routed to.
pub async fn answer(api: &Arc<Api>, exchange: &mut Exchange, routed: Routed, body: &mut Payload) -> Answer {
    let Some(verb) = routed.verb else {
        return connect::answer(api, exchange, &routed, body).await;
    };
    let request = request(exchange, &routed, verb);
    let shapes = if request.columns().is_some() { Shapes::Objects } else { Shapes::Metadata };
    let accept = exchange.view().accept.map(str::to_owned);
    let output = match routed.resource.custom {
        true => negotiate::negotiate_custom(accept.as_deref(), shapes),
        false => negotiate::negotiate(accept.as_deref(), Format::ALL, shapes),
    };
    let Some(output) = output else {
        return respond::status(&Status::not_acceptable(negotiate::OBJECT_TYPES), &exchange.view());
    };
    if verb == Verb::Watch && !negotiate::can_stream(&output) {
        return respond::status(&Status::not_acceptable(negotiate::STREAM_TYPES), &exchange.view());
    }
    if let Some(deprecation) = &routed.resource.deprecation {
        exchange.warnings.add(deprecation.as_str());
    }
    let answered = run(api, exchange, &request, routed.patch, body, &output).await;
    match answered {
        Ok(answer) => answer,
        Err(refusal) => respond::status(&refusal, &exchange.view()),
    }
}

/// The request as the registry sees it.
fn request(exchange: &Exchange, routed: &Routed, verb: Verb) -> Request {
    let info = &exchange.info;
    Request {
        verb,
        resource: Arc::clone(&routed.resource),
        subresource: routed.subresource.clone(),
        namespace: if routed.resource.namespaced { info.namespace.as_str().into() } else { "".into() },
        name: if info.named { info.name.as_str().into() } else { "".into() },
        user: Arc::clone(&exchange.user),
        user_agent: exchange.header(http::header::USER_AGENT).unwrap_or("").into(),
    }
}

/// 400 for a name that can't be part of a key.
fn check_name(name: &str) -> Result<()> {
    let messages = meta::names::path_segment_name(name);
    if messages.is_empty() {
        return Ok(());
    }
    let why = messages.join(";");
    Err(Status::bad_request(format!("Name parameter invalid: {}: {why}", status::go_quote(name))))
}

async fn run(
    api: &Arc<Api>,
    exchange: &mut Exchange,
    request: &Request,
    patch: Option<PatchType>,
    body: &mut Payload,
    output: &Output,
) -> Result<Answer> {
    check_name(&request.name)?;
    let registry = &api.registry;
    let response = match request.verb {
        Verb::Get => registry.get(request, exchange.query.get("resourceVersion").unwrap_or("")).await?,
        Verb::List => registry.list(request, &options::list(&exchange.query)?).await?,
        Verb::Watch => {
            let options = watch_options(exchange)?;
            return watch::answer(api, request, &options, output.format, || {
                shaper(exchange, request, output)
            })
            .await;
        }
        Verb::Create => {
            let options = options::write(&exchange.query, "CreateOptions")?;
            let body = typed_body(exchange, body).await?;
            registry.create(request, &body, &options, &mut exchange.warnings).await?
        }
        Verb::Update => {
            let options = options::write(&exchange.query, "UpdateOptions")?;
            let body = typed_body(exchange, body).await?;
            registry.update(request, &body, &options, &mut exchange.warnings).await?
        }
        Verb::Patch => {
            let Some(patch) = patch else { return Err(Status::route_unsupported_media_type()) };
            let options = options::patch(&exchange.query, patch)?;
            let bytes = read_body::read(body).await?;
            let body = Body { bytes, format: BodyFormat::Json };
            registry.patch(request, patch, &body, &options, &mut exchange.warnings).await?
        }
        Verb::Delete => {
            let options = delete_options::read(exchange, body).await?;
            registry.delete(request, &options, &mut exchange.warnings).await?
        }
        Verb::DeleteCollection => {
            let list = options::list(&exchange.query)?;
            let options = delete_options::read(exchange, body).await?;
            registry.delete_collection(request, &list, &options, &mut exchange.warnings).await?
        }
    };
    show(api, exchange, request, response, output).await
}

fn shaper(exchange: &Exchange, request: &Request, output: &Output) -> Result<Shaper> {
    Shaper::new(request, output, exchange.query.get("includeObject").unwrap_or(""))
}

/// The options of a watch. The older paths (`/api/v1/watch/...`) take those of a list, and may name one object.
fn watch_options(exchange: &Exchange) -> Result<ListOptions> {
    let (info, query) = (&exchange.info, &exchange.query);
    let older = info.special_verb && !query.flag("watch");
    let mut options = if older { options::list(query)? } else { options::watch(query)? };
    if info.special_verb && info.named {
        options::select_name(&mut options, &info.name)?;
    }
    Ok(options)
}

/// Reads a body that is an object; 415 if it is of no known type.
async fn typed_body(exchange: &Exchange, body: &mut Payload) -> Result<Body> {
    let format = negotiate::body_format(exchange.header(CONTENT_TYPE))
        .ok_or_else(|| Status::unsupported_media_type(negotiate::OBJECT_TYPES))?;
    Ok(Body { bytes: read_body::read(body).await?, format })
}

/// The answer in the form that was asked for.
async fn show(
    api: &Api,
    exchange: &Exchange,
    request: &Request,
    response: Response,
    output: &Output,
) -> Result<Answer> {
    let view = exchange.view();
    let pretty = view.pretty || output.pretty;
    let now = api.registry.clock().now();
    Ok(match response {
        Response::Status(status) => respond::status(&status, &view),
        Response::Object { code, object } => {
            let json = shaper(exchange, request, output)?.object(object.json, now)?;
            respond::raw(code, render::content_type(output), respond::encode(json, output.format, pretty))
        }
        Response::List { resource, meta, items } => {
            let shaper = shaper(exchange, request, output)?;
            render::list(shaper, resource, meta, items, output, pretty, now).await?
        }
    })
}
