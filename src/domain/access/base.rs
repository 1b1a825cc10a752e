//! What is there before anybody acts: the database, the time, the ids, and the few looks that belong to no actor.

use std::sync::Arc;

use entity::{
    AccountId, ContactId, DeletionId, OpportunityId, Timestamp, account, contact_member, deletion,
    idempotency_key as key, notification, opportunity_member, stream_event,
};
use sea_orm::sea_query::{DeleteStatement, Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::Access;
use crate::clock::{Clock, Ids};
use crate::domain::database::Database;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::wake::{NobodyListens, Wake};

/// What every request and command shares: the database, the time, the ids.
#[derive(Clone, Debug)]
pub struct Base {
    /// Where the data lie.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Ids,
    /// Who is woken after a change.
    pub wake: Arc<dyn Wake>,
}

impl Base {
    /// A base over `database` that tells the time by `clock`.
    #[must_use]
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, ids: Ids::new(Arc::clone(&clock)), clock, wake: Arc::new(NobodyListens) }
    }

    /// The same base, whose changes wake `wake`.
    #[must_use]
    pub fn waking(self, wake: Arc<dyn Wake>) -> Self {
        Self { wake, ..self }
    }
}

impl Base {
    /// The account of this name, or with this id, as the command line sees it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn account(&self, name_or_id: &str) -> Result<Option<Access>> {
        let by = match name_or_id.parse::<AccountId>() {
            Ok(id) => account::Column::Id.eq(id),
            Err(_) => account::Column::Name.eq(name_or_id.trim()),
        };
        let found = account::Entity::find().filter(by).one(self.database.reader()).await?;
        Ok(found.map(|account| Access::of_command_line(self, account)))
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn accounts(&self) -> Result<Vec<Access>> {
        let rows =
            account::Entity::find().order_by_asc(account::Column::Name).all(self.database.reader()).await?;
        Ok(rows.into_iter().map(|account| Access::of_command_line(self, account)).collect())
    }

    /// Inserts an account, which no unit of work can do: it works inside one.
    pub(in crate::domain) async fn insert_account(
        &self,
        row: account::ActiveModel,
    ) -> Result<account::Model> {
        let transaction = self.database.begin().await?;
        let account = row.insert(&transaction).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// Up to `limit` records of each kind on which a follow has ended by `now` and was not taken off yet (F7).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn ended_follows(&self, now: Timestamp, limit: u64) -> Result<Vec<(AccountId, RecordRef)>> {
        let contacts: Vec<(AccountId, ContactId)> = contact_member::Entity::find()
            .select_only()
            .columns([contact_member::Column::AccountId, contact_member::Column::RecordId])
            .filter(contact_member::Column::Until.lte(now))
            .filter(contact_member::Column::DeletedAt.is_null())
            .order_by_asc(contact_member::Column::Until)
            .limit(limit)
            .into_tuple()
            .all(self.database.reader())
            .await?;
        let opportunities: Vec<(AccountId, OpportunityId)> = opportunity_member::Entity::find()
            .select_only()
            .columns([opportunity_member::Column::AccountId, opportunity_member::Column::RecordId])
            .filter(opportunity_member::Column::Until.lte(now))
            .filter(opportunity_member::Column::DeletedAt.is_null())
            .order_by_asc(opportunity_member::Column::Until)
            .limit(limit)
            .into_tuple()
            .all(self.database.reader())
            .await?;
        let contacts = contacts.into_iter().map(|(account, id)| (account, RecordRef::from(id)));
        let opportunities = opportunities.into_iter().map(|(account, id)| (account, RecordRef::from(id)));
        let mut ended: Vec<_> = contacts.chain(opportunities).collect();
        ended.sort_unstable();
        ended.dedup();
        Ok(ended)
    }

    /// The accounts with a deletion that was made until `until` (R4).
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn accounts_with_deletions_until(
        &self,
        until: Timestamp,
    ) -> Result<Vec<AccountId>> {
        let over = deletion::Entity::find()
            .select_only()
            .column(deletion::Column::AccountId)
            .distinct()
            .filter(deletion::Column::At.lte(until))
            .order_by_asc(deletion::Column::AccountId);
        Ok(over.into_tuple().all(self.database.reader()).await?)
    }

    /// Up to `limit` deletions of an account that were made until `until`, oldest first (R4).
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn deletions_until(
        &self,
        account: AccountId,
        until: Timestamp,
        limit: u64,
    ) -> Result<Vec<DeletionId>> {
        let over = deletion::Entity::find()
            .select_only()
            .column(deletion::Column::Id)
            .filter(deletion::Column::AccountId.eq(account))
            .filter(deletion::Column::At.lte(until))
            .order_by_asc(deletion::Column::At)
            .order_by_asc(deletion::Column::Id)
            .limit(limit);
        Ok(over.into_tuple().all(self.database.reader()).await?)
    }

    /// Deletes up to `limit` idempotency keys that were made until `before`; answers how many (R6).
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn delete_keys(&self, before: Timestamp, limit: u64) -> Result<u64> {
        const KEY: [key::Column; 3] = [key::Column::AccountId, key::Column::UserId, key::Column::Key];
        let old = Query::select()
            .columns(KEY)
            .from(key::Entity)
            .and_where(key::Column::CreatedAt.lte(before))
            .limit(limit)
            .take();
        let delete = Query::delete()
            .from_table(key::Entity)
            .and_where(Expr::tuple(KEY.map(Expr::col)).in_subquery(old))
            .take();
        self.delete(&delete).await
    }

    /// Deletes up to `limit` notices of an account that were written until `before`, oldest first; answers how many.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn delete_notifications(
        &self,
        account: AccountId,
        before: Timestamp,
        limit: u64,
    ) -> Result<u64> {
        const KEY: [notification::Column; 2] = [notification::Column::UserId, notification::Column::Number];
        let old = Query::select()
            .columns(KEY)
            .from(notification::Entity)
            .and_where(notification::Column::AccountId.eq(account))
            .and_where(notification::Column::At.lte(before))
            .order_by(notification::Column::At, sea_orm::Order::Asc)
            .limit(limit)
            .take();
        let delete = Query::delete()
            .from_table(notification::Entity)
            .and_where(Expr::tuple(KEY.map(Expr::col)).in_subquery(old))
            .take();
        self.delete(&delete).await
    }

    /// Deletes up to `limit` events of an account's streams that were written until `before`, oldest first; answers how many.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn delete_stream_events(
        &self,
        account: AccountId,
        before: Timestamp,
        limit: u64,
    ) -> Result<u64> {
        const KEY: [stream_event::Column; 2] = [stream_event::Column::Topic, stream_event::Column::Number];
        let old = Query::select()
            .columns(KEY)
            .from(stream_event::Entity)
            .and_where(stream_event::Column::AccountId.eq(account))
            .and_where(stream_event::Column::At.lte(before))
            .order_by(stream_event::Column::At, sea_orm::Order::Asc)
            .limit(limit)
            .take();
        let delete = Query::delete()
            .from_table(stream_event::Entity)
            .and_where(Expr::tuple(KEY.map(Expr::col)).in_subquery(old))
            .take();
        self.delete(&delete).await
    }

    async fn delete(&self, delete: &DeleteStatement) -> Result<u64> {
        let transaction = self.database.begin().await?;
        let deleted = transaction.execute(delete).await?.rows_affected();
        transaction.commit().await?;
        Ok(deleted)
    }
}
