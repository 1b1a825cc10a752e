//! Records that a change holds: locked in one order, read after the lock, with the standing of the actor as it began.

use std::collections::HashMap;

use entity::activity::Cause;
use entity::{ContactId, Timestamp, TypedId, UserId};
use policy::{Action, Decision, Facts, Link, Owner, Record, RecordColumns, Relation, Wish};
use sea_orm::sea_query::{Alias, Cond, Expr, LockType, Query};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult};
use uuid::Uuid;

use super::UnitOfWork;
use crate::domain::access::{MEMBER_COLUMNS, Member, Standing, select_standing, standing_joins};
use crate::domain::activity::{Change, What};
use crate::domain::error::{Error, Refusal, RefusalKind, Result};
use crate::domain::ownership::roster::Roster;
use crate::domain::record::RecordRef;

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

/// A record that the change holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// Which.
    pub record: RecordRef,
    /// The contact that it is, or belongs to.
    pub contact: ContactId,
    /// The owner, as the change leaves it.
    pub owner: Option<UserId>,
    /// The version that it had when the change began.
    pub version: i64,
    /// When it last changed, as the change leaves it.
    pub updated_at: Timestamp,
    /// How actor and owner stood to it when the change began.
    pub standing: Standing,
    /// Whether the actor could edit it when the change began, or makes it (A2).
    pub actor_could_edit: bool,
    /// Owner and followers.
    pub roster: Roster,
    pub(super) first_owner: Option<UserId>,
}

impl Held {
    /// A record that the change makes.
    #[must_use]
    pub fn made(record: RecordRef, contact: ContactId, owner: Option<UserId>, updated_at: Timestamp) -> Self {
        Self {
            record,
            contact,
            owner,
            version: 1,
            updated_at,
            standing: Standing { mine: None, owner: Owner::Unassigned },
            actor_could_edit: true,
            roster: Roster::empty(record),
            first_owner: owner,
        }
    }

    /// Whether there is an owner who is active. A new one was checked when it was put in (O8).
    #[must_use]
    pub const fn active_owner(&self) -> Option<UserId> {
        match (self.owner, self.standing.owner) {
            (Some(owner), Owner::Assigned { active: false, .. }) if self.has_first_owner(owner) => None,
            (owner, _) => owner,
        }
    }

    const fn has_first_owner(&self, owner: UserId) -> bool {
        match self.first_owner {
            Some(first) => first.0.as_u128() == owner.0.as_u128(),
            None => false,
        }
    }
}

impl UnitOfWork<'_> {
    /// Locks a visible record, and around it what the change may reach: the contact first, then opportunities by id.
    ///
    /// # Errors
    /// Not found, when the actor may not see the record.
    pub async fn hold(&mut self, record: RecordRef, reach: Reach, field: &str) -> Result<()> {
        if self.holds(record, reach) {
            return Ok(());
        }
        let contact = self.contact_of_visible(record).await?.ok_or_else(|| Refusal::not_found(field))?;

        let mut contacts = Vec::new();
        let mut opportunities = Vec::new();
        if matches!(record, RecordRef::Contact(_)) || reach != Reach::Alone {
            contacts =
                self.lock(policy::Contact::COLUMNS, id_is(policy::Contact::COLUMNS, contact.uuid())).await?;
        }
        let columns = policy::Opportunity::COLUMNS;
        if reach == Reach::Family {
            let of_contact = Expr::col((columns.table(), "contact_id")).eq(contact);
            opportunities = self.lock(columns, Cond::all().add(of_contact)).await?;
        } else if let RecordRef::Opportunity(id) = record {
            opportunities = self.lock(columns, id_is(columns, id.uuid())).await?;
        }
        // Whoever was waited for has written a later time than that of the beginning; follows may have ended since.
        self.now = std::cmp::max(self.now, self.access.base().clock.now());
        self.load::<policy::Contact>(contacts).await?;
        self.load::<policy::Opportunity>(opportunities).await?;

        // Between the first look and the lock the right to see it may have gone.
        let visible = self.held(record).is_ok_and(|held| self.decide(held, Action::View).is_granted());
        if visible { Ok(()) } else { Err(Refusal::not_found(field).into()) }
    }

    fn holds(&self, record: RecordRef, reach: Reach) -> bool {
        self.held.get(&record).is_some_and(|held| match reach {
            Reach::Alone => true,
            Reach::Contact => self.held.contains_key(&held.contact.into()),
            Reach::Family => false,
        })
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

    /// Everything that the change holds, contacts first, then opportunities by id.
    pub fn all_held(&self) -> impl Iterator<Item = &Held> {
        self.held.values()
    }

    /// Takes a record that the change makes into what it holds.
    pub fn hold_new(&mut self, held: Held) {
        self.held.insert(held.record, held);
    }

    /// Decides an act on a held record, as things stood when the change began.
    #[must_use]
    pub fn decide(&self, held: &Held, action: Action) -> Decision {
        decide(self.actor(), held.record, action, &held.standing.facts(self.now))
    }

    /// Decides a change of owner on a held record: alone, whatever is linked to it.
    #[must_use]
    pub fn decide_owner_alone(&self, held: &Held, wish: Wish) -> Decision {
        let facts = Facts { wish, ..held.standing.facts(self.now) };
        decide(self.actor(), held.record, Action::ChangeOwner, &facts)
    }

    /// Decides a change of owner with everything that is linked (O3). In linked mode the family must be held.
    ///
    /// # Errors
    /// A bug, when the contact is not held.
    pub fn decide_owner(&self, held: &Held, wish: Wish) -> Result<Decision> {
        if self.account.separate_owners {
            return Ok(self.decide_owner_alone(held, wish));
        }
        let contact = self.held(held.contact.into())?;
        let follows_reached = self.family(held.contact).any(|opportunity| {
            opportunity.first_owner == contact.first_owner
                && opportunity.standing.relation(self.now) == Some(Relation::Follower)
        });
        let is_contact = matches!(held.record, RecordRef::Contact(_));
        let link = Link {
            contact: (!is_contact).then(|| Box::new(contact.standing.facts(self.now))),
            follows_reached,
        };
        let facts = Facts { link: Some(link), ..held.standing.facts(self.now) }.wishing(wish);
        Ok(decide(self.actor(), held.record, Action::ChangeOwner, &facts))
    }

    /// The held opportunities of a contact, by id.
    pub fn family(&self, contact: ContactId) -> impl Iterator<Item = &Held> {
        self.held
            .values()
            .filter(move |held| held.contact == contact && matches!(held.record, RecordRef::Opportunity(_)))
    }

    /// Refuses an act that the actor may not do to a record that they may see.
    ///
    /// # Errors
    /// Permission denied, with the permission that would mend it where one alone would.
    pub fn require(&self, record: RecordRef, action: Action, field: &str) -> Result<()> {
        match self.decide(self.held(record)?, action) {
            Decision::Granted(_) => Ok(()),
            Decision::Refused(reason) => Err(Refusal::denied(field, Some(reason)).into()),
        }
    }

    /// Refuses an act on a record that has changed since the caller read it (R6).
    ///
    /// # Errors
    /// Stale version, with the current one.
    pub fn require_version(&self, record: RecordRef, expected: Option<i64>) -> Result<()> {
        let current = self.held(record)?.version;
        if expected.is_none_or(|expected| expected == current) {
            return Ok(());
        }
        let kind = RefusalKind::StaleVersion { current, record: Some(record) };
        let message = format!("the record has changed since, it has version {current}: read it again");
        Err(Refusal::new(kind, "expectedVersion", message).into())
    }

    async fn contact_of_visible(&self, record: RecordRef) -> Result<Option<ContactId>> {
        let columns = record.columns();
        let select = Query::select()
            .expr_as(Expr::col((columns.table(), columns.contact)), "contact_id")
            .from(columns.table())
            .cond_where(id_is(columns, record.uuid()))
            .and_where(Expr::col((columns.table(), "account_id")).eq(self.account.id))
            .cond_where(self.view_filter(record))
            .take();
        let row = self.transaction.query_one(&select).await?;
        Ok(row.map(|row| row.try_get("", "contact_id")).transpose()?)
    }

    fn view_filter(&self, record: RecordRef) -> Cond {
        let (actor, now) = (self.actor(), self.now);
        match record {
            RecordRef::Contact(_) => {
                policy::filter::<policy::Contact>(actor, Action::View, Wish::Nobody, false, now)
            }
            RecordRef::Opportunity(_) => {
                policy::filter::<policy::Opportunity>(actor, Action::View, Wish::Nobody, false, now)
            }
        }
    }

    /// Locks rows of a record table in the order of their ids. SQLite has one writer and needs none.
    async fn lock(&self, columns: RecordColumns, which: Cond) -> Result<Vec<Uuid>> {
        let id = (columns.table(), Alias::new("id"));
        let select = Query::select()
            .column(id.clone())
            .from(columns.table())
            .cond_where(which)
            .and_where(Expr::col((columns.table(), "account_id")).eq(self.account.id))
            .order_by(id, sea_orm::Order::Asc)
            .lock(LockType::NoKeyUpdate)
            .take();
        let rows = self.transaction.query_all(&select).await?;
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }

    /// Reads locked rows with a statement of its own: one that waits for a lock sees joined tables as they were before.
    async fn load<R: crate::domain::record::RecordTable>(&mut self, ids: Vec<Uuid>) -> Result<()> {
        let columns = R::COLUMNS;
        let fresh: Vec<Uuid> =
            ids.into_iter().filter(|id| !self.held.contains_key(&R::reference(*id))).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let mut select = Query::select();
        for column in ["id", "owner_id", "version", "updated_at"] {
            select.expr(Expr::col((columns.table(), column)));
        }
        select
            .expr_as(Expr::col((columns.table(), columns.contact)), "of_contact")
            .from(columns.table())
            .and_where(Expr::col((columns.table(), "id")).is_in(fresh.iter().copied()));
        standing_joins(&mut select, columns, self.actor().user, false);
        select_standing(&mut select);

        let rows = self.transaction.query_all(&select).await?;
        let mut rosters = self.read_rosters(columns, &fresh).await?;
        for row in &rows {
            let id: Uuid = row.try_get("", "id")?;
            let record = R::reference(id);
            let owner: Option<UserId> = row.try_get("", "owner_id")?;
            let standing = Standing::from_query_result(row, "")?;
            let facts = standing.facts(self.now);
            let held = Held {
                record,
                contact: row.try_get("", "of_contact")?,
                owner,
                version: row.try_get("", "version")?,
                updated_at: row.try_get("", "updated_at")?,
                standing,
                actor_could_edit: decide(self.actor(), record, Action::Edit, &facts).is_granted(),
                roster: Roster::loaded(record, rosters.remove(&id).unwrap_or_default()),
                first_owner: owner,
            };
            self.held.insert(record, held);
            self.reap(record)?;
        }
        Ok(())
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

/// Decides by the rules of whichever record it is.
fn decide(actor: &policy::Actor, record: RecordRef, action: Action, facts: &Facts) -> Decision {
    match record {
        RecordRef::Contact(_) => policy::decide::<policy::Contact>(actor, action, facts),
        RecordRef::Opportunity(_) => policy::decide::<policy::Opportunity>(actor, action, facts),
    }
}

fn id_is(columns: RecordColumns, id: Uuid) -> Cond {
    Cond::all().add(Expr::col((columns.table(), "id")).eq(id))
}
