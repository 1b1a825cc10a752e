//! What all acts on many records have in common: the permission, the hold, the answers, the commit.

use std::collections::HashSet;

use policy::Action;
use serde::{Deserialize, Serialize};

use super::choice::{Choice, named};
use crate::domain::access::{Access, Filter};
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::idempotency;
use crate::domain::record::{RecordRef, RecordTable};
use crate::domain::unit_of_work::{Committed, Reach, UnitOfWork};

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The act changed it.
    Done,
    /// It was so already, or another record of the same call brought it along.
    Unchanged,
    /// The act was refused for this record, and left it as it was.
    Refused(#[serde(with = "super::kept")] Vec<Refusal>),
}

/// One record and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Which.
    pub record: RecordRef,
    /// What.
    pub outcome: Outcome,
}

/// What an act on many records came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BulkDone {
    /// One answer for each record, in the order in which they were named, or by id.
    pub results: Vec<Answered>,
    /// Everything that happened.
    pub committed: Committed,
}

impl idempotency::Outcome for BulkDone {}

/// An act on many records in progress.
#[derive(Debug)]
pub(super) struct Bulk<'a> {
    pub unit: UnitOfWork<'a>,
    results: Vec<Answered>,
}

impl<'a> Bulk<'a> {
    /// Begins, and holds the records that the viewer may see; the others answer as not found (A7).
    ///
    /// # Errors
    /// Denied without `BULK_ACTIONS`; invalid, when there are too many.
    pub async fn begin<R: RecordTable>(
        access: &'a Access,
        choice: &Choice<impl Filter<R>>,
        reach: impl FnOnce(&UnitOfWork<'_>) -> Reach,
    ) -> Result<Self> {
        let mut unit = permitted(access).await?;
        let records = choice.records::<R>(&unit).await?;
        let reach = reach(&unit);
        let visible = unit.hold_many(&of_kind::<R>(&records), reach).await?;
        Ok(Self::of(unit, &records, &visible))
    }

    /// The same for deleted records that the viewer could see if they were there.
    ///
    /// # Errors
    /// As [`Bulk::begin`].
    pub async fn begin_deleted<R: RecordTable>(access: &'a Access, records: &[RecordRef]) -> Result<Self> {
        let mut unit = permitted(access).await?;
        let records = named(records)?;
        let visible = unit.hold_deleted(&of_kind::<R>(&records)).await?;
        Ok(Self::of(unit, &records, &visible))
    }

    fn of(unit: UnitOfWork<'a>, records: &[RecordRef], visible: &HashSet<RecordRef>) -> Self {
        let answered = |record: RecordRef| {
            let hidden = || Outcome::Refused(vec![Refusal::not_found("id")]);
            let outcome = if visible.contains(&record) { Outcome::Unchanged } else { hidden() };
            Answered { record, outcome }
        };
        Self { results: records.iter().copied().map(answered).collect(), unit }
    }

    /// Asks `check` for each visible record, before anything is changed. Refusals are answered and left out.
    ///
    /// # Errors
    /// A failure that is no refusal.
    pub fn check<T>(
        &mut self,
        check: impl Fn(&UnitOfWork<'_>, RecordRef) -> Result<T>,
    ) -> Result<Vec<(RecordRef, T)>> {
        let mut checked = Vec::new();
        for answered in &mut self.results {
            if matches!(answered.outcome, Outcome::Refused(_)) {
                continue;
            }
            match check(&self.unit, answered.record) {
                Ok(planned) => checked.push((answered.record, planned)),
                Err(Error::Refused(refusals)) => answered.outcome = Outcome::Refused(refusals),
                Err(broken) => return Err(broken),
            }
        }
        Ok(checked)
    }

    /// Answers that a checked record is refused after all.
    pub fn refuse(&mut self, record: RecordRef, refusals: Vec<Refusal>) {
        if let Some(answered) = self.results.iter_mut().find(|answered| answered.record == record) {
            answered.outcome = Outcome::Refused(refusals);
        }
    }

    /// Lets `change` change each checked record, and answers whether it did.
    ///
    /// # Errors
    /// Whatever `change` fails with: nothing was done then.
    pub fn change<T>(
        &mut self,
        checked: Vec<(RecordRef, T)>,
        mut change: impl FnMut(&mut UnitOfWork<'_>, RecordRef, T) -> Result<bool>,
    ) -> Result<()> {
        let mut places = self.results.iter_mut();
        for (record, planned) in checked {
            // Both are in the same order.
            let answered = places.find(|answered| answered.record == record);
            let answered = answered.ok_or_else(|| Error::bug("a record was checked that nobody named"))?;
            if change(&mut self.unit, record, planned)? {
                answered.outcome = Outcome::Done;
            }
        }
        Ok(())
    }

    /// Commits what was changed, if anything was.
    ///
    /// # Errors
    /// A database that fails, or that chose this act to give way: run it again.
    pub async fn commit(self) -> Result<BulkDone> {
        let changed = self.results.iter().any(|answered| answered.outcome == Outcome::Done);
        let results = self.results;
        if !changed {
            return self.unit.unchanged(BulkDone { results, committed: Committed::default() }).await;
        }
        self.unit.commit_as(|committed| BulkDone { results, committed }).await
    }
}

async fn permitted(access: &Access) -> Result<UnitOfWork<'_>> {
    let unit = access.begin().await?;
    match access.may::<policy::Account>(Action::Bulk).reason() {
        Some(reason) => Err(Refusal::denied("", Some(reason)).into()),
        None => Ok(unit),
    }
}

fn of_kind<R: RecordTable>(records: &[RecordRef]) -> Vec<RecordRef> {
    records.iter().copied().filter(|record| record.kind() == R::NAME).collect()
}
