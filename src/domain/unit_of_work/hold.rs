//! Takes hold of records: finds those that the actor may see, and locks them in one order.

use std::collections::{HashMap, HashSet};

use entity::{ContactId, TypedId};
use policy::{Action, Record, RecordColumns, Wish};
use sea_orm::sea_query::{Alias, Expr, LockType, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use uuid::Uuid;

use super::UnitOfWork;
use crate::domain::deletion;
use crate::domain::error::{Refusal, Result};
use crate::domain::record::{RecordRef, RecordTable};

/// How many rows one statement names.
pub(super) const CHUNK: usize = 5_000;

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
        let may_use =
            |record: &RecordRef| self.held(*record).is_ok_and(super::Held::is_made) || self.may_view(*record);
        let mut held: HashSet<RecordRef> = known.into_iter().filter(may_use).collect();
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
}

fn lives(columns: RecordColumns, life: Life) -> Expr {
    let deleted_at = Expr::col((columns.table(), "deleted_at"));
    match life {
        Life::There => deleted_at.is_null(),
        Life::Deleted => deleted_at.is_not_null(),
    }
}
