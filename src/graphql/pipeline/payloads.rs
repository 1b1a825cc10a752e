//! What the mutations of pipelines and stages answer.

use async_graphql::{ID, Object};
use entity::{OpportunityId, PipelineId, StageId};

use super::{Pipeline, Stage};
use crate::domain;
use crate::domain::activity::{Event, Subject, What};
use crate::domain::idempotency::Outcome;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::Committed;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::siblings::portions;
use crate::graphql::user_errors::UserError;

/// What an act on pipelines came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Arranged {
    eyes: Eyes,
    named: Named,
    done: Result<Committed, Vec<UserError>>,
}

/// What an act is about.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    /// All pipelines of the account.
    Pipelines,
    /// One pipeline.
    Pipeline(PipelineId),
    /// One stage.
    Stage(StageId),
}

impl From<PipelineId> for Named {
    fn from(id: PipelineId) -> Self {
        Named::Pipeline(id)
    }
}

impl From<StageId> for Named {
    fn from(id: StageId) -> Self {
        Named::Stage(id)
    }
}

impl Arranged {
    /// Runs an act on what is named.
    ///
    /// # Errors
    /// A server that failed, and did nothing.
    pub async fn by(
        acting: &Acting,
        named: Named,
        act: impl Future<Output = domain::error::Result<Committed>>,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named, done })
    }

    /// Runs an act that makes something; where it is refused, it was about what is named.
    ///
    /// # Errors
    /// A server that failed, and did nothing.
    pub async fn making<I>(
        acting: &Acting,
        named: Named,
        act: impl Future<Output = domain::error::Result<(I, Committed)>>,
    ) -> Result<Self, Failure>
    where
        I: Into<Named>,
        (I, Committed): Outcome,
    {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(match done {
            Ok((made, committed)) => Self { eyes, named: made.into(), done: Ok(committed) },
            Err(errors) => Self { eyes, named, done: Err(errors) },
        })
    }

    fn id(&self) -> Option<ID> {
        match (&self.done, self.named) {
            (Err(_), _) | (_, Named::Pipelines) => None,
            (Ok(_), Named::Pipeline(id)) => Some(id.into()),
            (Ok(_), Named::Stage(id)) => Some(id.into()),
        }
    }

    fn user_errors(&self) -> Vec<UserError> {
        self.done.as_ref().err().cloned().unwrap_or_default()
    }

    async fn pipelines(&self) -> Result<Option<Vec<Pipeline>>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        Ok(Some(Pipeline::siblings(viewpoint, viewpoint.access().pipelines().await?)))
    }

    async fn pipeline(&self) -> Result<Option<Pipeline>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        let pipeline = match (self.named, self.deleted_stage_of()) {
            (Named::Pipeline(id), _) | (_, Some(id)) => id,
            (Named::Stage(id), None) => {
                return match Stage::all(viewpoint, &[id]).await?.remove(&id) {
                    Some(stage) => stage.its_pipeline().await,
                    None => Ok(None),
                };
            }
            (Named::Pipelines, _) => return Ok(None),
        };
        Ok(Pipeline::all(viewpoint, &[pipeline]).await?.remove(&pipeline))
    }

    async fn stage(&self) -> Result<Option<Stage>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        let Named::Stage(id) = self.named else { return Ok(None) };
        Ok(Stage::all(viewpoint, &[id]).await?.remove(&id))
    }

    fn events(&self) -> &[Event] {
        self.done.as_ref().map_or(&[], |committed| &committed.events)
    }

    /// A stage that the act has deleted is not there to name its pipeline.
    fn deleted_stage_of(&self) -> Option<PipelineId> {
        self.events().iter().find_map(|event| match (event.subject, event.what) {
            (Subject::Stage { pipeline, .. }, What::Deleted) => Some(pipeline),
            _ => None,
        })
    }

    /// How many of what was moved the caller sees: the others are none of their business (A7).
    async fn moved(&self) -> Result<Option<u64>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        if self.done.is_err() {
            return Ok(None);
        }
        let moved = self.events().iter().filter_map(|event| match (event.subject, event.what) {
            (Subject::Record(RecordRef::Opportunity(id)), What::StageMoved) => Some(id),
            _ => None,
        });
        let moved: Vec<OpportunityId> = moved.collect();
        let mut visible = 0;
        for portion in portions(&moved) {
            visible += viewpoint.access().count_visible::<policy::Opportunity>(portion).await?;
        }
        Ok(Some(visible))
    }
}

/// One payload: what it is about, what else it has to say, and `userErrors`.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($fields:tt)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub(super) Arranged);

        $(#[$doc])*
        #[Object]
        impl $name {
            $($fields)*

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors()
            }
        }
    )*};
}

payloads! {
    /// What `pipelineCreate` came to.
    PipelineCreatePayload {
        /// The id of the new pipeline. Null when the call was refused.
        async fn id(&self) -> Option<ID> {
            self.0.id()
        }

        /// The new pipeline, the last one of the account. Null when the call was refused.
        async fn pipeline(&self) -> Answer<Pipeline> {
            Answer::of(self.0.pipeline()).await
        }
    }

    /// What `pipelineRename` came to. When it was called so already, nothing happened and the version stays.
    PipelineRenamePayload {
        /// The id of the pipeline. Null when the call was refused.
        async fn id(&self) -> Option<ID> {
            self.0.id()
        }

        /// The pipeline as it is after the call, also when it was refused.
        async fn pipeline(&self) -> Answer<Pipeline> {
            Answer::of(self.0.pipeline()).await
        }
    }

    /// What `pipelineReorder` came to. When the pipelines stood so already, nothing happened.
    PipelineReorderPayload {
        /// All pipelines in the order in which they stand after the call, also when it was refused.
        async fn pipelines(&self) -> Answer<Vec<Pipeline>> {
            Answer::of(self.0.pipelines()).await
        }
    }

    /// What `pipelineDelete` came to.
    PipelineDeletePayload {
        /// The id of the pipeline that is no more. Null when the call was refused.
        async fn id(&self) -> Option<ID> {
            self.0.id()
        }

        /// The pipeline as it is, when the call was refused. Null when it is no more.
        async fn pipeline(&self) -> Answer<Pipeline> {
            Answer::of(self.0.pipeline()).await
        }

        /// How many opportunities that the caller sees went to the other stage. All of the pipeline did, also those that
        /// the caller does not see. Null when the call was refused.
        async fn moved_count(&self) -> Answer<u64> {
            Answer::of(self.0.moved()).await
        }
    }

    /// What `stageCreate` came to.
    StageCreatePayload {
        /// The id of the new stage. Null when the call was refused.
        async fn id(&self) -> Option<ID> {
            self.0.id()
        }

        /// The new stage. Null when the call was refused.
        async fn stage(&self) -> Answer<Stage> {
            Answer::of(self.0.stage()).await
        }

        /// Its pipeline as it is after the call, also when it was refused.
        async fn pipeline(&self) -> Answer<Pipeline> {
            Answer::of(self.0.pipeline()).await
        }
    }

    /// What `stageRename` came to. When it was called so already, nothing happened and the version stays.
    StageRenamePayload {
        /// The id of the stage. Null when the call was refused.
        async fn id(&self) -> Option<ID> {
            self.0.id()
        }

        /// The stage as it is after the call, also when it was refused.
        async fn stage(&self) -> Answer<Stage> {
            Answer::of(self.0.stage()).await
        }

        /// Its pipeline as it is after the call, also when it was refused.
        async fn pipeline(&self) -> Answer<Pipeline> {
            Answer::of(self.0.pipeline()).await
        }
    }

    /// What `stageReorder` came to. When the stages stood so already, nothing happened and the version stays.
    StageReorderPayload {
        /// The id of the pipeline. Null when the call was refused.
        async fn id(&self) -> Option<ID> {
            self.0.id()
        }

        /// The pipeline with its stages as they stand after the call, also when it was refused.
        async fn pipeline(&self) -> Answer<Pipeline> {
            Answer::of(self.0.pipeline()).await
        }
    }

    /// What `stageDelete` came to.
    StageDeletePayload {
        /// The id of the stage that is no more. Null when the call was refused.
        async fn id(&self) -> Option<ID> {
            self.0.id()
        }

        /// Its pipeline as it is after the call, also when it was refused.
        async fn pipeline(&self) -> Answer<Pipeline> {
            Answer::of(self.0.pipeline()).await
        }

        /// How many opportunities that the caller sees went to the other stage. All of the stage did, also those that the
        /// caller does not see. Null when the call was refused.
        async fn moved_count(&self) -> Answer<u64> {
            Answer::of(self.0.moved()).await
        }
    }
}
