//! Pipelines and stages: how they are found, and how imports and commands make them (R1).

use entity::{PipelineId, StageId, pipeline, stage};
use policy::Action;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};

use super::error::{Error, Refusal, Result};
use super::text;
use super::unit_of_work::UnitOfWork;
use super::validate::Problems;

/// The stages of a pipeline that the actor may see, in their order.
///
/// # Errors
/// Not found.
pub async fn stages(unit: &UnitOfWork<'_>, id: PipelineId, field: &str) -> Result<Vec<stage::Model>> {
    let may_view = unit.access().may::<policy::Pipeline>(Action::View).is_granted();
    let stages = unit.stages_of(id).await?;
    if may_view && !stages.is_empty() {
        return Ok(stages.to_vec());
    }
    Err(Refusal { message: "there is no such pipeline".into(), ..Refusal::not_found(field) }.into())
}

/// The wished stage among those of a pipeline, or its first one.
///
/// # Errors
/// Invalid, when the stage is not in that pipeline.
pub fn stage_of(stages: &[stage::Model], wished: Option<StageId>, field: &str) -> Result<stage::Model> {
    let Some(wished) = wished else {
        return stages.first().cloned().ok_or_else(|| Error::bug("a pipeline has no stage"));
    };
    let found = stages.iter().find(|stage| stage.id == wished);
    found.cloned().ok_or_else(|| {
        let names: Vec<String> = stages.iter().map(|stage| format!("`{}`", stage.name)).collect();
        let message = format!("this stage is not in that pipeline, which has {}", names.join(", "));
        Refusal::invalid(field, message).into()
    })
}

/// Refuses a stage that the account does not have at all.
///
/// # Errors
/// Not found.
pub async fn require_known_stage(unit: &UnitOfWork<'_>, id: StageId, field: &str) -> Result<()> {
    stage_of_account(unit, id, field).await.map(|_| ())
}

/// The stage with this id, where the actor may see pipelines at all.
///
/// # Errors
/// Not found.
pub async fn known_stage(unit: &UnitOfWork<'_>, id: StageId, field: &str) -> Result<stage::Model> {
    let stage = stage_of_account(unit, id, field).await?;
    let may_view = unit.access().may::<policy::Pipeline>(Action::View).is_granted();
    if may_view { Ok(stage) } else { Err(no_stage(field)) }
}

async fn stage_of_account(unit: &UnitOfWork<'_>, id: StageId, field: &str) -> Result<stage::Model> {
    let of_account = stage::Entity::find_by_id(id).filter(stage::Column::AccountId.eq(unit.account().id));
    unit.rows(of_account).await?.pop().ok_or_else(|| no_stage(field))
}

fn no_stage(field: &str) -> Error {
    Refusal { message: "there is no such stage".into(), ..Refusal::not_found(field) }.into()
}

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
            let made = pipeline::Model { id: unit.new_id(), account_id: account, name, name_key, position };
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
