//! Gives many records another owner (A5, A6, O3).

use entity::UserId;
use uuid::Uuid;

use super::choice::Choice;
use super::run::{Bulk, BulkDone};
use crate::domain::access::{Access, Filter};
use crate::domain::error::Result;
use crate::domain::ownership::transfer;
use crate::domain::record::RecordTable;

/// The wish to give many records another owner.
#[derive(Clone, Debug)]
pub struct BulkChangeOwner<F> {
    /// Which records.
    pub choice: Choice<F>,
    /// Whom to; nobody clears the owner.
    pub owner: Option<UserId>,
    /// Whether previous owners join the followers; what the account's setting says when not given (F4).
    pub previous_owner_follows: Option<bool>,
}

/// Gives records another owner, or none. In linked mode a record that another one of the call brought along is unchanged.
///
/// # Errors
/// Denied without `BULK_ACTIONS`; not found (the owner); invalid (too many records).
pub async fn change_owner<R: RecordTable>(
    access: &Access,
    wish: &BulkChangeOwner<impl Filter<R>>,
) -> Result<BulkDone> {
    let kind = R::reference(Uuid::nil());
    let mut bulk =
        Bulk::begin::<R>(access, &wish.choice, |unit| transfer::reach(unit.account(), kind)).await?;
    if let Some(owner) = wish.owner {
        bulk.unit.active_user(owner, "ownerId").await?;
    }
    let previous_follows = wish.previous_owner_follows.unwrap_or(bulk.unit.account().previous_owner_follows);
    let checked = bulk.check(|unit, record| transfer::authorize(unit, record, wish.owner))?;
    bulk.change(checked, |unit, record, ()| transfer::give(unit, record, wish.owner, previous_follows))?;
    bulk.commit().await
}
