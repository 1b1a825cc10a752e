//! Puts the stages of a pipeline into another order (R1).

use entity::{PipelineId, StageId, stage};
use sea_orm::Set;

use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::pipeline::order::{moved, named, require_each_once};
use crate::domain::pipeline::structure::{Structure, raise_version, require_manage, require_version};
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to order the stages of a pipeline.
#[derive(Clone, Debug)]
pub struct ReorderStages {
    /// Of which pipeline.
    pub pipeline: PipelineId,
    /// All of its stages, each once, in their new order.
    pub stages: Vec<StageId>,
    /// The version of the pipeline that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Orders the stages. Nothing happens when they stand so already.
///
/// # Errors
/// Not found, denied, invalid (an order that does not name every stage once), stale.
pub async fn reorder(access: &Access, wish: &ReorderStages) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    let pipeline = structure.pipeline(wish.pipeline, "pipelineId")?;
    let stages = structure.stages_of(pipeline.id);
    let in_order = named(&stages, &wish.stages, "stageIds", "stage of this pipeline")?;
    require_manage(&unit)?;
    require_each_once(&stages, &in_order, "stageIds", "stage of this pipeline")?;
    require_version(pipeline, wish.expected_version)?;
    let Some(change) = Change::between("stages", names(&stages), names(&in_order)) else {
        return unit.unchanged(Committed::default()).await;
    };

    arrange(&unit, &in_order).await?;
    unit.record(Subject::Pipeline(pipeline.id), What::Reordered, vec![change], None);
    raise_version(&mut unit, pipeline).await?;
    unit.commit().await
}

/// Writes the places of stages that stand elsewhere now.
pub(super) async fn arrange(unit: &UnitOfWork<'_>, in_order: &[&stage::Model]) -> Result<()> {
    for (place, stage) in moved(in_order.iter().copied()) {
        unit.update(stage::ActiveModel { id: Set(stage.id), position: Set(place), ..Default::default() })
            .await?;
    }
    Ok(())
}

/// Stages as the history names them: by name, since they are told of when they are gone, too.
fn names(stages: &[&stage::Model]) -> Option<String> {
    let names: Vec<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
    Some(names.join(", "))
}
