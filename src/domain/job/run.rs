//! Runs jobs in batches: the worker's part.

use entity::Timestamp;
use entity::job::{self, Kind, State, StoppedBecause};
use sea_orm::sea_query::LockType;
use sea_orm::{EntityTrait, QuerySelect, Set};
use uuid::Uuid;

use crate::domain::access::{Access, Base};
use crate::domain::error::{Error, Result};
use crate::domain::ownership::align;
use crate::domain::retry::retrying;
use crate::domain::unit_of_work::UnitOfWork;

/// For how long a job belongs to the worker that took it up, from its last batch on, in microseconds: a minute. When a
/// worker dies, another one goes on after that.
pub const LEASE_MICROSECONDS: i64 = 60 * 1_000_000;

/// Whether a job goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    GoesOn,
    Ended,
}

/// Takes up the oldest job that nobody works on, and runs it until it ends or `stop` says so; false when there is none.
/// `batch` says how many contacts one transaction takes.
///
/// # Errors
/// A database that fails. What was committed stays so, and the job is taken up again after its lease.
pub async fn run_next(base: &Base, batch: u64, stop: impl Fn() -> bool + Sync) -> Result<bool> {
    let (now, lease) = (base.clock.now(), base.ids.next::<entity::JobId>().0);
    let Some(job) = base.take_up_job(now, lease_end(now), lease).await? else { return Ok(false) };
    let account = job.account_id.to_string();
    while !stop() {
        let here = base.account(&account).await?;
        let here = here.ok_or_else(|| Error::bug("a job has no account"))?;
        // With the rights of this moment (P4); the command line's own jobs have all.
        let actor = match job.created_by {
            Some(user) => Access::of_user(base, job.account_id, user).await?,
            None => Some(here.clone()),
        };
        let run = || one_batch(actor.as_ref().unwrap_or(&here), &job, actor.is_some(), batch);
        if retrying(run).await? == Next::Ended {
            return Ok(true);
        }
    }
    let here = base.account(&account).await?.ok_or_else(|| Error::bug("a job has no account"))?;
    give_back(&here, &job).await?;
    Ok(true)
}

/// One batch in one transaction: what it changes, what it reports and how far the job has come commit together.
async fn one_batch(access: &Access, job: &job::Model, may_act: bool, batch: u64) -> Result<Next> {
    let mut unit = access.begin().await?;
    let Some(current) = still_mine(&unit, job).await? else { return Ok(Next::Ended) };
    let stopped = match current.kind {
        Kind::AlignOwners if !may_act => Some(StoppedBecause::RightsLost),
        Kind::AlignOwners => align::stands_in_the_way(&unit),
    };
    if let Some(because) = stopped {
        let ended =
            job::ActiveModel { stopped_because: Set(Some(because)), ..ended(&current, State::Stopped) };
        unit.update(job::ActiveModel { changed_at: Set(unit.now()), ..ended }).await?;
        unit.commit().await?;
        return Ok(Next::Ended);
    }
    let part = match current.kind {
        Kind::AlignOwners => {
            align::part(&mut unit, &align::read(&current.input)?, current.reached, batch).await?
        }
    };
    let reached = align::report(&unit, current.id, &part).await?;
    let next = if part.contacts < batch { Next::Ended } else { Next::GoesOn };
    let done = current.done + i64::try_from(part.contacts).unwrap_or(i64::MAX);
    let row = match next {
        Next::Ended => job::ActiveModel { total: Set(done), ..ended(&current, State::Done) },
        Next::GoesOn => job::ActiveModel {
            id: Set(current.id),
            state: Set(State::Running),
            total: Set(std::cmp::max(current.total, done)),
            lease_until: Set(Some(lease_end(unit.now()))),
            ..Default::default()
        },
    };
    unit.update(job::ActiveModel {
        reached: Set(reached.or(current.reached)),
        done: Set(done),
        moved: Set(current.moved + part.moved),
        changed_at: Set(unit.now()),
        ..row
    })
    .await?;
    unit.commit().await?;
    Ok(next)
}

/// The job as it is now, locked, where this worker still has it and nobody has called it off.
async fn still_mine(unit: &UnitOfWork<'_>, job: &job::Model) -> Result<Option<job::Model>> {
    let row = unit.rows(job::Entity::find_by_id(job.id).lock(LockType::Update)).await?.pop();
    let open = |row: &job::Model| matches!(row.state, State::Waiting | State::Running);
    Ok(row.filter(|row| open(row) && row.lease == job.lease))
}

/// Lets another worker go on at once.
async fn give_back(access: &Access, job: &job::Model) -> Result<()> {
    let unit = access.begin().await?;
    if still_mine(&unit, job).await?.is_none() {
        return Ok(());
    }
    let (lease, lease_until) = (Set(None::<Uuid>), Set(None::<Timestamp>));
    unit.update(job::ActiveModel { id: Set(job.id), lease, lease_until, ..Default::default() }).await?;
    unit.commit().await?;
    Ok(())
}

fn ended(job: &job::Model, state: State) -> job::ActiveModel {
    job::ActiveModel {
        id: Set(job.id),
        state: Set(state),
        lease: Set(None),
        lease_until: Set(None),
        ..Default::default()
    }
}

const fn lease_end(now: Timestamp) -> Timestamp {
    Timestamp(now.0 + LEASE_MICROSECONDS)
}
