//! Answers to requests that never became an operation, in the form of GraphQL over HTTP.

use std::any::Any;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use guard::Refusal;
use serde_json::{Value, json};

/// A request that is refused before anything runs.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The code in `extensions`.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// Line and column in the document.
    pub location: Option<(usize, usize)>,
}

impl Problem {
    /// A problem without a place in the document.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), location: None }
    }

    /// A body that is not a GraphQL request.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// A document that the guard refuses.
    pub fn of(refusal: &Refusal) -> Self {
        let location = refusal.position.map(|position| (position.line, position.column));
        Self { location, ..Self::new(StatusCode::BAD_REQUEST, refusal.code(), refusal.message.clone()) }
    }

    /// A bug; what it was is in the log alone.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "the server failed")
    }

    /// The errors alone.
    #[must_use]
    pub fn errors(&self) -> Value {
        let mut error = json!({ "message": self.message, "extensions": { "code": self.code } });
        if let Some((line, column)) = self.location {
            error["locations"] = json!([{ "line": line, "column": column }]);
        }
        json!([error])
    }

    /// The answer as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        json!({ "errors": self.errors() }).to_string()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = (self.status, self.json()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

/// No such route.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is nothing here: the graph is at `/graphql`")
}

/// A bug; what it was goes to the log alone.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a text");
    tracing::error!(panic = text, "a request panicked");
    Problem::internal().into_response()
}
