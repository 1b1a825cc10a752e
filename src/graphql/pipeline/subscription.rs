//! What happens in one pipeline, as it happens.

use async_graphql::{Context, ID, Object, Subscription};
use entity::{OpportunityId, PipelineId};
use futures_util::stream::BoxStream;

use super::Pipeline;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;
use crate::graphql::id::named;
use crate::graphql::live::{Listening, StreamEventKind, Turn, Wanted, occasion};
use crate::graphql::opportunity::Opportunity;

/// One event of a pipeline's stream.
#[derive(Clone, Debug)]
pub struct PipelineEvent {
    /// What all events have.
    pub turn: Turn,
    /// Of which pipeline.
    pub id: PipelineId,
    /// The opportunity that it is about.
    pub opportunity_id: Option<OpportunityId>,
    /// The opportunity, where it is seen.
    pub opportunity: Option<Opportunity>,
}

/// One event of a pipeline's stream: what happened to it, its stages, and those opportunities in it that the subscriber may
/// see.
#[Object]
impl PipelineEvent {
    /// What the event says.
    async fn kind(&self) -> StreamEventKind {
        self.turn.kind
    }

    /// The pipeline that is listened to, `pipeline_…`.
    async fn pipeline_id(&self) -> ID {
        self.id.into()
    }

    /// The pipeline as it is now. Null when access has ended.
    async fn pipeline(&self, ctx: &Context<'_>) -> Answer<Pipeline> {
        let ended = self.turn.kind == StreamEventKind::AccessEnded;
        Answer::of(async {
            let found = Pipeline::all(ctx.viewpoint(), &[self.id]).await?.remove(&self.id);
            Ok(found.filter(|_| !ended))
        })
        .await
    }

    /// The opportunity that the event is about, `opportunity_…`. Null for what happened to the pipeline itself.
    async fn opportunity_id(&self) -> Option<ID> {
        self.opportunity_id.map(Into::into)
    }

    /// That opportunity as the subscriber sees it now, which may be newer than the event. Null when it was removed.
    async fn opportunity(&self) -> Option<Opportunity> {
        self.opportunity.clone()
    }

    /// What happened, who did it and why. Null for what is no event of the history, and for a removal.
    async fn activity(&self, ctx: &Context<'_>) -> Answer<Activity> {
        Answer::of(self.turn.activity(ctx)).await
    }

    /// From where to resume after this event: give it as `after`. Opaque, and good for this pipeline alone.
    async fn cursor(&self) -> Option<&str> {
        self.turn.cursor.as_deref()
    }
}

/// Subscriptions to pipelines.
#[derive(Debug, Default)]
pub struct PipelineSubscription;

/// Subscriptions to pipelines.
#[Subscription]
impl PipelineSubscription {
    /// Everything that happens in one pipeline, to the opportunities that the viewer may see and to its stages, in order. One
    /// that leaves the pipeline, is deleted, or leaves the viewer's sight comes once more as `REMOVED`. `NOT_FOUND` where the
    /// viewer may see no pipelines.
    async fn pipeline_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline, `pipeline_…`.")] id: ID,
        #[graphql(
            desc = "Resume after the event with this `cursor`: nothing is missed, nothing comes twice."
        )]
        after: Option<String>,
    ) -> BoxStream<'static, PipelineEvent> {
        occasion(ctx, Listening { wanted: Wanted::Pipeline(named(&id)), after })
    }
}
