//! The idempotency key of a change: claimed as it begins, kept with its commit (R6).

use entity::{Timestamp, UserId, idempotency_key as key};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait};

use super::UnitOfWork;
use crate::domain::access::Access;
use crate::domain::error::{Error, Result};
use crate::domain::idempotency::{Call, LIFETIME_MICROSECONDS, Outcome, Remembered};

impl UnitOfWork<'_> {
    /// Ends a change that turned out to change nothing, with what the act tells all the same. Without a key this costs
    /// nothing; with one the outcome is kept.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn unchanged<T: Outcome>(self, done: T) -> Result<T> {
        if self.keep(&done).await? {
            self.transaction.commit().await?;
        }
        Ok(done)
    }

    /// Writes the outcome beside its key; false when the call has none.
    pub(super) async fn keep(&self, done: &impl Outcome) -> Result<bool> {
        let Some((call, user)) = keyed(self.access)? else { return Ok(false) };
        let update = Query::update()
            .table(key::Entity)
            .value(key::Column::Outcome, Remembered::of(done)?.text())
            .and_where(key::Column::AccountId.eq(self.account.id))
            .and_where(key::Column::UserId.eq(user))
            .and_where(key::Column::Key.eq(call.key.as_str()))
            .take();
        self.transaction.execute(&update).await?;
        Ok(true)
    }
}

/// Takes the call's key, where it has one. Whoever comes with the same key meanwhile waits here for the end of this
/// change: PostgreSQL lets the second insert wait for the first, SQLite has one writer.
///
/// # Errors
/// Invalid, a key that is none; reused, one of another call; [`Error::Replayed`], one of this very call.
pub(super) async fn claim(transaction: &DatabaseTransaction, access: &Access, now: Timestamp) -> Result<()> {
    let Some((call, user)) = keyed(access)? else { return Ok(()) };
    call.require_key()?;
    let hash = call.input_hash(access.actor().account, user);
    if insert(transaction, access, call, user, &hash, now).await? {
        return Ok(());
    }
    let row = key::Entity::find_by_id((access.actor().account, user, call.key.clone()));
    let row = row.one(transaction).await?.ok_or_else(|| Error::bug("a key that is taken is not there"))?;
    if row.operation != call.operation || row.input_hash != hash {
        return Err(Call::reused().into());
    }
    let outcome = row.outcome.ok_or_else(|| Error::bug("a change was committed without its outcome"))?;
    Err(Error::Replayed(Remembered::kept(outcome)))
}

/// Inserts the key, or takes over one whose 24 hours are over; false when it is taken.
async fn insert(
    transaction: &DatabaseTransaction,
    access: &Access,
    call: &Call,
    user: UserId,
    hash: &[u8],
    now: Timestamp,
) -> Result<bool> {
    let old = Timestamp(now.0 - LIFETIME_MICROSECONDS);
    let take_over = OnConflict::columns([key::Column::AccountId, key::Column::UserId, key::Column::Key])
        .update_columns([
            key::Column::Operation,
            key::Column::InputHash,
            key::Column::Outcome,
            key::Column::CreatedAt,
        ])
        .action_and_where(Expr::col((key::Entity, key::Column::CreatedAt)).lte(old))
        .to_owned();
    let mut insert = Query::insert();
    insert
        .into_table(key::Entity)
        .columns([
            key::Column::AccountId,
            key::Column::UserId,
            key::Column::Key,
            key::Column::Operation,
            key::Column::InputHash,
            key::Column::Outcome,
            key::Column::CreatedAt,
        ])
        .values([
            Expr::val(access.actor().account),
            Expr::val(user),
            Expr::val(call.key.as_str()),
            Expr::val(call.operation.as_str()),
            Expr::val(hash),
            Expr::val(None::<String>),
            Expr::val(now),
        ])
        .map_err(|error| Error::bug(error.to_string()))?
        .on_conflict(take_over);
    Ok(transaction.execute(&insert).await?.rows_affected() == 1)
}

/// The call and whose key it has. The command line has none.
fn keyed(access: &Access) -> Result<Option<(&Call, UserId)>> {
    let Some(call) = access.call() else { return Ok(None) };
    let user = access.actor().user.ok_or_else(|| Error::bug("the command line carries no key"))?;
    Ok(Some((call, user)))
}
