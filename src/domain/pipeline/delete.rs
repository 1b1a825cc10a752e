//! Deletes a pipeline with its stages; its opportunities go to a stage of another one (R1).

use entity::{ActivityId, PipelineId, StageId, stage};

use super::order::moved;
use super::reorder::stand;
use super::structure::{Structure, require_manage, require_version};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Refusal, Result};
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to delete a pipeline.
#[derive(Clone, Copy, Debug)]
pub struct DeletePipeline {
    /// Which.
    pub pipeline: PipelineId,
    /// The stage of another pipeline to which its opportunities go. Always given: whether any need it, hidden ones among
    /// them, must not show (A7).
    pub move_to: StageId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes a pipeline.
///
/// # Errors
/// Not found, denied, invalid (the last pipeline, or a stage of the same one), stale.
pub async fn delete(access: &Access, wish: &DeletePipeline) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    let pipeline = structure.pipeline(wish.pipeline, "id")?;
    let target = structure.stage(wish.move_to, "moveTo")?;
    require_manage(&unit)?;
    if structure.pipelines.len() == 1 {
        let message = "this is the last pipeline, and opportunities need one: make another one first";
        return Err(Refusal::invalid("id", message).into());
    }
    if target.pipeline_id == pipeline.id {
        let message = "this stage goes too: choose one of another pipeline";
        return Err(Refusal::invalid("moveTo", message).into());
    }
    require_version(pipeline, wish.expected_version)?;

    let changes = [
        Change::between("name", Some(pipeline.name.clone()), None),
        Change::between("movedTo", None, Some(target.id.to_string())),
    ];
    let changes = changes.into_iter().flatten().collect();
    let deleted = unit.record(Subject::Pipeline(pipeline.id), What::Deleted, changes, None);
    let stages: Vec<StageId> = structure.stages_of(pipeline.id).into_iter().map(|stage| stage.id).collect();
    move_all(&mut unit, &stages, target, deleted).await?;
    unit.drop_stages(stages, Some(pipeline.id));
    let rest = structure.pipelines.iter().filter(|other| other.id != pipeline.id);
    for (place, other) in moved(rest) {
        stand(&unit, other, place).await?;
    }
    unit.raise_access_version().await?;
    unit.commit().await
}

/// Moves everything that is in these stages, whether the actor sees it or not. Each one changes: its history says so,
/// naming the deletion as the cause.
pub(super) async fn move_all(
    unit: &mut UnitOfWork<'_>,
    stages: &[StageId],
    target: &stage::Model,
    deleted: ActivityId,
) -> Result<()> {
    for record in unit.hold_stages(stages).await? {
        let deal = unit.deal_mut(record)?;
        let before = deal.stage;
        (deal.pipeline, deal.stage) = (target.pipeline_id, target.id);
        let change = Change::between("stage", Some(before.to_string()), Some(target.id.to_string()));
        unit.record(record, What::StageMoved, change.into_iter().collect(), Some(deleted));
    }
    Ok(())
}
