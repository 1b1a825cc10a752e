//! How acts find stages: those of a pipeline, and one of them.

use entity::{PipelineId, StageId, stage};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::domain::error::{Error, Refusal, Result};
use crate::domain::unit_of_work::UnitOfWork;

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
