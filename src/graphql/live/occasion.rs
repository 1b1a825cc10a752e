//! Why the engine runs a subscription: once to learn what it listens to, then once for every event.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Context;
use entity::{CalendarId, ContactId, OpportunityId, PipelineId, UserId};
use futures_util::future::ready;
use futures_util::stream::{BoxStream, StreamExt, empty, once};

use crate::domain::stream::Topic;

/// What a subscription listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The viewer's own notices.
    Inbox(UserId),
    /// A contact.
    Contact(ContactId),
    /// An opportunity.
    Opportunity(OpportunityId),
    /// A pipeline and the opportunities in it.
    Pipeline(PipelineId),
    /// The appointments of a calendar.
    Calendar(CalendarId),
}

impl Wanted {
    /// As the streams name it.
    #[must_use]
    pub const fn topic(self) -> Topic {
        match self {
            Wanted::Inbox(id) => Topic::Inbox(id),
            Wanted::Contact(id) => Topic::Contact(id),
            Wanted::Opportunity(id) => Topic::Opportunity(id),
            Wanted::Pipeline(id) => Topic::Pipeline(id),
            Wanted::Calendar(id) => Topic::Calendar(id),
        }
    }
}

/// What a subscription listens to, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// To what.
    pub wanted: Wanted,
    /// After which event, as the client gave it.
    pub after: Option<String>,
}

/// Where a root field says what it listens to.
#[derive(Clone, Debug, Default)]
pub struct Opening(Arc<Mutex<Option<Listening>>>);

impl Opening {
    /// What was said.
    pub fn take(&self) -> Option<Listening> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn say(&self, listening: Listening) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(listening);
    }
}

/// One event as an object of the graph, handed to the root field that renders it.
pub struct Delivery(Mutex<Option<Box<dyn Any + Send>>>);

impl Delivery {
    /// The object.
    pub fn of<T: Send + 'static>(object: T) -> Self {
        Self(Mutex::new(Some(Box::new(object))))
    }

    fn take<T: 'static>(&self) -> Option<T> {
        let object = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        object.downcast().ok().map(|object| *object)
    }
}

/// What a root field answers: where the subscription opens, it says what it listens to, and nothing follows; where an
/// event is delivered, that event.
pub fn occasion<T: Send + 'static>(ctx: &Context<'_>, listening: Listening) -> BoxStream<'static, T> {
    if let Some(opening) = ctx.data_opt::<Opening>() {
        opening.say(listening);
        return empty().boxed();
    }
    match ctx.data_opt::<Delivery>().and_then(Delivery::take) {
        Some(object) => once(ready(object)).boxed(),
        None => empty().boxed(),
    }
}
