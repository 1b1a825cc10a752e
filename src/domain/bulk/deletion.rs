//! Deletes many records so that they can be restored, and brings many back (A3, R4).

use std::collections::BTreeMap;

use policy::Action;
use uuid::Uuid;

use super::choice::Choice;
use super::run::{Bulk, BulkDone};
use crate::domain::access::{Access, Filter};
use crate::domain::deletion::{delete_in, reach, restore_in};
use crate::domain::error::{Refusal, Result};
use crate::domain::record::{RecordRef, RecordTable};

/// The wish to delete many records.
#[derive(Clone, Debug)]
pub struct BulkDelete<F> {
    /// Which records.
    pub choice: Choice<F>,
}

/// The wish to bring many deleted records back.
#[derive(Clone, Debug)]
pub struct BulkRestore {
    /// Which records.
    pub records: Vec<RecordRef>,
}

/// Deletes records; contacts take their opportunities along. Each is a deletion of its own, and is restored for itself.
///
/// # Errors
/// Denied without `BULK_ACTIONS`; invalid (too many records).
pub async fn delete<R: RecordTable>(access: &Access, wish: &BulkDelete<impl Filter<R>>) -> Result<BulkDone> {
    let mut bulk = Bulk::begin::<R>(access, &wish.choice, |_| reach(R::reference(Uuid::nil()))).await?;
    let checked = bulk.check(|unit, record| unit.require(record, Action::Delete, "id"))?;
    let records: Vec<RecordRef> = checked.iter().map(|(record, ())| *record).collect();
    let taken = delete_in(&mut bulk.unit, &records).await?;
    bulk.change(checked, |_, record, ()| Ok(taken.contains_key(&record)))?;
    bulk.commit().await
}

/// Brings deleted records back; contacts bring what went with them. Whoever may not restore one is told that there is none.
///
/// # Errors
/// Denied without `BULK_ACTIONS`; invalid (too many records).
pub async fn restore<R: RecordTable>(access: &Access, wish: &BulkRestore) -> Result<BulkDone> {
    let mut bulk = Bulk::begin_deleted::<R>(access, &wish.records).await?;
    // Said without the contact's name, which an idempotency key may not keep (R6), and without a statement for each.
    let checked = bulk.check(|unit, record| {
        let contact = unit.held(record)?.contact;
        if record == RecordRef::from(contact) || unit.held(contact.into())?.deletion.is_none() {
            return Ok(());
        }
        let message =
            "its contact was deleted too: restore the contact, what went with it comes back with it";
        Err(Refusal::invalid("id", message).into())
    })?;
    let records: Vec<RecordRef> = checked.iter().map(|(record, ())| *record).collect();
    let back = restore_in(&mut bulk.unit, &records).await?;
    let refused: BTreeMap<RecordRef, Refusal> = back
        .into_iter()
        .filter_map(|(record, outcome)| outcome.err().map(|refusal| (record, refusal)))
        .collect();
    let checked = bulk.check(|_, record| match refused.get(&record) {
        Some(refusal) => Err(refusal.clone().into()),
        None => Ok(()),
    })?;
    bulk.change(checked, |_, _, ()| Ok(true))?;
    bulk.commit().await
}
