//! A client of GraphQL over WebSocket, message by message.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{Error, http::HeaderValue};

use super::served::{DEADLINE, Served};
use crate::world::{Acts as _, Person};

/// The subprotocol.
pub const PROTOCOL: &str = "graphql-transport-ws";

/// A socket that is open.
pub struct Socket(WebSocketStream<TcpStream>);

/// A handshake with a server, with more headers than it needs. Those that are given twice are set to the last.
pub fn handshake(served: &Served, headers: &[(&'static str, &str)]) -> Request {
    handshake_at(served.address, headers)
}

fn handshake_at(address: SocketAddr, headers: &[(&'static str, &str)]) -> Request {
    let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
    for (name, value) in [("sec-websocket-protocol", PROTOCOL)].iter().chain(headers) {
        let value = HeaderValue::from_str(value).expect("a value");
        if value.is_empty() {
            request.headers_mut().remove(*name);
        } else {
            request.headers_mut().insert(*name, value);
        }
    }
    request
}

impl Socket {
    /// A socket, or the answer of a server that gives none.
    pub async fn open(served: &Served, request: Request) -> Result<(Self, Response), Response> {
        let stream = TcpStream::connect(served.address).await.expect("it listens");
        Self::over(stream, request).await
    }

    async fn over(stream: TcpStream, request: Request) -> Result<(Self, Response), Response> {
        let opening = tokio_tungstenite::client_async(request, stream);
        match timeout(DEADLINE, opening).await.expect("an answer in time") {
            Ok((socket, response)) => Ok((Self(socket), response)),
            Err(Error::Http(response)) => Err(*response),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket on which nothing was said yet.
    pub async fn fresh(served: &Served) -> Self {
        Self::open(served, handshake(served, &[])).await.expect("a socket").0
    }

    /// A socket of somebody's, acknowledged.
    pub async fn of(person: &Person, served: &Served) -> Self {
        Self::fresh(served).await.admitted(&person.world().token_of(person)).await
    }

    /// A socket to any server of this machine, acknowledged, over a connection that is there already.
    pub async fn through(stream: TcpStream, token: &str) -> Self {
        let request = handshake_at(stream.peer_addr().expect("it is connected"), &[]);
        Self::over(stream, request).await.expect("a socket").0.admitted(token).await
    }

    /// How a server of this machine closes the socket of whoever shows this token.
    pub async fn closing(stream: TcpStream, token: &str) -> (u16, String) {
        let request = handshake_at(stream.peer_addr().expect("it is connected"), &[]);
        let mut socket = Self::over(stream, request).await.expect("a socket").0;
        socket.says(&[&init(token)]).await;
        socket.sees_it_close().await
    }

    async fn admitted(mut self, token: &str) -> Self {
        self.says(&[&init(token)]).await;
        self.hears(&json!({ "type": "connection_ack" })).await;
        self
    }

    /// Sends messages, all at once.
    pub async fn says(&mut self, messages: &[&Value]) {
        for message in messages {
            self.0.feed(Message::Text(message.to_string().into())).await.expect("it is taken");
        }
        self.0.flush().await.expect("it is sent");
    }

    /// Starts an operation.
    pub async fn starts(&mut self, id: &str, document: &str, variables: Value) {
        self.says(&[&subscribe(id, document, variables)]).await;
    }

    /// Wants no more of an operation.
    pub async fn completes(&mut self, id: &str) {
        self.says(&[&json!({ "type": "complete", "id": id })]).await;
    }

    async fn receives(&mut self) -> Message {
        loop {
            let message = timeout(DEADLINE, self.0.next()).await.expect("a message in time");
            match message.expect("the socket is open").expect("it works") {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    /// The next message.
    pub async fn next(&mut self) -> Value {
        match self.receives().await {
            Message::Text(text) => serde_json::from_str(text.as_str()).expect("JSON"),
            other => panic!("no text but {other:?}"),
        }
    }

    /// The next message is exactly this.
    pub async fn hears(&mut self, message: &Value) {
        assert_eq!(self.next().await, *message);
    }

    /// The payload of the next message, which is a result of this operation.
    pub async fn result_of(&mut self, id: &str) -> Value {
        let mut message = self.next().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message:#}");
        message["payload"].take()
    }

    /// The next message ends this operation; the codes of its errors, none where it just ended.
    pub async fn end_of(&mut self, id: &str) -> Vec<String> {
        let message = self.next().await;
        assert_eq!(message["id"], id, "{message:#}");
        match message["type"].as_str() {
            Some("complete") => Vec::new(),
            Some("error") => {
                let errors = message["payload"].as_array().expect("errors").iter();
                errors.map(|error| error["extensions"]["code"].as_str().expect("a code").to_owned()).collect()
            }
            _ => panic!("{message:#}"),
        }
    }

    /// Runs an operation that answers once.
    pub async fn asks(&mut self, document: &str, variables: Value) -> Value {
        self.starts("question", document, variables).await;
        let result = self.result_of("question").await;
        assert_eq!(self.end_of("question").await, Vec::<String>::new());
        result
    }

    /// The next message as it may come from a server that has given this socket up: none where it is gone.
    pub async fn next_if_any(&mut self) -> Option<Value> {
        loop {
            match timeout(DEADLINE, self.0.next()).await.expect("a message or the end in time")?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(text.as_str()).expect("JSON")),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The code and the reason with which the server closes, after whatever it still says.
    pub async fn sees_it_close(mut self) -> (u16, String) {
        loop {
            if let Message::Close(frame) = self.receives().await {
                let frame = frame.expect("a code");
                return (frame.code.into(), frame.reason.to_string());
            }
        }
    }

    /// Closes it.
    pub async fn leaves(mut self) {
        self.0.close(None).await.expect("it is sent");
        let gone = async { while let Some(Ok(_)) = self.0.next().await {} };
        timeout(DEADLINE, gone).await.expect("the server says goodbye in time");
    }
}

/// The message that says who is there.
fn init(token: &str) -> Value {
    json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } })
}

/// The message that starts an operation.
pub fn subscribe(id: &str, document: &str, variables: Value) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": document, "variables": variables } })
}
