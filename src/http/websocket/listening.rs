//! What a client says, message by message, and when they say nothing.

use std::pin::Pin;
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_tungstenite::tungstenite::Error as WireError;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::closing::Closing;
use super::message::{Received, Told, token_of};
use super::operations::{MAX_OPERATIONS, NotBegun, Operations};
use super::outgoing::{Lanes, Own};
use super::socket::Ended;
use crate::auth::Bearer;
use crate::http::problem::Problem;
use crate::http::staying::{Server, until_unwelcome};

/// How long a client may take to say who they are.
const INIT_LIMIT: Duration = Duration::from_secs(10);

/// How often they are asked whether they are still there; who has not answered by the next time is not.
const PING_STEP: Duration = Duration::from_secs(25);

/// The reading side of a socket.
pub struct Listening<'a, S> {
    /// The server.
    pub server: &'a S,
    /// The token of the handshake, for clients that can set headers.
    pub token: Option<String>,
    /// What runs.
    pub operations: &'a Operations,
    /// Where answers go.
    pub lanes: Lanes,
}

impl<S: Server> Listening<'_, S> {
    /// Listens until the socket ends, and says how.
    pub async fn listen<W>(mut self, stream: &mut W) -> Ended
    where
        W: Stream<Item = Result<Message, WireError>> + Unpin,
    {
        let begun = Instant::now();
        let mut pings = interval_at(begun + PING_STEP, PING_STEP);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_there = true;
        // Until somebody is there, what throws them out is that they say nothing.
        let mut closing: Pin<Box<dyn Future<Output = Closing> + Send>> = Box::pin(async move {
            sleep_until(begun + INIT_LIMIT).await;
            Closing::TOO_LATE
        });
        let mut bearer = None;
        loop {
            let message = tokio::select! {
                closing = &mut closing => return closing.into(),
                _ = pings.tick() => {
                    if !is_there {
                        return Ended::Gone;
                    }
                    is_there = false;
                    // Where even a ping finds no room, the writer's own limit decides.
                    self.lanes.say(Own::Ping).ok();
                    continue;
                }
                message = stream.next() => message,
            };
            is_there = true;
            let received = match message {
                Some(Ok(Message::Text(text))) => match Received::parse(text.as_str()) {
                    Some(received) => received,
                    None => return Closing::BAD_MESSAGE.into(),
                },
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(Message::Binary(_) | Message::Frame(_))) => return Closing::BAD_MESSAGE.into(),
                Some(Ok(Message::Close(_))) => return Ended::Left,
                Some(Err(WireError::Capacity(_))) => return Closing::TOO_LARGE.into(),
                Some(Err(_)) | None => return Ended::Gone,
            };
            let admitted = match (received, bearer) {
                (Received::ConnectionInit { payload }, None) => self.admit(payload).await.map(Some),
                (received, bearer) => self.hear(received, bearer).map(|()| None),
            };
            match admitted {
                Ok(None) => {}
                Ok(Some(admitted)) => {
                    bearer = Some(admitted);
                    let server = self.server.clone();
                    closing = Box::pin(async move {
                        until_unwelcome(&server, admitted).await;
                        Closing::FORBIDDEN
                    });
                }
                Err(closing) => return closing.into(),
            }
        }
    }

    async fn admit(&mut self, parameters: Option<Map<String, Value>>) -> Result<Bearer, Closing> {
        let token = parameters.as_ref().and_then(token_of).or(self.token.as_deref());
        let admitted = self.server.admit(token).await.map_err(|problem| {
            if problem.status == StatusCode::SERVICE_UNAVAILABLE {
                Closing::UNAVAILABLE
            } else {
                Closing::FORBIDDEN
            }
        })?;
        self.token = None;
        self.lanes.say(Own::Acknowledged)?;
        Ok(admitted)
    }

    fn hear(&self, received: Received, bearer: Option<Bearer>) -> Result<(), Closing> {
        match received {
            Received::ConnectionInit { .. } => Err(Closing::TWICE),
            Received::Ping { .. } => self.lanes.say(Own::Pong),
            Received::Pong { .. } => Ok(()),
            Received::Complete { id } => {
                self.operations.complete(&id);
                Ok(())
            }
            Received::Subscribe { id, payload } => {
                let bearer = bearer.ok_or(Closing::NOT_INITIALISED)?;
                match self.operations.begin(self.server, bearer, (id.clone(), payload), &self.lanes) {
                    Ok(()) => Ok(()),
                    Err(NotBegun::Duplicate) => Err(Closing::DUPLICATE_ID),
                    Err(NotBegun::TooMany) => {
                        let told = Told::Error(too_many().errors());
                        self.lanes.say(Own::Refused { id, told })
                    }
                }
            }
        }
    }
}

fn too_many() -> Problem {
    let message = format!(
        "a socket runs at most {MAX_OPERATIONS} operations at once: complete one, or open another socket"
    );
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message)
}
