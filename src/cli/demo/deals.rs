//! Deals of one's own in the demo: an opportunities export beside the clinic's records, and who can be played with it.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use entity::user::Role;
use entity::{PipelineId, StageId, UserId, member_stage_total, pipeline, stage, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::clinic::PIPELINES;
use crate::cli::CliError;
use crate::domain::access::Access;
use crate::domain::error::Result;
use crate::domain::import;
use crate::domain::user::{SetUser, set};

/// A pipeline that was taken in, and two people of it.
#[derive(Clone, Debug)]
pub struct Deals {
    /// The pipeline with the most deals.
    pub pipeline: PipelineId,
    /// Who owns most of them.
    pub agent: user::Model,
    /// Who follows most of them.
    pub manager: user::Model,
}

/// Takes a file in, and lets its first follower see nothing but what they follow. Doing it again changes nothing.
///
/// # Errors
/// A file that cannot be read, or an import that failed.
pub async fn take_in(clinic: &Access, file: &Path, stages: &[String]) -> std::result::Result<(), CliError> {
    let name = file.display();
    let opened = File::open(file).map_err(CliError::io(format!("`{name}` cannot be opened")))?;
    eprintln!("taking in `{name}` …");
    let how = import::Options { create_users: true, stages: stages.to_vec(), ..import::Options::default() };
    let mut rejects = std::io::sink();
    let summary = import::opportunities(clinic, opened, &how, &mut |_| {}, &mut rejects).await?;
    if summary.rejected > 0 {
        let (rejected, read) = (summary.rejected, summary.read);
        eprintln!("{rejected} of {read} rows were rejected: `retinue import opportunities` says why");
    }
    if let Some(Deals { manager, .. }) = find(clinic).await?
        && manager.role == Role::User
    {
        let wish = SetUser { only_assigned_data: Some(true), ..SetUser::default() };
        set(clinic, manager.id, &wish).await?;
    }
    Ok(())
}

/// What was taken in; none where there is nothing but the clinic.
///
/// # Errors
/// A database that fails.
pub async fn find(clinic: &Access) -> Result<Option<Deals>> {
    let unit = clinic.begin().await?;
    let account = clinic.account().id;
    let pipelines =
        unit.rows(pipeline::Entity::find().filter(pipeline::Column::AccountId.eq(account))).await?;
    let stages = unit.rows(stage::Entity::find().filter(stage::Column::AccountId.eq(account))).await?;
    let totals = member_stage_total::Entity::find().filter(member_stage_total::Column::AccountId.eq(account));
    let totals = unit.rows(totals).await?;
    let own = pipelines.iter().filter(|pipeline| !PIPELINES.contains(&pipeline.name.as_str()));
    let own: Vec<PipelineId> = own.map(|pipeline| pipeline.id).collect();
    let pipeline_of: HashMap<StageId, PipelineId> =
        stages.iter().map(|stage| (stage.id, stage.pipeline_id)).collect();

    // How many deals each person has in each pipeline: owned, and followed.
    let mut owned: HashMap<PipelineId, HashMap<UserId, i64>> = HashMap::new();
    let mut followed = owned.clone();
    for total in totals {
        let Some(pipeline) = pipeline_of.get(&total.stage_id).filter(|id| own.contains(id)) else { continue };
        let of = if total.owns { &mut owned } else { &mut followed };
        *of.entry(*pipeline).or_default().entry(total.user_id).or_default() += total.opportunities;
    }
    let fullest = own.into_iter().max_by_key(|id| owned.get(id).map(|people| people.values().sum::<i64>()));
    let Some(pipeline) = fullest else { return Ok(None) };
    let first = |people: &HashMap<PipelineId, HashMap<UserId, i64>>| {
        let people = people.get(&pipeline)?;
        people.iter().max_by_key(|(user, count)| (**count, **user)).map(|(user, _)| *user)
    };
    let (Some(agent), Some(manager)) = (first(&owned), first(&followed)) else { return Ok(None) };
    let people = unit.rows(user::Entity::find().filter(user::Column::Id.is_in([agent, manager]))).await?;
    let person = |id: UserId| people.iter().find(|user| user.id == id).cloned();
    Ok(person(agent).zip(person(manager)).map(|(agent, manager)| Deals { pipeline, agent, manager }))
}
