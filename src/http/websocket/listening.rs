//! What a client says, message by message, and when they say nothing.

use std::pin::Pin;
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};
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
    /// Who is there, once they have said so.
    pub bearer: Option<Bearer>,
    /// What runs.
    pub operations: &'a Operations,
    /// Where answers go.
    pub lanes: Lanes,
}

/// What closes a socket by the clock.
type Deadline = Pin<Box<dyn Future<Output = Closing> + Send>>;

impl<S: Server> Listening<'_, S> {
    /// Listens until the socket ends, and says how.
    pub async fn listen<W>(mut self, stream: &mut W) -> Ended
    where
        W: Stream<Item = Result<Message, WireError>> + Unpin,
    {
        let mut deadline = until_too_late();
        let mut pings = interval_at(Instant::now() + PING_STEP, PING_STEP);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_there = true;
        loop {
            let message = tokio::select! {
                closing = &mut deadline => return closing.into(),
                _ = pings.tick() => {
                    if !is_there {
                        return Ended::Gone;
                    }
                    is_there = false;
                    // Where even a ping finds no room, the writer's own limit decides.
                    self.lanes.try_say(Own::Ping);
                    continue;
                }
                message = stream.next() => message,
            };
            is_there = true;
            let received = match read(message) {
                Ok(Some(received)) => received,
                Ok(None) => continue,
                Err(ended) => return ended,
            };
            let answer = match self.hear(received).await {
                Ok(Some(answer)) => answer,
                Ok(None) => continue,
                Err(closing) => return closing.into(),
            };
            if let (Own::Acknowledged, Some(bearer)) = (&answer, self.bearer) {
                deadline = until_forbidden(self.server.clone(), bearer);
            }
            // Who reads no answers is not heard until they do.
            tokio::select! {
                closing = &mut deadline => return closing.into(),
                () = self.lanes.say(answer) => {}
            }
        }
    }

    /// Does what a message asks, and gives what is answered at once; operations answer for themselves.
    async fn hear(&mut self, received: Received) -> Result<Option<Own>, Closing> {
        match received {
            Received::ConnectionInit { .. } if self.bearer.is_some() => Err(Closing::TWICE),
            Received::ConnectionInit { payload } => {
                // In a box: it happens once, and the socket would carry it all its life.
                self.bearer = Some(Box::pin(self.admit(payload)).await?);
                Ok(Some(Own::Acknowledged))
            }
            Received::Ping { .. } => Ok(Some(Own::Pong)),
            Received::Pong { .. } => Ok(None),
            Received::Subscribe { id, payload } => {
                let bearer = self.bearer.ok_or(Closing::NOT_INITIALISED)?;
                match self.operations.begin(self.server, bearer, (id.clone(), payload), &self.lanes) {
                    Ok(()) => Ok(None),
                    Err(NotBegun::Duplicate) => Err(Closing::DUPLICATE_ID),
                    Err(NotBegun::TooMany) => {
                        let told = Told::Error(too_many().errors().into());
                        Ok(Some(Own::Refused(told.text(&id).into())))
                    }
                }
            }
            Received::Complete { id } => {
                self.operations.complete(&id);
                Ok(None)
            }
        }
    }

    async fn admit(&mut self, parameters: Option<Map<String, Value>>) -> Result<Bearer, Closing> {
        let of_handshake = self.token.take();
        let token = parameters.as_ref().and_then(token_of).or(of_handshake.as_deref());
        self.server.admit(token).await.map_err(|problem| {
            if problem.status == StatusCode::SERVICE_UNAVAILABLE {
                Closing::UNAVAILABLE
            } else {
                Closing::FORBIDDEN
            }
        })
    }
}

/// The message that has come, none for those of the WebSocket itself, or the end.
fn read(message: Option<Result<Message, WireError>>) -> Result<Option<Received>, Ended> {
    match message {
        Some(Ok(Message::Text(text))) => {
            Received::parse(text.as_str()).map(Some).ok_or_else(|| Closing::BAD_MESSAGE.into())
        }
        Some(Ok(Message::Binary(_) | Message::Frame(_))) => Err(Closing::BAD_MESSAGE.into()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
        Some(Ok(Message::Close(_))) => Err(Ended::Left),
        Some(Err(WireError::Capacity(_))) => Err(Closing::TOO_LARGE.into()),
        Some(Err(_)) | None => Err(Ended::Gone),
    }
}

fn until_too_late() -> Deadline {
    Box::pin(async {
        sleep(INIT_LIMIT).await;
        Closing::TOO_LATE
    })
}

fn until_forbidden<S: Server>(server: S, bearer: Bearer) -> Deadline {
    Box::pin(async move {
        until_unwelcome(&server, bearer).await;
        Closing::FORBIDDEN
    })
}

fn too_many() -> Problem {
    let message = format!(
        "a socket runs at most {MAX_OPERATIONS} operations at once: complete one, or open another socket"
    );
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message)
}
