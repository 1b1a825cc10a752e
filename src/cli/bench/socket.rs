//! The clients of the measurement.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Lets this process have as many sockets as the machine allows.
pub fn allow_many() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).ok();
    }
}

/// A socket with one subscription, that has heard that it is open.
#[derive(Debug)]
pub struct Subscriber(WebSocketStream<TcpStream>);

impl Subscriber {
    /// Opens it.
    ///
    /// # Errors
    /// A server that does not take it, in words.
    pub async fn open(address: &str, token: &str, query: &str, id: &str) -> Result<Self, String> {
        let mut request =
            format!("ws://{address}/graphql").into_client_request().map_err(|error| error.to_string())?;
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0);
        let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await;
        let (socket, _) = opened.map_err(|error| error.to_string())?;
        let mut socket = Self(socket);
        let init = json!({ "authorization": format!("Bearer {token}") });
        socket.says(&json!({ "type": "connection_init", "payload": init })).await?;
        socket.hears().await?;
        let payload = json!({ "query": query, "variables": { "id": id } });
        socket.says(&json!({ "type": "subscribe", "id": "1", "payload": payload })).await?;
        socket.hears().await?;
        Ok(socket)
    }

    async fn says(&mut self, message: &Value) -> Result<(), String> {
        self.0.send(Message::Text(message.to_string().into())).await.map_err(|error| error.to_string())
    }

    /// The text of the next message.
    ///
    /// # Errors
    /// A socket that is closed.
    pub async fn hears(&mut self) -> Result<String, String> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text.as_str().to_owned()),
                Some(Ok(Message::Close(frame))) => return Err(format!("closed: {frame:?}")),
                Some(Ok(_)) => {}
                Some(Err(Error::ConnectionClosed)) | None => return Err("closed".into()),
                Some(Err(error)) => return Err(error.to_string()),
            }
        }
    }
}
