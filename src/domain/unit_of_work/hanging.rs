//! Notes and tasks that a change holds. The order of locks: their records, then they themselves, then the people.

use entity::{NoteId, TaskId, TypedId, UserId, note, note_mention, task, user};
use policy::{Action, Actor, Decision, Facts, Relation, Resource, Tied, Ties};
use sea_orm::sea_query::{Expr, LockType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::decide::decide;
use super::hold::Life;
use super::{Held, UnitOfWork};
use crate::domain::access::{decide_hanging, living, record_of, visible};
use crate::domain::error::{Error, Refusal, RefusalKind, Result};
use crate::domain::record::RecordRef;

/// A note that the change holds, as it found it.
#[derive(Clone, Debug)]
pub struct HeldNote {
    /// Its row.
    pub row: note::Model,
    /// The record that it is on, which is held too.
    pub on: RecordRef,
    /// Whom it mentions, by id.
    pub mentions: Vec<UserId>,
}

/// A task that the change holds, as it found it.
#[derive(Clone, Debug)]
pub struct HeldTask {
    /// Its row.
    pub row: task::Model,
    /// The record that it is on, which is held too, though the actor may not see it.
    pub on: RecordRef,
}

impl UnitOfWork<'_> {
    /// Locks a note that the actor may view, after its record.
    ///
    /// # Errors
    /// Not found.
    pub async fn hold_note(&mut self, id: NoteId, field: &str) -> Result<HeldNote> {
        let on = self.record_under::<policy::ContactNote, policy::OpportunityNote>(id.uuid()).await?;
        let on = on.ok_or_else(|| Refusal::not_found(field))?;
        self.hold_whoever_sees(on, field).await?;
        let row = note::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&self.transaction).await?;
        let row = row.ok_or_else(|| Refusal::not_found(field))?;
        let mentions = note_mention::Entity::find()
            .filter(note_mention::Column::NoteId.eq(id))
            .order_by_asc(note_mention::Column::UserId);
        let mentions = self.rows(mentions).await?.into_iter().map(|row| row.user_id).collect();
        let held = HeldNote { row, on, mentions };
        if self.decide_note(&held, Action::View)?.is_granted() {
            return Ok(held);
        }
        Err(Refusal::not_found(field).into())
    }

    /// Locks a task that the actor may view, after its record, which they need not see.
    ///
    /// # Errors
    /// Not found.
    pub async fn hold_task(&mut self, id: TaskId, field: &str) -> Result<HeldTask> {
        let on = self.record_under::<policy::ContactTask, policy::OpportunityTask>(id.uuid()).await?;
        let on = on.ok_or_else(|| Refusal::not_found(field))?;
        self.hold_whoever_sees(on, field).await?;
        let row = task::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&self.transaction).await?;
        let row = row.ok_or_else(|| Refusal::not_found(field))?;
        let held = HeldTask { row, on };
        if self.decide_task(&held, Action::View)?.is_granted() {
            return Ok(held);
        }
        Err(Refusal::not_found(field).into())
    }

    /// Decides an act on a held note, as things stood when the change began.
    ///
    /// # Errors
    /// A bug, when its record is not held.
    pub fn decide_note(&self, held: &HeldNote, action: Action) -> Result<Decision> {
        let ties = Ties { author: self.is_actor(held.row.author_id), ..Ties::NONE };
        self.decide_on::<policy::ContactNote, policy::OpportunityNote>(held.on, ties, action)
    }

    /// Decides an act on a held task, as things stood when the change began.
    ///
    /// # Errors
    /// A bug, when its record is not held.
    pub fn decide_task(&self, held: &HeldTask, action: Action) -> Result<Decision> {
        let ties = Ties { assignee: self.is_actor(held.row.assignee_id), ..Ties::NONE };
        self.decide_on::<policy::ContactTask, policy::OpportunityTask>(held.on, ties, action)
    }

    /// Decides an act on what hangs, or shall hang, on a held record.
    ///
    /// # Errors
    /// A bug, when the record is not held.
    pub fn decide_on<C: Resource, O: Resource>(
        &self,
        record: RecordRef,
        ties: Ties,
        action: Action,
    ) -> Result<Decision> {
        let of_record = self.held(record)?.standing.facts(self.now);
        Ok(decide_hanging::<C, O>(self.actor(), record, of_record, ties, action))
    }

    /// Whether somebody else may view a held record, as its people now stand.
    #[must_use]
    pub fn may_be_seen_by(&self, held: &Held, user: &user::Model) -> bool {
        let relation = held.roster.member(user.id).map(|member| match member.is_owner() {
            true => Relation::Owner,
            false => Relation::Follower,
        });
        let facts = Facts { relation, owner: held.standing.owner, ..Facts::none() };
        decide(&Actor::from_user(user), held.record, Action::View, &facts).is_granted()
    }

    fn is_actor(&self, user: Option<UserId>) -> bool {
        user.is_some() && user == self.actor().user
    }

    /// The record that a note or a task hangs on, if the actor may see the one that hangs there.
    async fn record_under<C: Tied, O: Tied>(&self, id: Uuid) -> Result<Option<RecordRef>> {
        let table = C::COLUMNS.table;
        let select = Query::select()
            .columns([(table, "contact_id"), (table, "opportunity_id")])
            .from(table)
            .and_where(Expr::col((table, "id")).eq(id))
            .and_where(Expr::col((table, "account_id")).eq(self.account.id))
            .cond_where(visible::<C, O>(self.access, Action::View))
            .cond_where(living(table))
            .take();
        let Some(row) = self.transaction.query_one(&select).await? else { return Ok(None) };
        let on = record_of(row.try_get("", "contact_id")?, row.try_get("", "opportunity_id")?);
        on.map(Some).ok_or_else(|| Error::bug("something hangs on no record"))
    }

    /// Locks a record while it is there. Whether the actor may see it is no matter here: ask about what hangs on it.
    async fn hold_whoever_sees(&mut self, record: RecordRef, field: &str) -> Result<()> {
        let locked = self.lock(record.columns(), "id", &[record.uuid()], Some(Life::There)).await?;
        if locked.is_empty() {
            return Err(Refusal::not_found(field).into());
        }
        match record {
            RecordRef::Contact(_) => self.load_locked(locked, Vec::new()).await,
            RecordRef::Opportunity(_) => self.load_locked(Vec::new(), locked).await,
        }
    }
}

/// Refuses an act that the actor may not do to what hangs on a record.
///
/// # Errors
/// Denied, with the permission that would mend it where one alone would.
pub fn require_granted(decision: &Decision, field: &str) -> Result<()> {
    match decision {
        Decision::Granted(_) => Ok(()),
        Decision::Refused(reason) => Err(Refusal::denied(field, Some(*reason)).into()),
    }
}

/// Refuses an act on a note or a task, as `what` says, that has changed since the caller read it (R6).
///
/// # Errors
/// Stale version, with the current one.
pub fn require_version_of(what: &str, current: i64, expected: Option<i64>) -> Result<()> {
    if expected.is_none_or(|expected| expected == current) {
        return Ok(());
    }
    let kind = RefusalKind::StaleVersion { current, record: None };
    let message = format!("the {what} has changed since, it has version {current}: read it again");
    Err(Refusal::new(kind, "expectedVersion", message).into())
}
