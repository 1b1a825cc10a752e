//! Records that a change holds: locked in one order, read after the lock, with the standing of the actor as it began.

use std::collections::{HashMap, HashSet};

use entity::activity::Cause;
use entity::opportunity::Status;
use entity::{ContactId, DeletionId, PipelineId, StageId, Timestamp, TypedId, UserId};
use policy::{Action, Owner, Record, RecordColumns, Resource, Wish};
use sea_orm::sea_query::{Alias, Expr, LockType, Query};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult, QueryResult};
use uuid::Uuid;

use super::UnitOfWork;
use super::decide::decide;
use crate::domain::access::{MEMBER_COLUMNS, Member, Standing, select_standing, standing_joins};
use crate::domain::activity::{Change, What};
use crate::domain::deletion;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::ownership::roster::Roster;
use crate::domain::record::{RecordRef, RecordTable};

/// How many rows one statement names.
const CHUNK: usize = 5_000;

/// How far around a record a change may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The record alone.
    Alone,
    /// An opportunity and its contact.
    Contact,
    /// A contact and all its opportunities.
    Family,
}

/// Whether records are looked for among those that are there, or among those that are deleted (R4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    There,
    Deleted,
}

/// What totals and stages need to know of an opportunity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deal {
    /// Its pipeline.
    pub pipeline: PipelineId,
    /// Its stage.
    pub stage: StageId,
    /// How it stands.
    pub status: Status,
    /// What it is worth, in minor units.
    pub value_minor: Option<i64>,
}

/// A record that the change holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// Which.
    pub record: RecordRef,
    /// The contact that it is, or belongs to.
    pub contact: ContactId,
    /// The owner, as the change leaves it.
    pub owner: Option<UserId>,
    /// The version, as the change leaves it so far: owner, stage and deletion raise it at the end.
    pub version: i64,
    /// When it last changed, as the change leaves it.
    pub updated_at: Timestamp,
    /// How actor and owner stood to it when the change began.
    pub standing: Standing,
    /// Whether the actor could edit it when the change began, or makes it (A2).
    pub actor_could_edit: bool,
    /// Owner and followers.
    pub roster: Roster,
    /// For an opportunity: where and how it stands, as the change leaves it. Another stage is written at the end; status
    /// and value are written by whoever changes them, and said here for the totals.
    pub deal: Option<Deal>,
    /// The deletion that it is under, as the change leaves it (R4).
    pub deletion: Option<DeletionId>,
    pub(super) first: First,
}

/// What a record was before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct First {
    pub owner: Option<UserId>,
    pub deal: Option<Deal>,
    pub deletion: Option<DeletionId>,
    pub version: i64,
}

impl Held {
    /// A record that the change makes; `deal` says where an opportunity starts.
    #[must_use]
    pub fn made(
        record: RecordRef,
        contact: ContactId,
        owner: Option<UserId>,
        updated_at: Timestamp,
        deal: Option<Deal>,
    ) -> Self {
        Self {
            record,
            contact,
            owner,
            version: 1,
            updated_at,
            standing: Standing { mine: None, owner: Owner::Unassigned },
            actor_could_edit: true,
            roster: Roster::empty(record),
            deal,
            deletion: None,
            first: First { owner, deal: None, deletion: None, version: 1 },
        }
    }

    /// Whether there is an owner who is active. A new one was checked when it was put in (O8).
    #[must_use]
    pub fn active_owner(&self) -> Option<UserId> {
        match (self.owner, self.standing.owner) {
            (Some(owner), Owner::Assigned { active: false, .. }) if self.first.owner == Some(owner) => None,
            (owner, _) => owner,
        }
    }

    /// Whether the change makes it.
    #[must_use]
    pub fn is_made(&self) -> bool {
        self.first.deal.is_none() && self.deal.is_some()
    }

    /// The owner before the change.
    #[must_use]
    pub const fn first_owner(&self) -> Option<UserId> {
        self.first.owner
    }

    /// The version before the change.
    #[must_use]
    pub const fn first_version(&self) -> i64 {
        self.first.version
    }

    /// How many of owner, stage and deletion the end of the change writes.
    pub(super) fn rewrites(&self) -> i64 {
        let owner = self.owner != self.first.owner;
        let deletion = self.deletion != self.first.deletion;
        i64::from(owner) + i64::from(self.changed_stage()) + i64::from(deletion)
    }

    pub(super) fn is_rewritten(&self) -> bool {
        self.rewrites() > 0
    }

    pub(super) fn changed_stage(&self) -> bool {
        self.first.deal.is_some()
            && self.first.deal.map(|deal| deal.stage) != self.deal.map(|deal| deal.stage)
    }
}

impl UnitOfWork<'_> {
    /// Locks a visible record, and around it what the change may reach: the contact first, then opportunities by id.
    ///
    /// # Errors
    /// Not found, when the actor may not see the record.
    pub async fn hold(&mut self, record: RecordRef, reach: Reach, field: &str) -> Result<()> {
        if self.hold_many(&[record], reach).await?.contains(&record) {
            return Ok(());
        }
        Err(Refusal::not_found(field).into())
    }

    /// Locks the visible ones among these records, and around them what the change may reach: contacts by id first, then
    /// opportunities by id. The number of statements does not grow with them. Answers which are visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn hold_many(&mut self, records: &[RecordRef], reach: Reach) -> Result<HashSet<RecordRef>> {
        let (known, wanted): (Vec<RecordRef>, Vec<RecordRef>) =
            records.iter().copied().partition(|record| self.holds(*record, reach));
        let mut held: HashSet<RecordRef> = known.into_iter().collect();
        if wanted.is_empty() {
            return Ok(held);
        }
        let found = self.contacts_of(&wanted, Life::There).await?;

        let contacts = found
            .iter()
            .filter(|(record, _)| matches!(record, RecordRef::Contact(_)) || reach != Reach::Alone);
        let contacts: Vec<Uuid> = contacts.map(|(_, contact)| contact.uuid()).collect();
        let contacts = self.lock(policy::Contact::COLUMNS, "id", &contacts, Some(Life::There)).await?;
        let columns = policy::Opportunity::COLUMNS;
        let opportunities = if reach == Reach::Family {
            let of: Vec<Uuid> = found.values().map(|contact| contact.uuid()).collect();
            self.lock(columns, "contact_id", &of, Some(Life::There)).await?
        } else {
            let named = found.keys().filter(|record| matches!(record, RecordRef::Opportunity(_)));
            let named: Vec<Uuid> = named.map(|record| record.uuid()).collect();
            self.lock(columns, "id", &named, Some(Life::There)).await?
        };
        self.load_locked(contacts, opportunities).await?;
        if reach == Reach::Family {
            self.whole.extend(found.values().copied());
        }

        // Between the first look and the lock the right to see one may have gone.
        held.extend(found.keys().copied().filter(|record| self.may_view(*record)));
        Ok(held)
    }

    /// Locks the deleted ones among these records that the actor may restore, with what their deletion took: of an
    /// opportunity its contact too, of a contact its deleted opportunities (R4). Answers which. One that the actor may not
    /// restore, and one whose time is over, cost what an unknown one costs (A7).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn hold_deleted(&mut self, records: &[RecordRef]) -> Result<HashSet<RecordRef>> {
        let found = self.contacts_of(records, Life::Deleted).await?;
        let contacts: Vec<Uuid> = found.values().map(|contact| contact.uuid()).collect();
        let contacts = self.lock(policy::Contact::COLUMNS, "id", &contacts, None).await?;
        let columns = policy::Opportunity::COLUMNS;
        let named_contacts = found.keys().filter(|record| matches!(record, RecordRef::Contact(_)));
        let named_contacts: Vec<Uuid> = named_contacts.map(|record| record.uuid()).collect();
        let mut opportunities =
            self.lock(columns, "contact_id", &named_contacts, Some(Life::Deleted)).await?;
        let named = found.keys().filter(|record| matches!(record, RecordRef::Opportunity(_)));
        let named: Vec<Uuid> = named.map(|record| record.uuid()).collect();
        opportunities.extend(self.lock(columns, "id", &named, Some(Life::Deleted)).await?);
        self.load_locked(contacts, opportunities).await?;

        let still = |record: &RecordRef| {
            self.held(*record)
                .is_ok_and(|held| held.deletion.is_some() && self.decide(held, Action::Restore).is_granted())
        };
        Ok(found.keys().copied().filter(still).collect())
    }

    fn holds(&self, record: RecordRef, reach: Reach) -> bool {
        self.held.get(&record).is_some_and(|held| match reach {
            Reach::Alone => true,
            Reach::Contact => self.held.contains_key(&held.contact.into()),
            // Whoever makes another opportunity of a held contact waits for its lock.
            Reach::Family => self.whole.contains(&held.contact),
        })
    }

    fn may_view(&self, record: RecordRef) -> bool {
        self.held(record).is_ok_and(|held| self.decide(held, Action::View).is_granted())
    }

    /// A record that the change holds.
    ///
    /// # Errors
    /// A bug, when it was not held before.
    pub fn held(&self, record: RecordRef) -> Result<&Held> {
        self.held.get(&record).ok_or_else(|| Error::bug("a record was used before it was held"))
    }

    /// The same, to change it.
    ///
    /// # Errors
    /// A bug, when it was not held before.
    pub fn held_mut(&mut self, record: RecordRef) -> Result<&mut Held> {
        self.held.get_mut(&record).ok_or_else(|| Error::bug("a record was used before it was held"))
    }

    /// Where and how a held opportunity stands.
    ///
    /// # Errors
    /// A bug, when it was not held before, or is a contact.
    pub fn deal_mut(&mut self, record: RecordRef) -> Result<&mut Deal> {
        let deal = self.held_mut(record)?.deal.as_mut();
        deal.ok_or_else(|| Error::bug("a contact is no deal"))
    }

    /// Everything that the change holds, contacts first, then opportunities by id.
    pub fn all_held(&self) -> impl Iterator<Item = &Held> {
        self.held.values()
    }

    /// Takes a record that the change makes into what it holds.
    pub fn hold_new(&mut self, held: Held) {
        self.keep_held(held);
    }

    fn keep_held(&mut self, held: Held) {
        if matches!(held.record, RecordRef::Opportunity(_)) {
            self.families.entry(held.contact).or_default().insert(held.record);
        }
        self.held.insert(held.record, held);
    }

    /// The held opportunities of a contact, by id.
    pub fn family(&self, contact: ContactId) -> impl Iterator<Item = &Held> {
        self.families.get(&contact).into_iter().flatten().filter_map(|record| self.held.get(record))
    }

    /// Which of these records the actor could see, each with its contact.
    async fn contacts_of(&self, records: &[RecordRef], life: Life) -> Result<HashMap<RecordRef, ContactId>> {
        let (contacts, opportunities): (Vec<RecordRef>, Vec<RecordRef>) =
            records.iter().partition(|record| matches!(record, RecordRef::Contact(_)));
        let mut found = self.contacts_of_kind::<policy::Contact>(&contacts, life).await?;
        found.extend(self.contacts_of_kind::<policy::Opportunity>(&opportunities, life).await?);
        Ok(found)
    }

    async fn contacts_of_kind<R: RecordTable>(
        &self,
        records: &[RecordRef],
        life: Life,
    ) -> Result<HashMap<RecordRef, ContactId>> {
        let columns = R::COLUMNS;
        let (action, restorable) = match life {
            Life::There => (Action::View, None),
            Life::Deleted => (Action::Restore, Some(deletion::horizon(self.now))),
        };
        let mut found = HashMap::new();
        for chunk in records.chunks(CHUNK) {
            let mut select = Query::select();
            select
                .expr_as(Expr::col((columns.table(), "id")), "id")
                .expr_as(Expr::col((columns.table(), columns.contact)), "contact_id")
                .from(columns.table())
                .and_where(Expr::col((columns.table(), "id")).is_in(chunk.iter().map(|record| record.uuid())))
                .and_where(Expr::col((columns.table(), "account_id")).eq(self.account.id))
                .and_where(lives(columns, life))
                .cond_where(policy::filter::<R>(self.actor(), action, Wish::Nobody, false, self.now));
            if let Some(horizon) = restorable {
                select.and_where(Expr::col((columns.table(), "deleted_at")).gt(horizon));
            }
            for row in self.transaction.query_all(&select).await? {
                found.insert(R::reference(row.try_get("", "id")?), row.try_get("", "contact_id")?);
            }
        }
        Ok(found)
    }

    /// Locks rows of a record table in the order of their ids. SQLite has one writer and needs none.
    pub(super) async fn lock(
        &self,
        columns: RecordColumns,
        by: &'static str,
        ids: &[Uuid],
        life: Option<Life>,
    ) -> Result<Vec<Uuid>> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let mut locked = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let id = (columns.table(), Alias::new("id"));
            let mut select = Query::select();
            select
                .column(id.clone())
                .from(columns.table())
                .and_where(Expr::col((columns.table(), by)).is_in(chunk.iter().copied()))
                .and_where(Expr::col((columns.table(), "account_id")).eq(self.account.id))
                .order_by(id, sea_orm::Order::Asc)
                .lock(LockType::NoKeyUpdate);
            if let Some(life) = life {
                select.and_where(lives(columns, life));
            }
            for row in self.transaction.query_all(&select).await? {
                locked.push(row.try_get("", "id")?);
            }
        }
        Ok(locked)
    }

    pub(super) async fn load_locked(&mut self, contacts: Vec<Uuid>, opportunities: Vec<Uuid>) -> Result<()> {
        // Whoever was waited for has written a later time than that of the beginning; follows may have ended since.
        self.now = std::cmp::max(self.now, self.access.base().clock.now());
        self.load::<policy::Contact>(contacts).await?;
        self.load::<policy::Opportunity>(opportunities).await
    }

    /// Reads locked rows with a statement of its own: one that waits for a lock sees joined tables as they were before.
    async fn load<R: RecordTable>(&mut self, ids: Vec<Uuid>) -> Result<()> {
        let columns = R::COLUMNS;
        let fresh: Vec<Uuid> =
            ids.into_iter().filter(|id| !self.held.contains_key(&R::reference(*id))).collect();
        for fresh in fresh.chunks(CHUNK) {
            let mut select = Query::select();
            for column in ["id", "owner_id", "version", "updated_at", "deletion_id"] {
                select.expr(Expr::col((columns.table(), column)));
            }
            if R::NAME == policy::Opportunity::NAME {
                for column in ["pipeline_id", "stage_id", "status", "value_minor"] {
                    select.expr(Expr::col((columns.table(), column)));
                }
            }
            select
                .expr_as(Expr::col((columns.table(), columns.contact)), "of_contact")
                .from(columns.table())
                .and_where(Expr::col((columns.table(), "id")).is_in(fresh.iter().copied()));
            standing_joins(&mut select, columns, self.actor().user, false);
            select_standing(&mut select);

            let rows = self.transaction.query_all(&select).await?;
            let mut rosters = self.read_rosters(columns, fresh).await?;
            for row in &rows {
                let id: Uuid = row.try_get("", "id")?;
                let members = rosters.remove(&id).unwrap_or_default();
                self.take_in(R::reference(id), row, members)?;
            }
        }
        Ok(())
    }

    fn take_in(&mut self, record: RecordRef, row: &QueryResult, members: Vec<Member>) -> Result<()> {
        let standing = Standing::from_query_result(row, "")?;
        let facts = standing.facts(self.now);
        let deal = match record {
            RecordRef::Contact(_) => None,
            RecordRef::Opportunity(_) => Some(Deal {
                pipeline: row.try_get("", "pipeline_id")?,
                stage: row.try_get("", "stage_id")?,
                status: row.try_get("", "status")?,
                value_minor: row.try_get("", "value_minor")?,
            }),
        };
        let first = First {
            owner: row.try_get("", "owner_id")?,
            deal,
            deletion: row.try_get("", "deletion_id")?,
            version: row.try_get("", "version")?,
        };
        let held = Held {
            record,
            contact: row.try_get("", "of_contact")?,
            owner: first.owner,
            version: first.version,
            updated_at: row.try_get("", "updated_at")?,
            standing,
            actor_could_edit: decide(self.actor(), record, Action::Edit, &facts).is_granted(),
            roster: Roster::loaded(record, members),
            deal,
            deletion: first.deletion,
            first,
        };
        self.keep_held(held);
        self.reap(record)
    }

    async fn read_rosters(&self, columns: RecordColumns, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Member>>> {
        let select = Query::select()
            .columns(MEMBER_COLUMNS)
            .from(columns.members())
            .and_where(Expr::col("record_id").is_in(ids.iter().copied()))
            .take();
        let mut rosters: HashMap<Uuid, Vec<Member>> = HashMap::new();
        for row in self.transaction.query_all(&select).await? {
            let member = Member::from_query_result(&row, "")?;
            rosters.entry(member.record_id).or_default().push(member);
        }
        Ok(rosters)
    }

    /// Follows that have ended give up their places before anybody counts them (F7).
    fn reap(&mut self, record: RecordRef) -> Result<()> {
        let now = self.now;
        for user in self.held_mut(record)?.roster.reap(now) {
            let change = Change::between("followers", Some(user.to_string()), None);
            self.record_as(
                Cause::Clock,
                record,
                What::FollowEnded { user },
                change.into_iter().collect(),
                None,
            );
        }
        Ok(())
    }
}

fn lives(columns: RecordColumns, life: Life) -> Expr {
    let deleted_at = Expr::col((columns.table(), "deleted_at"));
    match life {
        Life::There => deleted_at.is_null(),
        Life::Deleted => deleted_at.is_not_null(),
    }
}
