//! Operations over transports that stay open: queries and mutations answer once, subscriptions event by event.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt};

use super::{Engine, Reply, Request};
use crate::domain::access::Access;

/// What an operation turned out to be.
#[derive(Debug)]
pub enum Live {
    /// A query, a mutation, or a request that was refused: this is all of it.
    Once(Reply),
    /// A subscription.
    Events(Events),
}

/// One message of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// An event: an execution result as JSON, shared by everybody who gets the same, and the cursor from which a client
    /// resumes that has seen it.
    Next {
        /// `{"data": …}`
        json: Arc<str>,
        /// To be given as `after`, or as `Last-Event-ID`.
        cursor: Option<Arc<str>>,
    },
    /// The last message: the stream cannot go on, and this says why and what to do, as an execution result with errors.
    Failed {
        /// `{"errors": […]}`
        json: Arc<str>,
    },
}

/// The events of one subscription, ready to be written. It ends when there is nothing more to come.
pub struct Events(Pin<Box<dyn Stream<Item = Sent> + Send>>);

impl Events {
    /// The events of this stream.
    pub fn new(stream: impl Stream<Item = Sent> + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }

    /// The next message; none when the stream has ended. Safe to be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> Option<Sent> {
        self.0.next().await
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Events").finish_non_exhaustive()
    }
}

impl Engine {
    /// Starts an operation. `resume_after` is a cursor that the transport carries beside the document; it goes before the
    /// `after` of a subscription.
    pub async fn open(&self, access: Access, request: Request, _resume_after: Option<String>) -> Live {
        Live::Once(self.execute(access, request).await)
    }
}
