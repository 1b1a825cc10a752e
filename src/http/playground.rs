//! The playground: GraphiQL, served by the server itself, without a foreign request.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Serialize;

use super::App;
use super::problem;

/// What the page is told when it opens.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    mode: &'static str,
    people: Vec<DemoPerson>,
    tabs: Vec<DemoTab>,
}

/// Somebody whom the demo's page can become with one click.
#[derive(Clone, Debug, Serialize)]
pub struct DemoPerson {
    /// A stable word for links, `follower`.
    pub key: String,
    /// First and last name.
    pub name: String,
    /// What they are, `restricted follower`.
    pub role: String,
    /// What they may do, in a line.
    pub about: String,
    /// A token of theirs.
    pub token: String,
}

/// A tab of the demo's story.
#[derive(Clone, Debug, Serialize)]
pub struct DemoTab {
    /// What it shows.
    pub title: String,
    /// The document; its operation has a name of its own.
    pub query: String,
    /// JSON text.
    pub variables: Option<String>,
    /// Who runs it, by key.
    pub person: Option<String>,
}

impl Session {
    /// Outside the demo: people paste their tokens.
    #[must_use]
    pub const fn serving() -> Self {
        Self { mode: "serve", people: Vec::new(), tabs: Vec::new() }
    }

    /// The demo, with its people and its story.
    #[must_use]
    pub const fn demo(people: Vec<DemoPerson>, tabs: Vec<DemoTab>) -> Self {
        Self { mode: "demo", people, tabs }
    }

    /// Whether it hands out identities.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.mode == "demo"
    }
}

/// To the page.
pub async fn redirect() -> Redirect {
    Redirect::temporary("/playground/")
}

/// Who can be played, and what there is to try. It carries tokens: never cached, never shared.
pub async fn session(State(app): State<Arc<App>>) -> Response<Body> {
    match &app.playground {
        Some(session) => ([(header::CACHE_CONTROL, "no-store")], Json(session.as_ref())).into_response(),
        None => problem::not_found().await.into_response(),
    }
}

/// The page itself.
pub async fn index(headers: HeaderMap) -> Response<Body> {
    embedded("index.html", &headers).await
}

/// A file of the bundle.
pub async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response<Body> {
    embedded(&path, &headers).await
}

async fn embedded(path: &str, headers: &HeaderMap) -> Response<Body> {
    let Some(file) = ::playground::file(path) else {
        return problem::not_found().await.into_response();
    };
    let cache = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|seen| seen.as_bytes() == AsRef::<[u8]>::as_ref(&file.etag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = HeaderValue::from_str(&file.content_type);
        let mut response = Body::from(file.bytes.into_owned()).into_response();
        if let Ok(content_type) = content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        response
    };
    let etag = HeaderValue::from_str(&file.etag);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(::playground::CONTENT_SECURITY_POLICY),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(etag) = etag {
        headers.insert(header::ETAG, etag);
    }
    response
}
