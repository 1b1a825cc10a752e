//! The form of requests and answers.

use axum::http::{Method, StatusCode};
use retinue::http::MAX_BODY;
use serde_json::json;

use super::{GRAPHQL_RESPONSE, JSON, Post, asking};
use crate::databases::Kind::Sqlite;
use crate::world::{Person, World};

const VIEWER: &str = "{ viewer { name } }";

async fn ada() -> Option<(World, Person)> {
    let world = World::on(Sqlite).await?;
    let ada = world.user("Ada").create().await;
    Some((world, ada))
}

#[tokio::test]
async fn an_operation_is_sent_by_post() {
    let Some((world, ada)) = ada().await else { return };
    let methods = [Method::GET, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::HEAD];
    for method in methods {
        let post = Post { method: method.clone(), ..Post::of(&ada, &world, asking(VIEWER)) };
        let answer = post.to(&world).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (StatusCode::METHOD_NOT_ALLOWED, "POST"),
            "{method}"
        );
        if method != Method::HEAD {
            answer.has_errors(["METHOD_NOT_ALLOWED"]);
        }
    }
}

#[tokio::test]
async fn an_operation_is_sent_as_json_in_utf8() {
    let Some((world, ada)) = ada().await else { return };
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/graphql"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/json; charset=utf-16"),
        Some("application/json; charset=iso-8859-1"),
        Some("application/jsonp"),
        Some(""),
    ] {
        let post = Post { content_type, ..Post::of(&ada, &world, asking(VIEWER)) };
        let answer = post.to(&world).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type:?}");
        answer.has_errors(["UNSUPPORTED_MEDIA_TYPE"]);
    }
    for content_type in
        ["application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"", "application/json; x=y"]
    {
        let post = Post { content_type: Some(content_type), ..Post::of(&ada, &world, asking(VIEWER)) };
        post.to(&world).await.sees(&json!({ "viewer": { "name": "Ada" } }));
    }
}

#[tokio::test]
async fn an_answer_has_the_form_that_the_caller_takes() {
    let Some((world, ada)) = ada().await else { return };
    for (accept, expected) in [
        (vec![], JSON),
        (vec!["*/*"], JSON),
        (vec!["application/*"], JSON),
        (vec![JSON], JSON),
        (vec![GRAPHQL_RESPONSE], GRAPHQL_RESPONSE),
        (vec!["application/graphql-response+json, application/json;q=0.9"], GRAPHQL_RESPONSE),
        (vec!["application/json;q=0.9, application/graphql-response+json;q=0.8"], JSON),
        (vec!["text/html", GRAPHQL_RESPONSE], GRAPHQL_RESPONSE),
        (vec!["text/html, */*;q=0.1"], JSON),
        (vec!["text/event-stream;q=0.5, */*;q=0.6"], JSON),
    ] {
        let answer = Post::of(&ada, &world, asking(VIEWER)).accepting(&accept).to(&world).await;
        assert_eq!(answer.header("content-type"), format!("{expected}; charset=utf-8"), "{accept:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.sees(&json!({ "viewer": { "name": "Ada" } }));
    }
    for accept in [
        vec!["text/html"],
        vec!["text/html, image/*"],
        vec!["application/json;q=0"],
        vec!["text/event-stream;q=0"],
        vec!["text/*"],
    ] {
        let answer = Post::of(&ada, &world, asking(VIEWER)).accepting(&accept).to(&world).await;
        assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{accept:?}");
        answer.has_errors(["NOT_ACCEPTABLE"]);
    }
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let Some((world, ada)) = ada().await else { return };
    let padded = |size: usize| {
        let body = asking(VIEWER);
        let blanks = " ".repeat(size - body.len());
        format!("{body}{blanks}")
    };
    let answer = Post::of(&ada, &world, padded(MAX_BODY)).to(&world).await;
    answer.sees(&json!({ "viewer": { "name": "Ada" } }));
    let answer = Post::of(&ada, &world, padded(MAX_BODY + 1)).to(&world).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.has_errors(["BODY_TOO_LARGE"]);
    assert!(answer.text.contains(&MAX_BODY.to_string()), "{}", answer.text);
}

#[tokio::test]
async fn a_body_is_one_request_and_nothing_else() {
    let Some((world, ada)) = ada().await else { return };
    let one = asking(VIEWER);
    let deep = format!(
        r#"{{"query":"{VIEWER}","variables":{{"x":{}1{}}}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    for body in [
        format!("[{one}]"),
        format!("[{one},{one}]"),
        "[]".into(),
        String::new(),
        "null".into(),
        "5".into(),
        "{}".into(),
        r#"{"query":null}"#.into(),
        r#"{"query":5}"#.into(),
        r#"{"query":["{ viewer { name } }"]}"#.into(),
        r#"{"query":"{ viewer { name } }","variables":[]}"#.into(),
        r#"{"query":"{ viewer { name } }","variables":"{}"}"#.into(),
        r#"{"query":"{ viewer { name } }","operationName":5}"#.into(),
        r#"{"query":"{ viewer { name } }","extensions":[]}"#.into(),
        format!("{one}{one}"),
        one[..one.len() - 1].to_owned(),
        deep,
    ] {
        for accept in [JSON, GRAPHQL_RESPONSE] {
            let answer = Post::of(&ada, &world, body.clone()).accepting(&[accept]).to(&world).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body:.80}");
            answer.has_errors(["BAD_REQUEST"]);
        }
    }
    let answer = Post::of(&ada, &world, b"{\"query\":\"\xff\xfe\"}".to_vec()).to(&world).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    // Null stands for left out, and unknown members are ignored.
    let body =
        r#"{"query":"{ viewer { name } }","variables":null,"operationName":null,"extensions":null,"more":1}"#;
    Post::of(&ada, &world, body).to(&world).await.sees(&json!({ "viewer": { "name": "Ada" } }));
}

#[tokio::test]
async fn the_operation_that_is_named_is_run() {
    let Some((world, ada)) = ada().await else { return };
    let two = "query Me { viewer { name } } query Here { account { currency } }";
    let run = async |name: serde_json::Value| {
        let body = json!({ "query": two, "operationName": name }).to_string();
        Post::of(&ada, &world, body).to(&world).await
    };
    run(json!("Me")).await.sees(&json!({ "viewer": { "name": "Ada" } }));
    run(json!("Here")).await.sees(&json!({ "account": { "currency": "EUR" } }));
    for name in [json!(null), json!("Nobody"), json!("")] {
        let answer = run(name).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        answer.has_errors(["GRAPHQL_VALIDATION_FAILED"]);
        assert_eq!(answer.json.get("data"), None);
    }
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let Some((world, ada)) = ada().await else { return };
    let mut ids = Vec::new();
    for body in [asking(VIEWER), asking(VIEWER), "nonsense".into(), asking("{ nothing }"), asking("{")] {
        let answer = Post::of(&ada, &world, body).to(&world).await;
        ids.push(answer.header("x-request-id").to_owned());
    }
    ids.push(
        Post { token: None, ..Post::of(&ada, &world, "") }.to(&world).await.header("x-request-id").to_owned(),
    );
    let forged = Post { method: Method::GET, ..Post::of(&ada, &world, "") };
    ids.push(forged.to(&world).await.header("x-request-id").to_owned());
    assert!(ids.iter().all(|id| id.len() == 36), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 7);
}

#[tokio::test]
async fn there_is_nothing_elsewhere() {
    let Some((world, _)) = ada().await else { return };
    for path in ["/", "/graphql/", "/graphiql", "/playground", "/playground/session.json", "/metrics"] {
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).expect("a request");
        let answer = world.answers(request).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::NOT_FOUND, vec!["NOT_FOUND".to_owned()]),
            "{path}"
        );
    }
    let request = axum::http::Request::get("/health").body(axum::body::Body::empty()).expect("a request");
    let answer = world.answers(request).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "ok\n"));
}
