//! Gives a stage another name (R1).

use entity::{StageId, stage};
use sea_orm::Set;

use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::pipeline::names;
use crate::domain::pipeline::structure::{Structure, raise_version, require_manage, require_version};
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to rename a stage.
#[derive(Clone, Debug)]
pub struct RenameStage {
    /// Which.
    pub stage: StageId,
    /// Unique in the pipeline, whatever its case.
    pub name: String,
    /// The version of the pipeline that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Renames a stage. Nothing happens when it is called so already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn rename(access: &Access, wish: &RenameStage) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    let stage = structure.stage(wish.stage, "id")?;
    let pipeline = structure.pipeline(stage.pipeline_id, "id")?;
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let others = structure.stages_of(pipeline.id).into_iter().filter(|other| other.id != stage.id);
    let others = others.map(|other| other.name_key.as_str());
    let name = names::unique(&mut problems, "name", "stage", &wish.name, others);
    problems.none()?;
    require_version(pipeline, wish.expected_version)?;
    let Some(change) = Change::between("name", Some(stage.name.clone()), Some(name.clone())) else {
        return unit.unchanged(Committed::default()).await;
    };

    unit.update(stage::ActiveModel {
        id: Set(stage.id),
        name_key: Set(text::fold(&name)),
        name: Set(name),
        ..Default::default()
    })
    .await?;
    let subject = Subject::Stage { stage: stage.id, pipeline: pipeline.id };
    unit.record(subject, What::Renamed, vec![change], None);
    raise_version(&mut unit, pipeline).await?;
    unit.commit().await
}
