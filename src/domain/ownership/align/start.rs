//! Starts an alignment: a small one is done when the call returns, a large one is a job for the worker.

use entity::job::{self, Kind, State};
use policy::Action;
use sea_orm::Set;

use super::{Part, Plan, part, report};
use crate::domain::access::Access;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::job::Started;
use crate::domain::unit_of_work::UnitOfWork;

/// The most records that are aligned in the transaction of the call.
pub const AT_ONCE: u64 = 10_000;

/// The wish to give contacts and their opportunities one owner.
#[derive(Clone, Copy, Debug)]
pub struct AlignOwners {
    /// What to do.
    pub plan: Plan,
    /// The most records that may be held at once: more become a job.
    pub at_once: u64,
}

/// Aligns owners, or starts the job that does. Either way there is a job to read the report from.
///
/// # Errors
/// Denied; invalid, while owners are separate.
pub async fn align_owners(access: &Access, wish: &AlignOwners) -> Result<Started> {
    let mut unit = access.begin().await?;
    if let Some(reason) = access.may::<policy::Account>(Action::AlignOwners).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    if unit.account().separate_owners {
        let message =
            "contacts and opportunities may have different owners here: switch `separateOwners` off first";
        return Err(Refusal::invalid("", message).into());
    }
    let (contacts, opportunities) = count(&unit).await?;
    let fits = contacts + opportunities <= wish.at_once;
    let id = unit.new_id();
    insert(&unit, id, &wish.plan, contacts).await?;
    if fits {
        let part = part(&mut unit, &wish.plan, None, wish.at_once).await?;
        report(&unit, id, &part).await?;
        finish(&unit, id, &part).await?;
    }
    unit.commit_as(|_| Started { job: id }).await
}

async fn count(unit: &UnitOfWork<'_>) -> Result<(u64, u64)> {
    let rows = unit.query(&unit.access().count_differing()).await?;
    let row = rows.first().ok_or_else(|| Error::bug("a count has no row"))?;
    let number =
        |name: &str| row.try_get::<i64>("", name).map(|count| u64::try_from(count).unwrap_or_default());
    Ok((number("contacts")?, number("opportunities")?))
}

async fn insert(unit: &UnitOfWork<'_>, id: entity::JobId, plan: &Plan, contacts: u64) -> Result<()> {
    let input =
        serde_json::to_string(plan).map_err(|error| Error::bug(format!("unwritable job: {error}")))?;
    unit.insert(job::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        kind: Set(Kind::AlignOwners),
        state: Set(State::Waiting),
        stopped_because: Set(None),
        created_by: Set(unit.actor().user),
        created_at: Set(unit.now()),
        changed_at: Set(unit.now()),
        input: Set(input),
        reached: Set(None),
        done: Set(0),
        total: Set(i64::try_from(contacts).unwrap_or(i64::MAX)),
        moved: Set(0),
        lease: Set(None),
        lease_until: Set(None),
    })
    .await
}

async fn finish(unit: &UnitOfWork<'_>, id: entity::JobId, part: &Part) -> Result<()> {
    let done = i64::try_from(part.contacts).unwrap_or(i64::MAX);
    unit.update(job::ActiveModel {
        id: Set(id),
        state: Set(State::Done),
        changed_at: Set(unit.now()),
        reached: Set(part.last),
        done: Set(done),
        total: Set(done),
        moved: Set(part.moved),
        ..Default::default()
    })
    .await
}
