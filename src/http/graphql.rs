//! GraphQL over HTTP: JSON by POST, one operation a request, answered as JSON or as a stream of events.

use std::future::ready;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::response::IntoResponse;
use guard::Refusal;

use super::App;
use super::authenticate::{enter, identify, token};
use super::operation::{self, Operation, RequestBody, new_request_id};
use super::problem::Problem;
use super::{sse, websocket};
use crate::auth::Bearer;
use crate::domain::access::Access;
use crate::graphql::{Live, Reply};

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream";

/// In which form the caller wants the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Refused documents have a status of their own.
    GraphqlResponse,
    /// The older form: what was a well-formed request is answered with 200.
    Json,
    /// GraphQL over SSE.
    Events,
}

/// What a path answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    /// Whatever the caller takes.
    Graph,
    /// Streams of events alone.
    Stream,
}

/// Runs one operation, or opens a socket for many.
pub async fn endpoint(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    run(&app, request, Path::Graph).await
}

/// Runs one operation and answers with a stream of events.
pub async fn stream_endpoint(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    run(&app, request, Path::Stream).await
}

async fn run(app: &Arc<App>, request: Request, path: Path) -> Response<Body> {
    let request_id = new_request_id();
    let mut response = match answer(app, request, path, &request_id).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    };
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

async fn answer(
    app: &Arc<App>,
    request: Request,
    path: Path,
    request_id: &str,
) -> Result<Response<Body>, Problem> {
    if path == Path::Graph && websocket::is_upgrade(&request) {
        return websocket::upgrade(app, request);
    }
    require_method(request.method())?;
    let form = accepted(request.headers(), path)?;
    require_json(request.headers())?;
    let headers = request.headers().clone();
    let bearer = identify(app, token(&headers))?;
    let access = enter(app, bearer).await?;
    let body = read(request).await?;
    let body = RequestBody::parse(&body)?;
    if form == Form::Events {
        let operation = body.check(&app.limits, request_id.to_owned());
        return stream(app, (bearer, access), operation, sse::last_event_id(&headers)).await;
    }
    let operation = match body.check(&app.limits, request_id.to_owned()) {
        Ok(operation) => operation,
        Err(refusal) => return Ok(refused(&refusal, form)),
    };
    let reply = app.engine.execute(access, operation.request).await;
    let status = match (form, reply.ok) {
        (Form::GraphqlResponse, false) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    Ok(respond(status, form, reply.json))
}

/// Starts an operation and answers with the events that come of it. What is wrong with a document is told in an event, as
/// GraphQL over SSE wants it: clients would ask again after a status.
async fn stream(
    app: &Arc<App>,
    (bearer, access): (Bearer, Access),
    operation: Result<Operation, Refusal>,
    resume_after: Option<String>,
) -> Result<Response<Body>, Problem> {
    let live = match operation {
        Ok(operation) => operation::open(app, ready(Ok(access)), operation, resume_after).await?,
        Err(refusal) => Live::Once(Reply { json: Problem::of(&refusal).json(), ok: false }),
    };
    Ok(sse::respond(app, bearer, live))
}

fn require_method(method: &Method) -> Result<(), Problem> {
    if method == Method::POST {
        return Ok(());
    }
    let message = "send operations by POST";
    Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message))
}

fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case(JSON));
    let is_utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if is_json && is_utf8 {
        return Ok(());
    }
    let message = "send the request as `Content-Type: application/json`, in UTF-8";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message))
}

/// The best form that the caller takes of those that the path has; when they do not say, the older one, or events.
fn accepted(headers: &HeaderMap, path: Path) -> Result<Form, Problem> {
    let usual = if path == Path::Graph { Form::Json } else { Form::Events };
    let accept: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accept.is_empty() {
        return Ok(usual);
    }
    let mut best: Option<(f32, Form)> = None;
    for range in accept.iter().flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts
            .find_map(|parameter| parameter.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
            .unwrap_or(1.0);
        let form = match media.as_str() {
            EVENT_STREAM => Form::Events,
            GRAPHQL_RESPONSE if path == Path::Graph => Form::GraphqlResponse,
            JSON | "application/*" if path == Path::Graph => Form::Json,
            "text/*" if path == Path::Stream => Form::Events,
            "*/*" => usual,
            _ => continue,
        };
        if quality > 0.0 && best.is_none_or(|(highest, _)| quality > highest) {
            best = Some((quality, form));
        }
    }
    best.map(|(_, form)| form).ok_or_else(|| {
        let message = match path {
            Path::Graph => {
                format!("answers are `{GRAPHQL_RESPONSE}`, `{JSON}` or `{EVENT_STREAM}`: accept one of them")
            }
            Path::Stream => format!("answers are `{EVENT_STREAM}`: accept it"),
        };
        Problem::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
    })
}

async fn read(request: Request) -> Result<Bytes, Problem> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = format!("a request has at most {} bytes", super::MAX_BODY);
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", message)
        } else {
            Problem::bad_request("the body did not arrive whole")
        }
    })
}

fn refused(refusal: &Refusal, form: Form) -> Response<Body> {
    let status = if form == Form::GraphqlResponse { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    respond(status, form, Problem::of(refusal).json())
}

fn respond(status: StatusCode, form: Form, json: String) -> Response<Body> {
    let content_type = match form {
        Form::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        Form::Json | Form::Events => "application/json; charset=utf-8",
    };
    let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-store")];
    (status, headers, json).into_response()
}
