//! The playground's routes (G6), and to whom the demo answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use retinue::http::{App, DemoPerson, DemoTab, Session};
use serde_json::json;
use tower::ServiceExt as _;

use super::{Answer, JSON, asking};
use crate::databases::Kind::Sqlite;
use crate::world::World;

fn demo() -> Session {
    let person = DemoPerson {
        key: "follower".into(),
        name: "Finn".into(),
        role: "restricted follower".into(),
        about: "sees what he follows".into(),
        token: "a token".into(),
    };
    let tab = DemoTab {
        title: "What I see".into(),
        query: "{ viewer { name } }".into(),
        variables: None,
        person: None,
    };
    Session::demo(vec![person], vec![tab])
}

async fn ask(world: &World, session: Session, request: Request<Body>) -> Answer {
    let app = App { playground: Some(Arc::new(session)), ..world.app() };
    let response = retinue::http::router(app).oneshot(request).await.unwrap_or_else(|never| match never {});
    Answer::read(response).await
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header(header::HOST, "localhost:4000").body(Body::empty()).expect("a request")
}

/// The page and everything that it refers to.
async fn files(world: &World) -> BTreeSet<String> {
    let page = ask(world, Session::serving(), get("/playground/")).await;
    let mut files = BTreeSet::from(["/playground/".to_owned(), "/playground/index.html".to_owned()]);
    for start in ["src=\"", "href=\""] {
        files.extend(
            page.text.split(start).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
        );
    }
    files
}

// G6
#[tokio::test]
async fn every_file_is_served_under_the_policy_and_loads_nothing_from_elsewhere() {
    let Some(world) = World::on(Sqlite).await else { return };
    let files = files(&world).await;
    assert_eq!(files.len() > 2, playground::is_built());
    for path in files {
        assert!(path.starts_with("/playground/"), "{path}");
        for session in [Session::serving(), demo()] {
            let file = ask(&world, session, get(&path)).await;
            assert_eq!(file.status, StatusCode::OK, "{path}");
            let policy = file.header("content-security-policy");
            assert_eq!(policy, playground::CONTENT_SECURITY_POLICY);
            for rule in
                ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]
            {
                assert!(policy.contains(rule), "{policy}");
            }
            assert!(
                !policy.contains("http:") && !policy.contains("https:") && !policy.contains('*'),
                "{policy}"
            );
            assert!(
                !policy.contains("script-src 'self' 'unsafe") && !policy.contains("unsafe-eval"),
                "{policy}"
            );
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            assert_eq!(file.header("referrer-policy"), "no-referrer");
            assert!(!file.header("content-type").is_empty());

            // A browser that has it already gets no body, and the same headers.
            let mut again = get(&path);
            again.headers_mut().insert(header::IF_NONE_MATCH, file.headers[header::ETAG].clone());
            let again = ask(&world, Session::serving(), again).await;
            assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
            assert_eq!(again.header("content-security-policy"), playground::CONTENT_SECURITY_POLICY);
        }
    }
    for path in [
        "/playground/nothing.js",
        "/playground/../Cargo.toml",
        "/playground/%2e%2e/Cargo.toml",
        "/playground/assets/",
    ] {
        assert_eq!(ask(&world, Session::serving(), get(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/", "/playground"] {
        let redirect = ask(&world, Session::serving(), get(path)).await;
        assert_eq!(
            (redirect.status, redirect.header("location")),
            (StatusCode::TEMPORARY_REDIRECT, "/playground/")
        );
    }
}

// G6
#[tokio::test]
async fn the_page_is_told_whom_it_can_play_and_nobody_keeps_it() {
    let Some(world) = World::on(Sqlite).await else { return };
    let session = ask(&world, Session::serving(), get("/playground/session.json")).await;
    assert_eq!(session.header("cache-control"), "no-store");
    assert_eq!(session.json, json!({ "mode": "serve", "people": [], "tabs": [] }));
    let session = ask(&world, demo(), get("/playground/session.json")).await;
    assert_eq!((session.header("cache-control"), session.header("content-type")), ("no-store", JSON));
    assert_eq!(
        session.json,
        json!({
            "mode": "demo",
            "people": [{
                "key": "follower", "name": "Finn", "role": "restricted follower", "about": "sees what he follows",
                "token": "a token"
            }],
            "tabs": [{ "title": "What I see", "query": "{ viewer { name } }", "variables": null, "person": null }]
        })
    );
}

const ROUTES: [&str; 5] = ["/", "/playground", "/playground/", "/playground/session.json", "/health"];

#[tokio::test]
async fn the_demo_answers_only_to_this_machines_own_names() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let request = |path: &str, host: Option<&str>, origin: Option<&str>| {
        let post = path == "/graphql";
        let mut request =
            if post { Request::post(path).header(header::CONTENT_TYPE, JSON) } else { Request::get(path) };
        if post {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", world.token_of(&ada)));
        }
        if let Some(host) = host {
            request = request.header(header::HOST, host);
        }
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        request
            .body(Body::from(if post { asking("{ viewer { name } }") } else { String::new() }))
            .expect("a request")
    };
    for path in ROUTES.into_iter().chain(["/graphql"]) {
        for host in ["localhost:4000", "127.0.0.1:4000", "[::1]:4000", "localhost"] {
            for origin in [None, Some("http://localhost:4000"), Some("http://127.0.0.1:1")] {
                let answer = ask(&world, demo(), request(path, Some(host), origin)).await;
                assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path} {host} {origin:?}");
            }
        }
        let evil_hosts = [
            None,
            Some("evil.example"),
            Some("localhost.evil.example:4000"),
            Some("127.0.0.1.nip.io"),
            Some(""),
        ];
        for host in evil_hosts {
            let answer = ask(&world, demo(), request(path, host, None)).await;
            assert_eq!(
                (answer.status, answer.errors()),
                (StatusCode::FORBIDDEN, vec!["FORBIDDEN".to_owned()]),
                "{path} {host:?}"
            );
            assert!(!answer.text.contains("token"), "{}", answer.text);
        }
        for origin in
            ["http://evil.example", "https://localhost.evil.example", "null", "", "http://evil.example:4000"]
        {
            let answer = ask(&world, demo(), request(path, Some("localhost:4000"), Some(origin))).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {origin}");
        }
        // Outside the demo no identity is handed out, and a proxy may call it anything.
        let answer =
            ask(&world, Session::serving(), request(path, Some("crm.example"), Some("https://app.example")))
                .await;
        assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn without_a_playground_there_is_none() {
    let Some(world) = World::on(Sqlite).await else { return };
    for path in ["/", "/playground", "/playground/", "/playground/index.html", "/playground/session.json"] {
        let answer = world.answers(get(path)).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::NOT_FOUND, vec!["NOT_FOUND".to_owned()]),
            "{path}"
        );
    }
}
