//! Moves an opportunity to another stage (R1).

use entity::opportunity::Status;
use entity::{OpportunityId, PipelineId, StageId, stage};
use policy::Action;

use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::duplicates;
use crate::domain::error::Result;
use crate::domain::pipeline;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to move an opportunity.
#[derive(Clone, Copy, Debug)]
pub struct MoveStage {
    /// Which.
    pub opportunity: OpportunityId,
    /// To which stage.
    pub stage: StageId,
    /// Of which pipeline; its own when left out.
    pub pipeline: Option<PipelineId>,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Moves an opportunity. Nothing happens when it is there already.
///
/// # Errors
/// Not found, denied, invalid (a stage of another pipeline), stale.
pub async fn move_stage(access: &Access, wish: &MoveStage) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !move_stage_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

/// Moves an opportunity as a part of a larger change; false when it was there already.
///
/// # Errors
/// As [`move_stage`].
pub async fn move_stage_in(unit: &mut UnitOfWork<'_>, wish: &MoveStage) -> Result<bool> {
    let record = RecordRef::Opportunity(wish.opportunity);
    unit.hold(record, duplicates::reach(unit.account()), "id").await?;
    let before = *unit.deal_mut(record)?;
    let pipeline = wish.pipeline.unwrap_or(before.pipeline);
    let stages = pipeline::stages(unit, pipeline, "pipelineId").await?;
    pipeline::require_known_stage(unit, wish.stage, "stageId").await?;
    unit.require(record, Action::Edit, "id")?;
    let stage = pipeline::stage_of(&stages, Some(wish.stage), "stageId")?;
    unit.require_version(record, wish.expected_version)?;
    if before.pipeline != stage.pipeline_id && before.status == Status::Open {
        let contact = unit.held(record)?.contact;
        let pipeline = stage.pipeline_id;
        duplicates::refuse_opportunity(unit, Some(wish.opportunity), contact, pipeline, "pipelineId").await?;
        duplicates::flag_opportunity(unit, wish.opportunity, contact, pipeline).await?;
    }
    move_to(unit, record, &stage)
}

/// Moves a held opportunity to a stage; false when it is there already. It was authorized before.
///
/// # Errors
/// A bug, when it is not held.
pub fn move_to(unit: &mut UnitOfWork<'_>, record: RecordRef, stage: &stage::Model) -> Result<bool> {
    let deal = unit.deal_mut(record)?;
    let before = *deal;
    if before.stage == stage.id {
        return Ok(false);
    }
    (deal.pipeline, deal.stage) = (stage.pipeline_id, stage.id);
    let change = Change::between("stage", Some(before.stage.to_string()), Some(stage.id.to_string()));
    unit.record(record, What::StageMoved, change.into_iter().collect(), None);
    Ok(true)
}
