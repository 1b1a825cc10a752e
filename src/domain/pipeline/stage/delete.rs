//! Deletes a stage; its opportunities go to another one of the pipeline (R1).

use entity::{StageId, stage};

use super::reorder::arrange;
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Refusal, Result};
use crate::domain::pipeline::delete::move_all;
use crate::domain::pipeline::structure::{Structure, raise_version, require_manage, require_version};
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to delete a stage.
#[derive(Clone, Copy, Debug)]
pub struct DeleteStage {
    /// Which.
    pub stage: StageId,
    /// The stage of the same pipeline to which its opportunities go. Always given: whether any need it, hidden ones among
    /// them, must not show (A7).
    pub move_to: StageId,
    /// The version of the pipeline that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes a stage.
///
/// # Errors
/// Not found, denied, invalid (the last stage, itself, or a stage of another pipeline), stale.
pub async fn delete(access: &Access, wish: &DeleteStage) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    let stage = structure.stage(wish.stage, "id")?;
    let target = structure.stage(wish.move_to, "moveTo")?;
    let pipeline = structure.pipeline(stage.pipeline_id, "id")?;
    require_manage(&unit)?;
    let rest: Vec<&stage::Model> =
        structure.stages_of(pipeline.id).into_iter().filter(|other| other.id != stage.id).collect();
    if rest.is_empty() {
        let message = "this is the last stage, and a pipeline has at least one: make another one first";
        return Err(Refusal::invalid("id", message).into());
    }
    if target.id == stage.id || target.pipeline_id != pipeline.id {
        let message = "must be another stage of the same pipeline";
        return Err(Refusal::invalid("moveTo", message).into());
    }
    require_version(pipeline, wish.expected_version)?;

    let changes = [
        Change::between("name", Some(stage.name.clone()), None),
        Change::between("movedTo", None, Some(target.id.to_string())),
    ];
    let subject = Subject::Stage { stage: stage.id, pipeline: pipeline.id };
    let deleted = unit.record(subject, What::Deleted, changes.into_iter().flatten().collect(), None);
    move_all(&mut unit, &[stage.id], target, deleted).await?;
    unit.drop_stages(vec![stage.id], None);
    arrange(&unit, &rest).await?;
    raise_version(&mut unit, pipeline).await?;
    unit.commit().await
}
