//! Operations over transports that stay open: queries and mutations answer once, subscriptions event by event.

mod cursor;
mod documents;
mod events;
mod occasion;
mod operation;
mod rendering;
mod shared;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt};

use super::error::Failure;
use super::{Engine, Reply, Request, response, variables};
use crate::domain::access::Access;
use crate::realtime::{self, Hub};

pub use cursor::StreamSeal;
pub use documents::Documents;
pub use events::{StreamEventKind, Turn};
pub use occasion::{Delivery, Listening, Wanted, occasion};

use occasion::Opening;
use rendering::Rendering;

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
    /// Starts an operation. Subscriptions hear of changes at `hub`. `resume_after` is a cursor that the transport carries beside the document; it goes before the
    /// `after` of a subscription.
    pub async fn open(
        self: &Arc<Self>,
        hub: &Hub,
        access: Access,
        request: Request,
        resume_after: Option<String>,
    ) -> Live {
        if !operation::is_subscription(&request.document, request.operation_name.as_deref()) {
            return Live::Once(self.execute(access, request).await);
        }
        match self.subscribe(hub, access, request, resume_after).await {
            Ok(events) => Live::Events(events),
            Err(reply) => Live::Once(reply),
        }
    }

    async fn subscribe(
        self: &Arc<Self>,
        hub: &Hub,
        access: Access,
        request: Request,
        resume_after: Option<String>,
    ) -> Result<Events, Reply> {
        let Request { document, operation_name, variables, request_id } = request;
        let refused = |failure: &Failure| response::refusal(vec![failure.report(None)]);
        let document = operation::with_root_fields(document, operation_name.as_deref())
            .map_err(|failure| refused(&failure))?;
        let variables = match variables::coerce(&self.types, &document, operation_name.as_deref(), variables)
        {
            Ok(variables) => variables,
            Err(problems) => {
                let faults = self.examiner.faults(document, operation_name).await;
                return Err(response::refusal(if faults.is_empty() { problems } else { faults }));
            }
        };
        let rendering = Rendering::new(Arc::clone(self), document, operation_name, variables, request_id);
        let opening = Opening::default();
        rendering.open(access.clone(), &opening).await?;
        let listening =
            opening.take().ok_or_else(|| refused(&Failure::bug("a subscription wants nothing")))?;

        let after = self.position(&access, &listening, resume_after).map_err(|failure| refused(&failure))?;
        let started = realtime::Stream::start(hub, &access, listening.wanted.topic(), after).await;
        match started {
            Ok(realtime::Start::Open(stream)) => Ok(rendering.events(stream, listening.wanted)),
            Ok(realtime::Start::NotFound) => Err(refused(&Failure::NotFound)),
            Err(error) => Err(response::refusal(vec![Failure::from(error).report(None)])),
        }
    }

    /// The number after which a subscription starts.
    fn position(
        &self,
        access: &Access,
        listening: &Listening,
        resume_after: Option<String>,
    ) -> Result<Option<i64>, Failure> {
        let Some(cursor) = resume_after.or_else(|| listening.after.clone()) else { return Ok(None) };
        let found = match listening.wanted {
            Wanted::Inbox(_) => cursor.parse().ok().filter(|number| *number >= 0),
            _ => self.stream_seal.read(access.actor().account, listening.wanted.topic(), &cursor),
        };
        found.map(Some).ok_or_else(|| {
            Failure::bad_input(
                "`after` is no cursor of this stream: start again without it, and read what changed",
            )
        })
    }
}
