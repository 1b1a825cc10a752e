//! All pipelines of an account with their stages, while nobody else changes them.

use entity::{PipelineId, StageId, pipeline, stage};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::domain::error::{Refusal, RefusalKind, Result};
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The most pipelines that an account has.
pub const MAX_PIPELINES: usize = 100;

/// The most stages that a pipeline has.
pub const MAX_STAGES: usize = 100;

/// The account's pipelines and stages, each in their order. Whoever may see none finds none.
#[derive(Clone, Debug)]
pub(super) struct Structure {
    pub pipelines: Vec<pipeline::Model>,
    stages: Vec<stage::Model>,
}

impl Structure {
    /// Reads it. The change must be alone in the account, so that nobody else changes it meanwhile.
    pub async fn read(unit: &UnitOfWork<'_>) -> Result<Self> {
        let account = unit.account().id;
        let pipelines = pipeline::Entity::find()
            .filter(pipeline::Column::AccountId.eq(account))
            .order_by_asc(pipeline::Column::Position)
            .order_by_asc(pipeline::Column::Id);
        let stages = stage::Entity::find()
            .filter(stage::Column::AccountId.eq(account))
            .order_by_asc(stage::Column::Position)
            .order_by_asc(stage::Column::Id);
        let mut structure = Self { pipelines: unit.rows(pipelines).await?, stages: unit.rows(stages).await? };
        if !unit.access().may::<policy::Pipeline>(Action::View).is_granted() {
            structure.pipelines.clear();
            structure.stages.clear();
        }
        Ok(structure)
    }

    /// One pipeline.
    pub fn pipeline(&self, id: PipelineId, field: &str) -> Result<&pipeline::Model> {
        let found = self.pipelines.iter().find(|pipeline| pipeline.id == id);
        found.ok_or_else(|| {
            Refusal { message: "there is no such pipeline".into(), ..Refusal::not_found(field) }.into()
        })
    }

    /// One stage.
    pub fn stage(&self, id: StageId, field: &str) -> Result<&stage::Model> {
        let found = self.stages.iter().find(|stage| stage.id == id);
        found.ok_or_else(|| {
            Refusal { message: "there is no such stage".into(), ..Refusal::not_found(field) }.into()
        })
    }

    /// The stages of one pipeline, in their order.
    pub fn stages_of(&self, pipeline: PipelineId) -> Vec<&stage::Model> {
        self.stages.iter().filter(|stage| stage.pipeline_id == pipeline).collect()
    }
}

/// Refuses whoever may not arrange pipelines.
pub(super) fn require_manage(unit: &UnitOfWork<'_>) -> Result<()> {
    match unit.access().may::<policy::Pipeline>(Action::Manage).reason() {
        Some(reason) => Err(Refusal::denied("", Some(reason)).into()),
        None => Ok(()),
    }
}

/// Refuses a change of a pipeline that has changed since the caller read it (R6).
pub(super) fn require_version(pipeline: &pipeline::Model, expected: Option<i64>) -> Result<()> {
    let current = pipeline.version;
    if expected.is_none_or(|expected| expected == current) {
        return Ok(());
    }
    let kind = RefusalKind::StaleVersion { current, record: None };
    let message = format!("the pipeline has changed since, it has version {current}: read it again");
    Err(Refusal::new(kind, "expectedVersion", message).into())
}

/// Refuses one more than there is room for.
pub(in crate::domain) fn require_room(current: usize, limit: usize, what: &str, field: &str) -> Result<()> {
    if current < limit {
        return Ok(());
    }
    let message = format!("there are {current} {what}, and {limit} are the most: delete one first");
    Err(Refusal::new(RefusalKind::LimitReached { limit, current }, field, message).into())
}

/// Says that the pipeline or its stages have changed, to whoever expects a version and to every cache (R6, P4).
pub(super) async fn raise_version(unit: &mut UnitOfWork<'_>, pipeline: &pipeline::Model) -> Result<()> {
    unit.update(pipeline::ActiveModel {
        id: Set(pipeline.id),
        version: Set(pipeline.version + 1),
        ..Default::default()
    })
    .await?;
    unit.raise_access_version().await
}

/// The wished place among that many others, or the last one when none is wished.
pub(in crate::domain) fn place(problems: &mut Problems, wished: Option<i32>, others: usize) -> usize {
    let Some(wished) = wished else { return others };
    let place = usize::try_from(wished).ok().filter(|place| *place <= others);
    if place.is_none() {
        problems.add("position", format!("must be between 0 and {others}"));
    }
    place.unwrap_or(others)
}
