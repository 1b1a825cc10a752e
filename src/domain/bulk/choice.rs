//! Which records an act on many is about.

use std::collections::HashSet;

use sea_orm::QueryResult;
use uuid::Uuid;

use crate::domain::access::{Filter, TOTAL_COUNT_LIMIT};
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::record::{RecordRef, RecordTable};
use crate::domain::unit_of_work::UnitOfWork;

/// The most records that one act takes.
pub const LIMIT: usize = 500;

/// Which records.
#[derive(Clone, Debug)]
pub enum Choice<F> {
    /// These; one that is named twice is one, and one of another kind is not found.
    These(Vec<RecordRef>),
    /// All that the viewer may see and that pass the filter.
    Passing(F),
}

impl<F> Choice<F> {
    /// The records that are meant, each once. Hidden ones are among those that were named: they answer for themselves.
    ///
    /// # Errors
    /// Invalid, when there are more than [`LIMIT`]: never only the first ones.
    pub(super) async fn records<R: RecordTable>(&self, unit: &UnitOfWork<'_>) -> Result<Vec<RecordRef>>
    where
        F: Filter<R>,
    {
        match self {
            Choice::These(records) => named(records),
            Choice::Passing(filter) => {
                let found = unit.query(&unit.access().chosen::<R>(filter, LIMIT + 1)).await?;
                if found.len() > LIMIT {
                    return Err(too_many::<R>(unit, filter).await?);
                }
                let record = |row: &QueryResult| Ok(R::reference(row.try_get::<Uuid>("", "id")?));
                found.iter().map(record).collect()
            }
        }
    }
}

/// These records, each once.
pub(super) fn named(records: &[RecordRef]) -> Result<Vec<RecordRef>> {
    let mut met = HashSet::new();
    let records: Vec<RecordRef> = records.iter().copied().filter(|record| met.insert(*record)).collect();
    if records.len() > LIMIT {
        let message = format!("{} records are named, and one call takes at most {LIMIT}", records.len());
        return Err(Refusal::invalid("ids", message).into());
    }
    Ok(records)
}

async fn too_many<R: RecordTable>(unit: &UnitOfWork<'_>, filter: &impl Filter<R>) -> Result<Error> {
    let rows = unit.query(&unit.access().counted::<R>(filter)).await?;
    let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "counted"))?;
    let count = match u64::try_from(count).unwrap_or_default() {
        count if count > TOTAL_COUNT_LIMIT => format!("more than {TOTAL_COUNT_LIMIT}"),
        count => count.to_string(),
    };
    let message = format!("the filter passes {count} records, and one call takes at most {LIMIT}: narrow it");
    Ok(Refusal::invalid("filter", message).into())
}
