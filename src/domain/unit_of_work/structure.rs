//! Stages and pipelines that a change takes away, with the opportunities in them (R1).

use entity::{PipelineId, StageId, TypedId, member_stage_total, pipeline, stage, stage_total};
use policy::Record as _;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::UnitOfWork;
use super::hold::Life;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;

/// What is taken away at the end, when nothing points to it any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Dropped {
    stages: Vec<StageId>,
    pipeline: Option<PipelineId>,
}

impl UnitOfWork<'_> {
    /// Locks every opportunity of these stages, by id, hidden and deleted ones too: where a stage goes, all that is in it
    /// goes elsewhere. The actor's sight does not matter, and nothing that is held here may be told of.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn hold_stages(&mut self, stages: &[StageId]) -> Result<Vec<RecordRef>> {
        let columns = policy::Opportunity::COLUMNS;
        let stages: Vec<Uuid> = stages.iter().map(|stage| stage.uuid()).collect();
        let mut locked = self.lock(columns, "stage_id", &stages, Some(Life::There)).await?;
        locked.extend(self.lock(columns, "stage_id", &stages, Some(Life::Deleted)).await?);
        self.load_locked(Vec::new(), locked.clone()).await?;
        locked.sort_unstable();
        Ok(locked
            .into_iter()
            .map(|id| RecordRef::Opportunity(entity::OpportunityId::from_uuid(id)))
            .collect())
    }

    /// Takes stages away, and the pipeline that they were all of, when the opportunities in them have gone elsewhere.
    pub(in crate::domain) fn drop_stages(&mut self, stages: Vec<StageId>, pipeline: Option<PipelineId>) {
        self.dropped = Dropped { stages, pipeline };
    }

    pub(super) async fn drop_structure(&self) -> Result<()> {
        let Dropped { stages, pipeline } = &self.dropped;
        if stages.is_empty() {
            return Ok(());
        }
        let stages = || stages.iter().copied();
        let of_stages = stage_total::Entity::delete_many();
        self.delete(of_stages.filter(stage_total::Column::StageId.is_in(stages()))).await?;
        let of_members = member_stage_total::Entity::delete_many();
        self.delete(of_members.filter(member_stage_total::Column::StageId.is_in(stages()))).await?;
        self.delete(stage::Entity::delete_many().filter(stage::Column::Id.is_in(stages()))).await?;
        if let Some(pipeline) = *pipeline {
            let whole = pipeline::Entity::delete_many().filter(pipeline::Column::Id.eq(pipeline));
            self.delete(whole).await?;
        }
        Ok(())
    }
}
