//! GraphQL over SSE: where it is asked for, what is refused before it starts, and what comes. Streams that stay open are
//! tested beside the code, in `src/http/sse.rs`.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use rstest::rstest;
use serde_json::json;

use super::{GRAPHQL_RESPONSE, JSON, asking};
use crate::api::client::Answer;
use crate::api::document::mutation;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, World};

const VIEWER: &str = "{ viewer { name } }";
const EVENTS: &str = "text/event-stream";

/// Asks a path with a body; no header where its value is empty.
async fn post(person: &Person, world: &World, path: &str, accept: &str, body: String) -> Answer {
    let token = format!("Bearer {}", world.token_of(person));
    let mut request =
        Request::post(path).header(header::CONTENT_TYPE, JSON).header(header::AUTHORIZATION, token);
    if !accept.is_empty() {
        request = request.header(header::ACCEPT, accept);
    }
    world.answers(request.body(Body::from(body)).expect("a request")).await
}

/// The one result that was sent before the end.
fn only_result(answer: &Answer) -> serde_json::Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!((answer.header("cache-control"), answer.header("x-accel-buffering")), ("no-store", "no"));
    assert_eq!(answer.header("x-request-id").len(), 36);
    let result = answer.text.strip_prefix("event: next\ndata: ");
    let result = result.and_then(|rest| rest.strip_suffix("\n\nevent: complete\ndata: \n\n"));
    serde_json::from_str(result.unwrap_or_else(|| panic!("{:?}", answer.text))).expect("JSON")
}

#[rstest]
#[tokio::test]
async fn queries_and_mutations_are_one_result_and_an_end(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let seen = json!({ "data": { "viewer": { "name": "Ada" } } });
    for (path, accept) in [
        ("/graphql", EVENTS),
        ("/graphql", "text/event-stream, application/json;q=0.9"),
        ("/graphql/stream", EVENTS),
        ("/graphql/stream", ""),
        ("/graphql/stream", "*/*"),
        ("/graphql/stream", "text/*;q=0.1"),
    ] {
        let answer = post(&ada, &world, path, accept, asking(VIEWER)).await;
        assert_eq!(only_result(&answer), seen, "{path} {accept}");
    }
    let create = mutation("contactCreate", "");
    let body = json!({ "query": create, "variables": { "input": { "lastName": "Lovelace" } } });
    let done = only_result(&post(&ada, &world, "/graphql/stream", EVENTS, body.to_string()).await);
    assert_eq!(done["data"]["contactCreate"]["userErrors"], json!([]), "{done:#}");
    ada.reads("{ contacts(first: 5) { nodes { displayName } } }")
        .sees(json!({ "contacts": { "nodes": [{ "displayName": "Lovelace" }] } }))
        .await;
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_a_status() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    for (path, accept) in [
        ("/graphql/stream", JSON),
        ("/graphql/stream", GRAPHQL_RESPONSE),
        ("/graphql/stream", "text/event-stream;q=0"),
        ("/graphql", "text/event-stream;q=0"),
    ] {
        let answer = post(&ada, &world, path, accept, asking(VIEWER)).await;
        assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{path} {accept}");
        answer.has_errors(["NOT_ACCEPTABLE"]);
    }
    for path in ["/graphql", "/graphql/stream"] {
        let answer = post(&ada, &world, path, EVENTS, "[]".into()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        answer.has_errors(["BAD_REQUEST"]);

        let request = Request::post(path).header(header::CONTENT_TYPE, JSON).header(header::ACCEPT, EVENTS);
        let answer = world.answers(request.body(Body::from(asking(VIEWER))).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        answer.has_errors(["UNAUTHENTICATED"]);

        let request = Request::get(path).header(header::ACCEPT, EVENTS).body(Body::empty());
        let answer = world.answers(request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

/// The reference client asks again after a status, so what is wrong with a document is told in an event.
#[tokio::test]
async fn the_guard_stands_before_every_stream_and_says_so_in_an_event() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let before = world.tables().await;
    for document in
        ["{ secret", "{ viewer { ...A } } fragment A on User { ...A }", "{ nothing }", "{ viewer }"]
    {
        let over_http = ada.reads(document).await;
        let answer = post(&ada, &world, "/graphql/stream", EVENTS, asking(document)).await;
        let result = only_result(&answer);
        assert_eq!(result["errors"], over_http.json["errors"], "{document}");
        assert_eq!(result.get("data"), None);
        assert!(!answer.text.contains("secret"), "{}", answer.text);
    }
    before.assert_same(&world.tables().await);
}
