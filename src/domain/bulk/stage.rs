//! Moves many opportunities to a stage (R1).

use entity::{PipelineId, StageId};
use policy::Action;

use super::choice::Choice;
use super::run::{Bulk, BulkDone};
use crate::domain::access::{Access, Filter};
use crate::domain::error::{Refusal, Result};
use crate::domain::opportunity::move_to;
use crate::domain::pipeline;
use crate::domain::unit_of_work::Reach;

/// The wish to move many opportunities.
#[derive(Clone, Debug)]
pub struct BulkMoveStage<F> {
    /// Which opportunities.
    pub choice: Choice<F>,
    /// To which stage.
    pub stage: StageId,
    /// Of which pipeline: opportunities of others move there. When left out, only those of the stage's own pipeline do.
    pub pipeline: Option<PipelineId>,
}

/// Moves opportunities to a stage. One that is there already is unchanged.
///
/// # Errors
/// Denied without `BULK_ACTIONS`; not found (the pipeline, the stage); invalid (too many records, a stage of another
/// pipeline).
pub async fn move_stage(
    access: &Access,
    wish: &BulkMoveStage<impl Filter<policy::Opportunity>>,
) -> Result<BulkDone> {
    let mut bulk = Bulk::begin::<policy::Opportunity>(access, &wish.choice, |_| Reach::Alone).await?;
    let stage = pipeline::known_stage(&bulk.unit, wish.stage, "stageId").await?;
    if let Some(wished) = wish.pipeline {
        let stages = pipeline::stages(&bulk.unit, wished, "pipelineId").await?;
        pipeline::stage_of(&stages, Some(stage.id), "stageId")?;
    }
    let elsewhere = || {
        let message = "this stage is of another pipeline: name that one as `pipelineId` to move it there";
        Refusal::invalid("stageId", message)
    };
    let checked = bulk.check(|unit, record| {
        unit.require(record, Action::Edit, "id")?;
        let stays = unit.held(record)?.deal.is_some_and(|deal| deal.pipeline == stage.pipeline_id);
        if stays || wish.pipeline.is_some() { Ok(()) } else { Err(elsewhere().into()) }
    })?;
    bulk.change(checked, |unit, record, ()| move_to(unit, record, &stage))?;
    bulk.commit().await
}
