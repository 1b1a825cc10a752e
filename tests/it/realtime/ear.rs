//! Somebody who listens to a stream, as the transports let them.

use std::time::Duration;

use retinue::graphql::{Events, Live, Request, Sent};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::world::{Acts as _, Person};

/// How long one waits for what must come. Nothing is judged by it but that it comes at all.
const DEADLINE: Duration = Duration::from_secs(60);

/// A document that listens, with what all tests want to know.
pub fn document(field: &str, argument: &str, selection: &str) -> String {
    format!(
        "subscription Listen($id: ID!, $after: String) {{ heard: {field}({argument}: $id, after: $after) {{ kind cursor {selection} }} }}"
    )
}

/// People who listen.
pub trait Listens {
    /// Opens a subscription; the answer when it does not open.
    async fn opens(&self, document: &str, variables: Value) -> Result<Ear, Value>;

    /// Opens a subscription that must open.
    async fn listens(&self, document: &str, variables: Value) -> Ear {
        self.opens(document, variables).await.expect("a subscription that opens")
    }
}

impl Listens for Person {
    async fn opens(&self, document: &str, variables: Value) -> Result<Ear, Value> {
        let app = self.world().app();
        let request = Request {
            document: guard::check(document, &app.limits).expect("a document").document,
            operation_name: None,
            variables,
            request_id: "test".into(),
        };
        match app.engine.open(&app.hub, self.access().await, request, None).await {
            Live::Events(events) => Ok(Ear(events)),
            Live::Once(reply) => Err(serde_json::from_str(&reply.json).expect("JSON")),
        }
    }
}

/// An open subscription.
pub struct Ear(pub Events);

impl Ear {
    /// The next message.
    pub async fn next(&mut self) -> Option<Sent> {
        timeout(DEADLINE, self.0.next()).await.expect("something to hear before the deadline")
    }

    /// The next event, without errors.
    pub async fn hears(&mut self) -> Value {
        match self.next().await {
            Some(Sent::Next { json, cursor }) => {
                let answer: Value = serde_json::from_str(&json).expect("JSON");
                assert_eq!(answer.get("errors"), None, "{answer}");
                let mut heard = answer["data"]["heard"].clone();
                if let (Some(heard), Some(cursor)) = (heard.as_object_mut(), cursor) {
                    // Two cursors of one place differ.
                    heard.remove("cursor");
                    heard.insert("at".into(), json!(&*cursor));
                }
                heard
            }
            other => panic!("an event was expected: {other:?}"),
        }
    }

    /// The next event is exactly this; answers its cursor.
    pub async fn hears_this(&mut self, expected: Value) -> String {
        let mut heard = self.hears().await;
        let cursor = heard.as_object_mut().and_then(|heard| heard.remove("at"));
        assert_eq!(heard, expected);
        cursor.and_then(|cursor| cursor.as_str().map(str::to_owned)).expect("a cursor")
    }

    /// The stream has come to its end.
    pub async fn hears_no_more(&mut self) {
        assert_eq!(self.next().await, None);
    }
}
