//! Takes a batch of rows in: all that can be taken, in one change.

use std::collections::{HashMap, HashSet};

use entity::activity::Cause;
use entity::{OpportunityId, import_row, opportunity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::batch::Batch;
use super::create::create;
use super::deal::Deal;
use super::identity::{content, has_new_note};
use super::rows::Row;
use super::scan::Plan;
use super::update::update;
use crate::domain::access::Access;
use crate::domain::activity::Event;
use crate::domain::deletion;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::retry::retrying;
use crate::domain::unit_of_work::UnitOfWork;

/// What became of a row.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Created,
    Unchanged,
    Updated,
    Rejected(Vec<Refusal>),
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// For every row.
    pub outcomes: Vec<Outcome>,
    pub events: Vec<Event>,
    pub pipelines_made: u64,
    pub stages_made: u64,
}

/// What came of one try.
enum Attempt {
    Done(Taken),
    /// A row was refused after something had been written for it: the batch has to begin anew without it.
    Spoiled(usize, Vec<Refusal>),
}

/// Takes a batch in.
///
/// # Errors
/// A database that fails; then nothing of the batch was taken.
pub(super) async fn take(access: &Access, plan: &Plan, create_users: bool, rows: &[Row]) -> Result<Taken> {
    let mut refused: HashMap<usize, Vec<Refusal>> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        if let Err(refusals) = &row.deal {
            refused.insert(place, refusals.clone());
        }
    }
    loop {
        match retrying(async || attempt(access, plan, create_users, rows, &refused).await).await? {
            Attempt::Done(taken) => return Ok(taken),
            Attempt::Spoiled(place, refusals) => {
                refused.insert(place, refusals);
            }
        }
    }
}

async fn attempt(
    access: &Access,
    plan: &Plan,
    create_users: bool,
    rows: &[Row],
    refused: &HashMap<usize, Vec<Refusal>>,
) -> Result<Attempt> {
    // Alone in the account: two imports that make the same contact, person or stage take turns.
    let mut unit = UnitOfWork::begin_alone(access).await?;
    unit.caused_by(Cause::Import);
    let noted = noted(&unit, rows).await?;
    let deleted = deleted(&unit, &noted).await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut pending = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let outcome = match (refused.get(&place), &row.deal, row.identity(&unit)) {
            (Some(refusals), ..) => Outcome::Rejected(refusals.clone()),
            (None, Ok(deal), Some(identity)) => {
                let before = noted.get(&identity);
                if before.is_some_and(|before| deleted.contains(&before.opportunity_id)) {
                    outcomes.push(Outcome::Rejected(vec![is_deleted()]));
                    continue;
                }
                let has_changed = |before: &import_row::Model| {
                    before.content != content(deal) || has_new_note(deal, before)
                };
                if before.is_none_or(has_changed) {
                    pending.push((place, deal, identity, before));
                }
                Outcome::Unchanged
            }
            _ => return Err(Error::bug("a row that cannot be read was not refused")),
        };
        outcomes.push(outcome);
    }
    if pending.is_empty() {
        return Ok(Attempt::Done(Taken { outcomes, ..Taken::default() }));
    }

    let deals: Vec<&Deal> = pending.iter().map(|(_, deal, ..)| *deal).collect();
    let known = pending.iter().filter_map(|(.., before)| before.map(|before| before.opportunity_id));
    let mut batch = Batch::open(unit, plan, create_users, &deals, known.collect()).await?;
    for (place, deal, identity, before) in pending {
        let mark = batch.mark();
        let outcome = match before {
            None => create(&mut batch, deal, identity).await,
            Some(before) => update(&mut batch, deal, before).await,
        };
        outcomes[place] = match outcome {
            Ok(outcome) => outcome,
            Err(Error::Refused(refusals)) if batch.mark() == mark => Outcome::Rejected(refusals),
            Err(Error::Refused(refusals)) => return Ok(Attempt::Spoiled(place, refusals)),
            Err(broken) => return Err(broken),
        };
    }
    batch.commit(outcomes).await.map(Attempt::Done)
}

/// What earlier runs noted of these rows.
async fn noted(unit: &UnitOfWork<'_>, rows: &[Row]) -> Result<HashMap<Vec<u8>, import_row::Model>> {
    let identities: Vec<Vec<u8>> = rows.iter().filter_map(|row| row.identity(unit)).collect();
    if identities.is_empty() {
        return Ok(HashMap::new());
    }
    let noted = import_row::Entity::find()
        .filter(import_row::Column::AccountId.eq(unit.account().id))
        .filter(import_row::Column::Identity.is_in(identities));
    Ok(unit.rows(noted).await?.into_iter().map(|row| (row.identity.clone(), row)).collect())
}

/// Those of these opportunities that are deleted. What somebody deleted does not come back with the next run of a file.
async fn deleted(
    unit: &UnitOfWork<'_>,
    noted: &HashMap<Vec<u8>, import_row::Model>,
) -> Result<HashSet<OpportunityId>> {
    if noted.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = opportunity::Entity::find()
        .filter(opportunity::Column::AccountId.eq(unit.account().id))
        .filter(opportunity::Column::Id.is_in(noted.values().map(|row| row.opportunity_id)))
        .filter(opportunity::Column::DeletedAt.is_not_null());
    Ok(unit.rows(rows).await?.into_iter().map(|row| row.id).collect())
}

fn is_deleted() -> Refusal {
    let message = format!(
        "the opportunity that an earlier import made of this row was deleted: restore it, or import the row again \
         when it is purged, {} days after it was deleted",
        deletion::DAYS
    );
    Refusal::invalid("name", message)
}

impl Row {
    fn identity(&self, unit: &UnitOfWork<'_>) -> Option<Vec<u8>> {
        self.occurrence.map(|occurrence| occurrence.identity(unit.account().id))
    }
}
