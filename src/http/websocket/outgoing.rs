//! What goes out over a socket: two bounded lanes, one writer.
//!
//! Operations wait for room in their lane, which is how a slow reader is felt by its own streams and by nobody else. The
//! socket's own messages have a lane that goes first.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{Sink, SinkExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::message::{ACKNOWLEDGED, PONG, Told};
use super::operations::{Operations, Ticket};
use super::socket::Ended;

/// How many messages of operations wait at most, all operations of the socket together.
const OPERATIONS_LANE: usize = 16;

/// How many of the socket's own.
const OWN_LANE: usize = 32;

/// How long one frame may take before the reader is given up.
const WRITE_LIMIT: Duration = Duration::from_secs(30);

/// Longer messages go out in frames of this size: a socket keeps the largest buffer that it ever needed.
const MAX_FRAME: usize = 16 * 1024;

/// A message about an operation.
pub struct Outgoing {
    /// Which.
    pub ticket: Arc<Ticket>,
    /// What.
    pub told: Told,
}

/// A message of the socket's own.
pub enum Own {
    /// `connection_ack`.
    Acknowledged,
    /// `pong`.
    Pong,
    /// A ping of the WebSocket itself.
    Ping,
    /// The refusal of an operation that never began, as it is sent.
    Refused(Box<str>),
}

/// Where messages are put in.
#[derive(Clone)]
pub struct Lanes {
    operations: mpsc::Sender<Outgoing>,
    own: mpsc::Sender<Own>,
}

/// Where they come out.
pub struct Writer {
    operations: mpsc::Receiver<Outgoing>,
    own: mpsc::Receiver<Own>,
}

/// The two lanes of a socket.
pub fn lanes() -> (Lanes, Writer) {
    let (operations, from_operations) = mpsc::channel(OPERATIONS_LANE);
    let (own, from_own) = mpsc::channel(OWN_LANE);
    (Lanes { operations, own }, Writer { operations: from_operations, own: from_own })
}

impl Lanes {
    /// Says something about an operation, as soon as there is room. False when the socket is gone.
    pub async fn tell(&self, ticket: &Arc<Ticket>, told: Told) -> bool {
        self.operations.send(Outgoing { ticket: Arc::clone(ticket), told }).await.is_ok()
    }

    /// Says something of the socket's own. There is room, unless a client asks and asks and reads nothing.
    pub async fn say(&self, own: Own) {
        // A writer that is gone has ended the socket.
        self.own.send(own).await.ok();
    }

    /// Says so where there is room.
    pub fn try_say(&self, own: Own) {
        self.own.try_send(own).ok();
    }
}

impl Writer {
    /// Writes until the socket takes nothing more.
    pub async fn write<W>(mut self, sink: &mut W, operations: &Operations) -> Ended
    where
        W: Sink<Message> + Unpin,
    {
        loop {
            let sent = tokio::select! {
                biased;
                Some(own) = self.own.recv() => match own {
                    Own::Acknowledged => send(sink, ACKNOWLEDGED.to_owned()).await,
                    Own::Pong => send(sink, PONG.to_owned()).await,
                    Own::Ping => send_whole(sink, Message::Ping(Vec::new().into())).await,
                    Own::Refused(text) => send(sink, text.into()).await,
                },
                Some(Outgoing { ticket, told }) = self.operations.recv() => {
                    // What the client does not want any more is not sent, and a name is free before they hear so.
                    let is_wanted = if told.is_last() { operations.finish(&ticket) } else { ticket.is_wanted() };
                    !is_wanted || send(sink, told.text(ticket.id())).await
                }
                else => return Ended::Gone,
            };
            if !sent {
                return Ended::Gone;
            }
        }
    }
}

/// Sends a text, in as many frames as it needs. False when the reader is gone or too slow.
async fn send<W: Sink<Message> + Unpin>(sink: &mut W, text: String) -> bool {
    if text.len() <= MAX_FRAME {
        return send_whole(sink, Message::Text(text.into())).await;
    }
    let mut rest = tokio_tungstenite::tungstenite::Bytes::from(text);
    let mut kind = Data::Text;
    while !rest.is_empty() {
        let part = rest.split_to(rest.len().min(MAX_FRAME));
        let frame = Frame::message(part, OpCode::Data(kind), rest.is_empty());
        if !send_whole(sink, Message::Frame(frame)).await {
            return false;
        }
        kind = Data::Continue;
    }
    true
}

async fn send_whole<W: Sink<Message> + Unpin>(sink: &mut W, message: Message) -> bool {
    matches!(timeout(WRITE_LIMIT, sink.send(message)).await, Ok(Ok(())))
}
