//! GraphQL over HTTP: what a request looks like, what is refused before it runs, and what the answer tells.

mod answers;
mod documents;
mod events;
mod failures;
mod form;
mod playground;
mod secrets;
mod sockets;
mod stop;
mod tokens;

use axum::body::Body;
use axum::http::{Method, Request, header};

use super::client::Answer;
use crate::world::{Person, World};

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// A request in the making: somebody's, by POST, in JSON.
struct Post {
    method: Method,
    token: Option<String>,
    content_type: Option<&'static str>,
    accept: Vec<&'static str>,
    body: Vec<u8>,
}

impl Post {
    /// A request of somebody's with this body.
    fn of(person: &Person, world: &World, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: Method::POST,
            token: Some(world.token_of(person)),
            content_type: Some(JSON),
            accept: vec![GRAPHQL_RESPONSE],
            body: body.into(),
        }
    }

    /// The same, taking the older form.
    fn accepting(self, accept: &[&'static str]) -> Self {
        Self { accept: accept.to_vec(), ..self }
    }

    async fn to(self, world: &World) -> Answer {
        let mut request = Request::builder().method(self.method).uri("/graphql");
        if let Some(token) = self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(content_type) = self.content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        for accept in self.accept {
            request = request.header(header::ACCEPT, accept);
        }
        world.answers(request.body(Body::from(self.body)).expect("a request")).await
    }
}

/// A body that asks a document.
fn asking(document: &str) -> String {
    serde_json::json!({ "query": document }).to_string()
}
