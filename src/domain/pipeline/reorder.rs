//! Puts the account's pipelines into another order (R1).

use entity::{PipelineId, pipeline};
use sea_orm::Set;

use super::order::{moved, named, require_each_once};
use super::structure::{Structure, require_manage};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{Committed, UnitOfWork};

/// The wish to order the pipelines.
#[derive(Clone, Debug)]
pub struct ReorderPipelines {
    /// All of the account, each once, in their new order.
    pub pipelines: Vec<PipelineId>,
}

/// Orders the pipelines. Nothing happens when they stand so already.
///
/// # Errors
/// Not found, denied, invalid (an order that does not name every pipeline once).
pub async fn reorder(access: &Access, wish: &ReorderPipelines) -> Result<Committed> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let structure = Structure::read(&unit).await?;
    let pipelines: Vec<&pipeline::Model> = structure.pipelines.iter().collect();
    let in_order = named(&pipelines, &wish.pipelines, "pipelineIds", "pipeline")?;
    require_manage(&unit)?;
    require_each_once(&pipelines, &in_order, "pipelineIds", "pipeline")?;
    let moved = moved(in_order);
    if moved.is_empty() {
        return unit.unchanged(Committed::default()).await;
    }
    for (place, pipeline) in moved {
        stand(&unit, pipeline, place).await?;
        let change =
            Change::between("position", Some(pipeline.position.to_string()), Some(place.to_string()));
        unit.record(Subject::Pipeline(pipeline.id), What::Reordered, change.into_iter().collect(), None);
    }
    unit.raise_access_version().await?;
    unit.commit().await
}

/// Writes the place of a pipeline.
pub(super) async fn stand(unit: &UnitOfWork<'_>, pipeline: &pipeline::Model, place: i32) -> Result<()> {
    unit.update(pipeline::ActiveModel { id: Set(pipeline.id), position: Set(place), ..Default::default() })
        .await
}
