//! What happens to one contact, as it happens.

use async_graphql::{Context, ID, Object, Subscription};
use entity::ContactId;
use futures_util::stream::BoxStream;

use super::Contact;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::id::named;
use crate::graphql::live::{Listening, StreamEventKind, Turn, Wanted, occasion};

/// One event of a contact's stream.
#[derive(Clone, Debug)]
pub struct ContactEvent {
    /// What all events have.
    pub turn: Turn,
    /// Of which contact.
    pub id: ContactId,
    /// The contact, where it is seen.
    pub contact: Option<Contact>,
}

/// One event of a contact's stream: what happened to it, its notes, its tasks, its followers and its appointments.
#[Object]
impl ContactEvent {
    /// What the event says.
    async fn kind(&self) -> StreamEventKind {
        self.turn.kind
    }

    /// The contact that is listened to, `contact_…`.
    async fn contact_id(&self) -> ID {
        self.id.into()
    }

    /// The contact as the subscriber sees it now, which may be newer than the event. Null when access has ended.
    async fn contact(&self) -> Option<Contact> {
        self.contact.clone()
    }

    /// What happened, who did it and why. Null for what is no event of the history.
    async fn activity(&self, ctx: &Context<'_>) -> Answer<Activity> {
        Answer::of(self.turn.activity(ctx)).await
    }

    /// From where to resume after this event: give it as `after`. Opaque, and good for this contact alone.
    async fn cursor(&self) -> Option<&str> {
        self.turn.cursor.as_deref()
    }
}

/// Subscriptions to contacts.
#[derive(Debug, Default)]
pub struct ContactSubscription;

/// Subscriptions to contacts.
#[Subscription]
impl ContactSubscription {
    /// Everything that happens to one contact, in order and without a gap. `NOT_FOUND` where the viewer may not see it; once
    /// they may not see it any more, one last event says so and the stream ends.
    async fn contact_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact, `contact_…`.")] id: ID,
        #[graphql(
            desc = "Resume after the event with this `cursor`: nothing is missed, nothing comes twice."
        )]
        after: Option<String>,
    ) -> BoxStream<'static, ContactEvent> {
        occasion(ctx, Listening { wanted: Wanted::Contact(named(&id)), after })
    }
}
