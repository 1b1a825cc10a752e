//! What happens to one opportunity, as it happens.

use async_graphql::{Context, ID, Object, Subscription};
use entity::OpportunityId;
use futures_util::stream::BoxStream;

use super::Opportunity;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::id::named;
use crate::graphql::live::{Listening, StreamEventKind, Turn, Wanted, occasion};

/// One event of an opportunity's stream.
#[derive(Clone, Debug)]
pub struct OpportunityEvent {
    /// What all events have.
    pub turn: Turn,
    /// Of which opportunity.
    pub id: OpportunityId,
    /// The opportunity, where it is seen.
    pub opportunity: Option<Opportunity>,
}

/// One event of an opportunity's stream: what happened to it, its notes, its tasks and its followers.
#[Object]
impl OpportunityEvent {
    /// What the event says.
    async fn kind(&self) -> StreamEventKind {
        self.turn.kind
    }

    /// The opportunity that is listened to, `opportunity_…`.
    async fn opportunity_id(&self) -> ID {
        self.id.into()
    }

    /// The opportunity as the subscriber sees it now, which may be newer than the event. Null when access has ended.
    async fn opportunity(&self) -> Option<Opportunity> {
        self.opportunity.clone()
    }

    /// What happened, who did it and why. Null for what is no event of the history.
    async fn activity(&self, ctx: &Context<'_>) -> Answer<Activity> {
        Answer::of(self.turn.activity(ctx)).await
    }

    /// From where to resume after this event: give it as `after`. Opaque, and good for this opportunity alone.
    async fn cursor(&self) -> Option<&str> {
        self.turn.cursor.as_deref()
    }
}

/// Subscriptions to opportunities.
#[derive(Debug, Default)]
pub struct OpportunitySubscription;

/// Subscriptions to opportunities.
#[Subscription]
impl OpportunitySubscription {
    /// Everything that happens to one opportunity, in order and without a gap. `NOT_FOUND` where the viewer may not see it; once
    /// they may not see it any more, one last event says so and the stream ends.
    async fn opportunity_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity, `opportunity_…`.")] id: ID,
        #[graphql(
            desc = "Resume after the event with this `cursor`: nothing is missed, nothing comes twice."
        )]
        after: Option<String>,
    ) -> BoxStream<'static, OpportunityEvent> {
        occasion(ctx, Listening { wanted: Wanted::Opportunity(named(&id)), after })
    }
}
