//! Moves many opportunities to a stage (R1).

use entity::opportunity::Status;
use entity::{PipelineId, StageId, stage};
use policy::Action;

use super::choice::Choice;
use super::run::{Bulk, BulkDone};
use crate::domain::access::{Access, Filter};
use crate::domain::duplicates;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::opportunity::move_to;
use crate::domain::pipeline;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::UnitOfWork;

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
    let mut bulk =
        Bulk::begin::<policy::Opportunity>(access, &wish.choice, |unit| duplicates::reach(unit.account()))
            .await?;
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
    for (record, ()) in checked {
        match require_alone(&bulk.unit, record, &stage).await {
            Ok(()) => bulk.change(vec![(record, ())], |unit, record, ()| move_to(unit, record, &stage))?,
            Err(Error::Refused(refusals)) => bulk.refuse(record, refusals),
            Err(broken) => return Err(broken),
        }
    }
    bulk.commit().await
}

/// R3: an open opportunity goes to no pipeline where its contact has one already. Only a change of pipeline asks, where the
/// account allows no duplicates: each for itself, since those that the call moved before count.
async fn require_alone(unit: &UnitOfWork<'_>, record: RecordRef, stage: &stage::Model) -> Result<()> {
    let held = unit.held(record)?;
    let moves =
        held.deal.is_some_and(|deal| deal.pipeline != stage.pipeline_id && deal.status == Status::Open);
    let (RecordRef::Opportunity(id), true, contact) = (record, moves, held.contact) else { return Ok(()) };
    duplicates::refuse_opportunity(unit, Some(id), contact, stage.pipeline_id, "pipelineId").await?;
    duplicates::flag_opportunity(unit, id, contact, stage.pipeline_id).await
}
