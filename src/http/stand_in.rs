//! What stands in place of the server: one good token, streams that the tests feed, and doors that they shut.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use entity::{AccountId, Timestamp, TypedId, UserId};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::sleep;
use uuid::Uuid;

use crate::auth::Bearer;
use crate::graphql::{Events, Live, Reply, Sent};
use crate::http::authenticate::refused;
use crate::http::operation::RequestBody;
use crate::http::problem::Problem;
use crate::http::staying::Server;

/// How often it looks at what the tests have set.
const STEP: Duration = Duration::from_millis(500);

/// When the good token expires.
pub const EXPIRY: i64 = 60 * 60 * 1_000_000;

/// The stand-in. Documents are words: `once`, `wrong`, `panic`, `broken`, or the name of a stream.
#[derive(Clone, Default)]
pub struct StandIn(Arc<Inner>);

#[derive(Default)]
struct Inner {
    now: AtomicI64,
    has_left: AtomicBool,
    is_down: AtomicBool,
    streams: Mutex<HashMap<String, mpsc::Receiver<Sent>>>,
}

impl StandIn {
    /// Moves the clock.
    pub fn is_at(&self, micros: i64) {
        self.0.now.store(micros, Ordering::SeqCst);
    }

    /// The bearer is no user any more.
    pub fn loses_its_user(&self) {
        self.0.has_left.store(true, Ordering::SeqCst);
    }

    /// Its database is down.
    pub fn is_down(&self) {
        self.0.is_down.store(true, Ordering::SeqCst);
    }

    /// Makes a stream that the next operation of this name gets. It takes one event at a time, and is closed when the
    /// operation is dropped.
    pub fn stream(&self, name: &str) -> mpsc::Sender<Sent> {
        let (events, stream) = mpsc::channel(1);
        self.0.streams.lock().unwrap().insert(name.to_owned(), stream);
        events
    }
}

/// An event.
pub fn event(data: &Value) -> Sent {
    Sent::Next { json: json!({ "data": data }).to_string().into(), cursor: None }
}

impl Server for StandIn {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now.load(Ordering::SeqCst))
    }

    fn nap(&self, _: Timestamp) -> Duration {
        STEP
    }

    async fn admit(&self, token: Option<&str>) -> Result<Bearer, Problem> {
        if self.0.is_down.load(Ordering::SeqCst) {
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "down"));
        }
        if token != Some("good") {
            return Err(refused());
        }
        let (account, user) = (AccountId(Uuid::from_u128(1)), UserId::from_uuid(Uuid::from_u128(2)));
        Ok(Bearer { account, user, expires_at: Timestamp(EXPIRY) })
    }

    async fn open(&self, _: Bearer, body: RequestBody, _: Option<String>) -> Result<Live, Problem> {
        match body.query.as_str() {
            "once" => Ok(Live::Once(Reply { json: json!({ "data": body.variables }).to_string(), ok: true })),
            "wrong" => Ok(Live::Once(Reply::refused("GRAPHQL_VALIDATION_FAILED", "no", None))),
            "panic" => panic!("as it was asked to"),
            "broken" => Err(Problem::bad_request("no")),
            name => {
                let stream = self.0.streams.lock().unwrap().remove(name).expect("a stream of this name");
                Ok(Live::Events(Events::new(futures_util::stream::unfold(stream, async |mut stream| {
                    Some((stream.recv().await?, stream))
                }))))
            }
        }
    }

    async fn until_gone(&self, _: Bearer) {
        while !self.0.has_left.load(Ordering::SeqCst) {
            sleep(STEP).await;
        }
    }
}
