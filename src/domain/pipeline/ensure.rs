//! Makes the pipelines and stages that imports and commands name, where they are missing.

use entity::{pipeline, stage};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};

use crate::domain::error::Result;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The pipeline of this name with at least these stages; what is missing is made, at the end.
///
/// # Errors
/// Invalid, when a name cannot be taken.
pub async fn ensure(
    unit: &UnitOfWork<'_>,
    name: &str,
    stage_names: &[String],
) -> Result<(pipeline::Model, Vec<stage::Model>)> {
    let mut problems = Problems::new();
    let name = problems.required_line("pipeline", name);
    let stage_names: Vec<String> =
        stage_names.iter().map(|stage| problems.required_line("stage", stage)).collect();
    problems.none()?;

    let account = unit.account().id;
    let all = unit.rows(pipeline::Entity::find().filter(pipeline::Column::AccountId.eq(account))).await?;
    let pipeline = match all.iter().find(|pipeline| pipeline.name_key == text::fold(&name)) {
        Some(pipeline) => pipeline.clone(),
        None => {
            let position = all.iter().map(|pipeline| pipeline.position + 1).max().unwrap_or_default();
            let name_key = text::fold(&name);
            let (id, version) = (unit.new_id(), 1);
            let made = pipeline::Model { id, account_id: account, name, name_key, position, version };
            unit.insert(made.clone().into_active_model().reset_all()).await?;
            made
        }
    };

    let mut stages = unit
        .rows(
            stage::Entity::find()
                .filter(stage::Column::PipelineId.eq(pipeline.id))
                .order_by_asc(stage::Column::Position),
        )
        .await?;
    let mut made = Vec::new();
    for name in stage_names {
        let name_key = text::fold(&name);
        if stages.iter().any(|stage| stage.name_key == name_key) {
            continue;
        }
        let position = stages.iter().map(|stage| stage.position + 1).max().unwrap_or_default();
        let id = unit.new_id();
        let pipeline_id = pipeline.id;
        let stage = stage::Model { id, account_id: account, pipeline_id, name, name_key, position };
        made.push(stage::ActiveModel {
            id: Set(stage.id),
            account_id: Set(stage.account_id),
            pipeline_id: Set(stage.pipeline_id),
            name: Set(stage.name.clone()),
            name_key: Set(stage.name_key.clone()),
            position: Set(stage.position),
        });
        stages.push(stage);
    }
    unit.insert_many(made).await?;
    unit.forget_stages();
    Ok((pipeline, stages))
}
