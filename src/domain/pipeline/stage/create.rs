//! Makes a stage (R1).

use entity::{PipelineId, StageId, stage};
use sea_orm::Set;

use super::reorder::arrange;
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::pipeline::names;
use crate::domain::pipeline::structure::{
    MAX_STAGES, Structure, place, raise_version, require_manage, require_room, require_version,
};
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to make a stage.
#[derive(Clone, Debug)]
pub struct CreateStage {
    /// Of which pipeline.
    pub pipeline: PipelineId,
    /// Unique in the pipeline, whatever its case.
    pub name: String,
    /// Its place, from 0; the last one when left out.
    pub position: Option<i32>,
    /// The version of the pipeline that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Makes a stage. Those that stand at its place and after it move on by one.
///
/// # Errors
/// Not found, denied, invalid, stale, limit.
pub async fn create(access: &Access, wish: &CreateStage) -> Result<(StageId, Committed)> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    let pipeline = structure.pipeline(wish.pipeline, "pipelineId")?;
    let stages = structure.stages_of(pipeline.id);
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let others = stages.iter().map(|stage| stage.name_key.as_str());
    let name = names::unique(&mut problems, "name", "stage", &wish.name, others);
    let place = place(&mut problems, wish.position, stages.len());
    problems.none()?;
    require_version(pipeline, wish.expected_version)?;
    require_room(stages.len(), MAX_STAGES, "stages in this pipeline", "")?;

    let made = stage::Model {
        id: unit.new_id(),
        account_id: unit.account().id,
        pipeline_id: pipeline.id,
        name_key: text::fold(&name),
        name,
        position: i32::try_from(place).unwrap_or(i32::MAX),
    };
    let mut in_order = stages;
    in_order.insert(place, &made);
    arrange(&unit, &in_order).await?;
    unit.insert(stage::ActiveModel {
        id: Set(made.id),
        account_id: Set(made.account_id),
        pipeline_id: Set(made.pipeline_id),
        name: Set(made.name.clone()),
        name_key: Set(made.name_key.clone()),
        position: Set(made.position),
    })
    .await?;
    let changes = [
        Change::between("name", None, Some(made.name.clone())),
        Change::between("position", None, Some(made.position.to_string())),
    ];
    let subject = Subject::Stage { stage: made.id, pipeline: pipeline.id };
    unit.record(subject, What::Created, changes.into_iter().flatten().collect(), None);
    raise_version(&mut unit, pipeline).await?;
    unit.commit_as(|committed| (made.id, committed)).await
}
