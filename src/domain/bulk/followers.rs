//! Adds followers to many records, and takes them off (A4, F1, F3, F11). The limit of ten is each record's own.

use entity::member::Cause;
use entity::{Timestamp, UserId};
use policy::Action;

use super::choice::Choice;
use super::run::{Bulk, BulkDone};
use crate::domain::access::{Access, Filter};
use crate::domain::error::Result;
use crate::domain::ownership::follow::{self, AddFollowers, Whom};
use crate::domain::record::RecordTable;
use crate::domain::unit_of_work::Reach;

/// The wish to add followers to many records.
#[derive(Clone, Debug)]
pub struct BulkAddFollowers<F> {
    /// Which records.
    pub choice: Choice<F>,
    /// Whom.
    pub users: Vec<UserId>,
    /// When their follow ends; never when not given (F7).
    pub until: Option<Timestamp>,
}

/// The wish to take followers off many records.
#[derive(Clone, Debug)]
pub struct BulkRemoveFollowers<F> {
    /// Which records.
    pub choice: Choice<F>,
    /// Whom.
    pub whom: Whom,
}

/// Adds followers. A record without room for all of them gets none, and says so.
///
/// # Errors
/// Denied without `BULK_ACTIONS`; not found (somebody who is no active user); invalid (too many records, an end in the
/// past).
pub async fn add_followers<R: RecordTable>(
    access: &Access,
    wish: &BulkAddFollowers<impl Filter<R>>,
) -> Result<BulkDone> {
    let mut bulk = Bulk::begin::<R>(access, &wish.choice, |_| Reach::Alone).await?;
    follow::require_known(&bulk.unit, &wish.users, "userIds").await?;
    follow::require_future(&bulk.unit, wish.until)?;
    let checked = bulk.check(|unit, record| {
        unit.require(record, Action::ManageFollowers, "id")?;
        follow::require_room(unit, record, &wish.users, "userIds")
    })?;
    bulk.change(checked, |unit, record, ()| {
        let one = AddFollowers { record, users: wish.users.clone(), until: wish.until };
        let placed = follow::place(unit, &one, Cause::Manual, None)?;
        Ok(!placed.added.is_empty() || !placed.changed.is_empty())
    })?;
    bulk.commit().await
}

/// Takes followers off. Whoever can view a record may take themselves off.
///
/// # Errors
/// Denied without `BULK_ACTIONS`; not found (somebody who is not of the account); invalid (too many records).
pub async fn remove_followers<R: RecordTable>(
    access: &Access,
    wish: &BulkRemoveFollowers<impl Filter<R>>,
) -> Result<BulkDone> {
    let mut bulk = Bulk::begin::<R>(access, &wish.choice, |_| Reach::Alone).await?;
    if let Whom::People(people) = &wish.whom {
        follow::require_of_account(&bulk.unit, people).await?;
    }
    let checked = bulk.check(|unit, record| follow::authorize_removal(unit, record, &wish.whom))?;
    bulk.change(checked, |unit, record, whom: Vec<UserId>| {
        Ok(!follow::take_off(unit, record, &whom)?.removed.is_empty())
    })?;
    bulk.commit().await
}
