//! Gives a pipeline another name (R1).

use entity::{PipelineId, pipeline};
use sea_orm::Set;

use super::names;
use super::structure::{Structure, raise_version, require_manage, require_version};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to rename a pipeline.
#[derive(Clone, Debug)]
pub struct RenamePipeline {
    /// Which.
    pub pipeline: PipelineId,
    /// Unique in the account, whatever its case.
    pub name: String,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Renames a pipeline. Nothing happens when it is called so already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn rename(access: &Access, wish: &RenamePipeline) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    let pipeline = structure.pipeline(wish.pipeline, "id")?;
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let others = structure.pipelines.iter().filter(|other| other.id != pipeline.id);
    let others = others.map(|other| other.name_key.as_str());
    let name = names::unique(&mut problems, "name", "pipeline", &wish.name, others);
    problems.none()?;
    require_version(pipeline, wish.expected_version)?;
    let Some(change) = Change::between("name", Some(pipeline.name.clone()), Some(name.clone())) else {
        return unit.unchanged(Committed::default()).await;
    };

    unit.update(pipeline::ActiveModel {
        id: Set(pipeline.id),
        name_key: Set(text::fold(&name)),
        name: Set(name),
        ..Default::default()
    })
    .await?;
    unit.record(Subject::Pipeline(pipeline.id), What::Renamed, vec![change], None);
    raise_version(&mut unit, pipeline).await?;
    unit.commit().await
}
