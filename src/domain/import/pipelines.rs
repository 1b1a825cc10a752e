//! Finds the pipelines and stages that rows name, and makes those that are missing.

use std::collections::HashMap;

use entity::{PipelineId, StageId, pipeline, stage};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::deal::Deal;
use super::scan::Plan;
use crate::domain::error::{Error, Result};
use crate::domain::pipeline::ensure;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;

/// The pipelines of a batch, each looked up when the first row needs it.
#[derive(Debug, Default)]
pub(super) struct Pipelines {
    by_name: HashMap<String, (PipelineId, HashMap<String, StageId>)>,
    /// How many pipelines were made.
    pub made: u64,
    /// How many stages were made.
    pub stages_made: u64,
}

impl Pipelines {
    /// The stage of a row. All stages of its pipeline are made together, since their order is known only so.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn stage(
        &mut self,
        unit: &UnitOfWork<'_>,
        plan: &Plan,
        deal: &Deal,
    ) -> Result<(PipelineId, StageId)> {
        let (pipeline_key, stage_key) = (text::fold(&deal.pipeline), text::fold(&deal.stage));
        if let Some((pipeline, stages)) = self.by_name.get(&pipeline_key)
            && let Some(stage) = stages.get(&stage_key)
        {
            return Ok((*pipeline, *stage));
        }
        let mut names = plan.stages(&deal.pipeline).to_vec();
        names.push(deal.stage.clone());
        let (had_pipeline, stages_before) = count(unit, &pipeline_key).await?;
        let (pipeline, stages) = ensure(unit, &deal.pipeline, &names).await?;
        self.made += u64::from(!had_pipeline);
        self.stages_made += (stages.len() - stages_before) as u64;

        let stages: HashMap<String, StageId> =
            stages.into_iter().map(|stage| (stage.name_key, stage.id)).collect();
        let stage = stages.get(&stage_key).copied();
        self.by_name.insert(pipeline_key, (pipeline.id, stages));
        stage.map(|stage| (pipeline.id, stage)).ok_or_else(|| Error::bug("a stage was not made"))
    }
}

async fn count(unit: &UnitOfWork<'_>, pipeline_key: &str) -> Result<(bool, usize)> {
    let pipeline = pipeline::Entity::find()
        .filter(pipeline::Column::AccountId.eq(unit.account().id))
        .filter(pipeline::Column::NameKey.eq(pipeline_key));
    let Some(pipeline) = unit.rows(pipeline).await?.pop() else { return Ok((false, 0)) };
    let stages = stage::Entity::find().filter(stage::Column::PipelineId.eq(pipeline.id));
    Ok((true, unit.rows(stages).await?.len()))
}
