//! One change: its transaction, what it holds, what happened, and what follows from it. Only this holds a transaction.

mod appointments;
mod calendars;
mod decide;
mod duplicates;
mod flush;
mod hanging;
mod held;
mod hold;
mod keyed;
mod last_activity;
mod load;
mod log;
mod sets;
mod stages;
mod streams;
mod structure;
mod text;
mod totals;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use entity::activity::Cause;
use entity::{ActivityId, ContactId, PipelineId, Timestamp, TypedId, UserId, account, stage, user};
use policy::Actor;
use sea_orm::sea_query::{LockType, SelectStatement, UpdateStatement};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, ModelTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::access::Access;
use super::activity::{Change, Event, Subject, What};
use super::error::{Error, Refusal, Result};
use super::idempotency::Outcome;
use super::notification;
use super::ownership::auto_follow;
use super::record::RecordRef;
use super::wake::Touched;
use structure::Dropped;

pub use appointments::{HeldAppointment, HeldAppointments};
pub(in crate::domain) use decide::decide;
pub use hanging::{HeldNote, HeldTask, require_granted, require_version_of};
pub use held::{Deal, Held};
pub use hold::Reach;

/// A change in progress. Dropped without `commit`, it never happened.
#[derive(Debug)]
pub struct UnitOfWork<'a> {
    access: &'a Access,
    transaction: DatabaseTransaction,
    account: account::Model,
    cause: Cause,
    now: Timestamp,
    held: BTreeMap<RecordRef, Held>,
    /// The held opportunities of each contact: a change of many records looks at each family for itself.
    families: BTreeMap<ContactId, BTreeSet<RecordRef>>,
    /// The contacts of which every opportunity is held.
    whole: HashSet<ContactId>,
    /// Users whom the change has locked: they stay active until it ends, and are not asked for again.
    active: Mutex<HashMap<UserId, user::Model>>,
    /// The stages that were read, by pipeline.
    stages: Mutex<HashMap<PipelineId, Arc<Vec<stage::Model>>>>,
    events: Vec<Event>,
    dropped: Dropped,
    /// Whether the account's access version was raised.
    access_raised: bool,
}

/// What a change came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Committed {
    /// Everything that happened, in order.
    pub events: Vec<Event>,
}

impl Outcome for Committed {}

impl<'a> UnitOfWork<'a> {
    /// Starts the transaction and holds the account's settings still until it ends.
    pub(in crate::domain) async fn begin(access: &'a Access) -> Result<Self> {
        Self::begin_with(access, LockType::Share).await
    }

    /// Starts a transaction that changes the account itself: no other change of the account runs beside it.
    pub(in crate::domain) async fn begin_alone(access: &'a Access) -> Result<Self> {
        Self::begin_with(access, LockType::Update).await
    }

    async fn begin_with(access: &'a Access, lock: LockType) -> Result<Self> {
        let transaction = access.base().database.begin().await?;
        let account = account::Entity::find_by_id(access.actor().account)
            .lock(lock)
            .one(&transaction)
            .await?
            .ok_or_else(|| Error::bug("the account of the request is gone"))?;
        let now = access.base().clock.now();
        keyed::claim(&transaction, access, now).await?;
        let cause = if access.actor().user.is_some() { Cause::User } else { Cause::CommandLine };
        Ok(Self {
            access,
            transaction,
            account,
            cause,
            now,
            held: BTreeMap::new(),
            families: BTreeMap::new(),
            whole: HashSet::new(),
            active: Mutex::default(),
            stages: Mutex::default(),
            events: Vec::new(),
            dropped: Dropped::default(),
            access_raised: false,
        })
    }

    /// Says through what the change comes about, where it is not a person's own request.
    pub const fn caused_by(&mut self, cause: Cause) {
        self.cause = cause;
    }

    /// Through what the change comes about.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        self.cause
    }

    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        self.access.actor()
    }

    /// The access that the change was started with.
    #[must_use]
    pub const fn access(&self) -> &'a Access {
        self.access
    }

    /// The account with its settings, which nobody else changes meanwhile.
    #[must_use]
    pub const fn account(&self) -> &account::Model {
        &self.account
    }

    /// The moment of the change: not before that of any change that it waited for.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// A new id.
    #[must_use]
    pub fn new_id<I: TypedId>(&self) -> I {
        self.access.base().ids.next()
    }

    /// Says that something happened; the history gets it with the commit.
    pub fn record(
        &mut self,
        subject: impl Into<Subject>,
        what: What,
        changes: Vec<Change>,
        caused_by: Option<ActivityId>,
    ) -> ActivityId {
        self.record_as(self.cause, subject, what, changes, caused_by)
    }

    /// Says that something happened through something else than the change's own cause.
    pub fn record_as(
        &mut self,
        cause: Cause,
        subject: impl Into<Subject>,
        what: What,
        changes: Vec<Change>,
        caused_by: Option<ActivityId>,
    ) -> ActivityId {
        let id = self.new_id();
        self.events.push(Event { id, subject: subject.into(), what, cause, caused_by, changes });
        id
    }

    /// Says that something happened under an id that was handed out before.
    pub fn record_with_id(
        &mut self,
        id: ActivityId,
        subject: impl Into<Subject>,
        what: What,
        changes: Vec<Change>,
        caused_by: Option<ActivityId>,
    ) {
        let cause = self.cause;
        self.events.push(Event { id, subject: subject.into(), what, cause, caused_by, changes });
    }

    /// What happened so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The user with this id, who must be an active one of the account and stays so until the change ends (O8, F5).
    ///
    /// # Errors
    /// Nobody of that id who is active in this account.
    pub async fn active_user(&self, id: UserId, field: &str) -> Result<user::Model> {
        let mut users = self.active_users(&[id]).await?;
        users.remove(&id).ok_or_else(|| unknown_user(field).into())
    }

    /// The active ones among these users, who stay so until the change ends.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn active_users(&self, ids: &[UserId]) -> Result<HashMap<UserId, user::Model>> {
        let unknown: Vec<UserId> = {
            let active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
            ids.iter().copied().filter(|id| !active.contains_key(id)).collect()
        };
        if !unknown.is_empty() {
            let rows = user::Entity::find()
                .filter(user::Column::AccountId.eq(self.account.id))
                .filter(user::Column::Active.eq(true))
                .filter(user::Column::Id.is_in(unknown))
                .order_by_asc(user::Column::Id)
                .lock(LockType::Share)
                .all(&self.transaction)
                .await?;
            let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
            active.extend(rows.into_iter().map(|row| (row.id, row)));
        }
        let active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(ids.iter().filter_map(|id| Some((*id, active.get(id)?.clone()))).collect())
    }

    /// Tells every cache of the account that users, permissions or settings have changed (P4).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn raise_access_version(&mut self) -> Result<()> {
        self.account.access_version += 1;
        self.access_raised = true;
        self.update(account::ActiveModel {
            id: sea_orm::Set(self.account.id),
            access_version: sea_orm::Set(self.account.access_version),
            ..Default::default()
        })
        .await
    }

    /// Reads inside the change.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn query(&self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        Ok(self.transaction.query_all(select).await?)
    }

    /// Reads rows of one table inside the change.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn rows<E: EntityTrait>(&self, select: sea_orm::Select<E>) -> Result<Vec<E::Model>> {
        Ok(select.all(&self.transaction).await?)
    }

    /// Inserts a row.
    ///
    /// # Errors
    /// A database that fails, or a constraint that the row breaks.
    pub async fn insert<A>(&self, row: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + ModelTrait,
    {
        <A::Entity as EntityTrait>::insert(row).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// Inserts rows; none is fine.
    ///
    /// # Errors
    /// A database that fails, or a constraint that a row breaks.
    pub async fn insert_many<A>(&self, rows: Vec<A>) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + ModelTrait,
    {
        if !rows.is_empty() {
            <A::Entity as EntityTrait>::insert_many(rows).exec_without_returning(&self.transaction).await?;
        }
        Ok(())
    }

    /// Writes the set columns of a row that is known by its primary key.
    ///
    /// # Errors
    /// A database that fails, a row that is gone, or a constraint that it breaks.
    pub async fn update<A>(&self, row: A) -> Result<()>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + ModelTrait,
    {
        <A::Entity as EntityTrait>::update(row).exec(&self.transaction).await?;
        Ok(())
    }

    /// Writes many rows with one statement of its own.
    ///
    /// # Errors
    /// A database that fails, or a constraint that a row breaks.
    pub(in crate::domain) async fn execute(&self, statement: &UpdateStatement) -> Result<()> {
        self.transaction.execute(statement).await?;
        Ok(())
    }

    /// Deletes the rows that a filter picks.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn delete<E: EntityTrait>(&self, rows: sea_orm::DeleteMany<E>) -> Result<u64> {
        Ok(rows.exec(&self.transaction).await?.rows_affected)
    }

    /// Lets the reactions answer, writes what is held, appends the history and commits: all of it or nothing.
    ///
    /// # Errors
    /// A database that fails, or that chose this change to give way: run the act again.
    pub async fn commit(self) -> Result<Committed> {
        self.commit_as(|committed| committed).await
    }

    /// The same for an act that tells more than what happened: `done` says what, and a replay tells it again (R6).
    ///
    /// # Errors
    /// As [`UnitOfWork::commit`].
    pub async fn commit_as<T: Outcome>(mut self, done: impl FnOnce(Committed) -> T) -> Result<T> {
        auto_follow::react(&mut self)?;
        self.flush().await?;
        self.drop_structure().await?;
        let (account, actor) = (self.account.id, self.actor().user);
        log::append(&self.transaction, account, actor, self.now, &self.events).await?;
        last_activity::raise(&self.transaction, self.now, &self.events).await?;
        let notices = notification::notices(&self).await?;
        let done = done(Committed { events: self.events.clone() });
        self.keep(&done).await?;
        let topics = self.publish(notices).await?;
        self.transaction.commit().await?;
        if !topics.is_empty() || self.access_raised {
            self.access.base().wake.wake(Touched { account, topics, access: self.access_raised });
        }
        Ok(done)
    }
}

/// The answer to an id that is no active user of the account (F5).
#[must_use]
pub fn unknown_user(field: &str) -> Refusal {
    Refusal {
        message: "there is no active user with this id in your account".into(),
        ..Refusal::not_found(field)
    }
}
