//! One socket from the first message to the last.

use std::time::Duration;

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error as WireError;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::closing::Closing;
use super::listening::Listening;
use super::operations::Operations;
use super::outgoing::lanes;
use crate::http::lasting::Stay;
use crate::http::staying::Server;

/// How long a client may take to say goodbye.
const FAREWELL_LIMIT: Duration = Duration::from_secs(2);

/// How a socket came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// We close it.
    Closed(Closing),
    /// The client has closed it.
    Left,
    /// The client is not there, or does not read.
    Gone,
}

impl From<Closing> for Ended {
    fn from(closing: Closing) -> Self {
        Self::Closed(closing)
    }
}

/// Speaks the protocol over a socket until it ends. `token` is that of the handshake.
pub async fn converse<S, W>(server: S, socket: W, token: Option<String>, mut stay: Stay)
where
    S: Server,
    W: Stream<Item = Result<Message, WireError>> + Sink<Message> + Send + Unpin,
{
    let (mut sink, mut stream) = socket.split();
    let (lanes, writer) = lanes();
    let ended = {
        let operations = Operations::default();
        let listening = Listening { server: &server, token, bearer: None, operations: &operations, lanes };
        tokio::select! {
            ended = listening.listen(&mut stream) => ended,
            ended = writer.write(&mut sink, &operations) => ended,
            () = stay.until_stopped() => Closing::GOING_AWAY.into(),
        }
    };
    if ended == Ended::Gone {
        return;
    }
    let farewell = async {
        if let Ended::Closed(closing) = ended {
            sink.send(Message::Close(Some(closing.into()))).await.ok();
        }
        // Reads on: with something unread, the system would cut the line before the reason has arrived.
        while let Some(Ok(_)) = stream.next().await {}
    };
    timeout(FAREWELL_LIMIT, farewell).await.ok();
}
