//! Makes a pipeline with its stages (R1).

use entity::{PipelineId, pipeline, stage};
use sea_orm::Set;

use super::names;
use super::structure::{MAX_PIPELINES, MAX_STAGES, Structure, require_manage, require_room};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::text;
use crate::domain::unit_of_work::{Committed, UnitOfWork};
use crate::domain::validate::Problems;

/// The wish to make a pipeline.
#[derive(Clone, Debug)]
pub struct CreatePipeline {
    /// Unique in the account, whatever its case.
    pub name: String,
    /// The names of its stages, in their order; at least one, each unique in the pipeline.
    pub stages: Vec<String>,
}

/// Makes a pipeline, as the last one of the account.
///
/// # Errors
/// Denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreatePipeline) -> Result<(PipelineId, Committed)> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let others = structure.pipelines.iter().map(|pipeline| pipeline.name_key.as_str());
    let name = names::unique(&mut problems, "name", "pipeline", &wish.name, others);
    if wish.stages.is_empty() {
        problems.add("stages", "a pipeline has at least one stage");
    } else if wish.stages.len() > MAX_STAGES {
        problems.add("stages", format!("at most {MAX_STAGES} fit here"));
    }
    let stages = names::distinct(&mut problems, "stages", "stage", &wish.stages);
    problems.none()?;
    require_room(structure.pipelines.len(), MAX_PIPELINES, "pipelines", "")?;

    let (id, account_id) = (unit.new_id::<PipelineId>(), unit.account().id);
    unit.insert(pipeline::ActiveModel {
        id: Set(id),
        account_id: Set(account_id),
        name: Set(name.clone()),
        name_key: Set(text::fold(&name)),
        position: Set(i32::try_from(structure.pipelines.len()).unwrap_or(i32::MAX)),
        version: Set(1),
    })
    .await?;
    let rows = (0..).zip(&stages).map(|(position, name)| stage::ActiveModel {
        id: Set(unit.new_id()),
        account_id: Set(account_id),
        pipeline_id: Set(id),
        name: Set(name.clone()),
        name_key: Set(text::fold(name)),
        position: Set(position),
    });
    unit.insert_many(rows.collect()).await?;

    let changes =
        [Change::between("name", None, Some(name)), Change::between("stages", None, Some(stages.join(", ")))];
    unit.record(Subject::Pipeline(id), What::Created, changes.into_iter().flatten().collect(), None);
    unit.raise_access_version().await?;
    unit.commit_as(|committed| (id, committed)).await
}
