//! The loop against a stand-in in place of the server: every deadline and limit, in a time that only the tests move.

mod ends;
mod flow;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocketConfig};

use super::closing::Closing;
use super::socket::converse;
use crate::http::lasting::Lasting;
use crate::http::stand_in::StandIn;

/// How much of what is written lies between the two ends, unread.
const LINE: usize = 8 * 1024;

/// A client of the loop.
struct Client {
    socket: WebSocketStream<DuplexStream>,
    server: JoinHandle<()>,
    lasting: Lasting,
}

impl Client {
    /// Connected, and nothing more.
    async fn connect(stand_in: &StandIn) -> Self {
        let (ours, theirs) = tokio::io::duplex(LINE);
        let config =
            WebSocketConfig::default().write_buffer_size(0).max_message_size(Some(crate::http::MAX_BODY));
        let server = WebSocketStream::from_raw_socket(theirs, Role::Server, Some(config)).await;
        let lasting = Lasting::default();
        let server = tokio::spawn(converse(stand_in.clone(), server, None, lasting.stays()));
        let socket = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
        Self { socket, server, lasting }
    }

    /// Connected and acknowledged.
    async fn admitted(stand_in: &StandIn) -> Self {
        let mut client = Self::connect(stand_in).await;
        client
            .says(&json!({ "type": "connection_init", "payload": { "Authorization": "Bearer good" } }))
            .await;
        client.hears(&json!({ "type": "connection_ack" })).await;
        client
    }

    async fn says(&mut self, message: &Value) {
        self.sends(Message::Text(message.to_string().into())).await;
    }

    async fn sends(&mut self, message: Message) {
        self.socket.send(message).await.expect("the socket takes it");
    }

    async fn subscribes(&mut self, id: &str, query: &str) {
        self.says(&json!({ "type": "subscribe", "id": id, "payload": { "query": query } })).await;
    }

    async fn completes(&mut self, id: &str) {
        self.says(&json!({ "type": "complete", "id": id })).await;
    }

    /// The next text; pings are let pass.
    async fn next(&mut self) -> Value {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("JSON"),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("no text but {other:?}"),
            }
        }
    }

    async fn hears(&mut self, expected: &Value) {
        assert_eq!(self.next().await, *expected);
    }

    /// The next text is a result.
    async fn gets(&mut self, id: &str, data: &Value) {
        self.hears(&json!({ "type": "next", "id": id, "payload": { "data": data } })).await;
    }

    /// The next text is about the end of an operation: the code of its error, or none.
    async fn sees_end_of(&mut self, id: &str) -> Option<String> {
        let last = self.next().await;
        assert_eq!(last["id"], id, "{last}");
        match last["type"].as_str() {
            Some("complete") => None,
            Some("error") => {
                Some(last["payload"][0]["extensions"]["code"].as_str().expect("a code").to_owned())
            }
            _ => panic!("{last}"),
        }
    }

    /// The code and the reason with which the server closes, after whatever it still says.
    async fn sees_it_close(mut self) -> (u16, String) {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    let said = (frame.code.into(), frame.reason.to_string());
                    while self.socket.next().await.is_some() {}
                    self.server.await.expect("the loop does not panic");
                    return said;
                }
                Some(Ok(_)) => {}
                other => panic!("not closed but {other:?}"),
            }
        }
    }

    async fn sees_it_close_with(self, closing: Closing) {
        assert_eq!(self.sees_it_close().await, (closing.code, closing.reason.to_owned()));
    }
}

/// How much of the tests' own time something takes.
async fn time_of<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = tokio::time::Instant::now();
    let answer = work.await;
    (answer, begun.elapsed())
}
