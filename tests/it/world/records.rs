//! Records of a world, read straight from the tables.

use std::collections::HashMap;

use entity::member::Cause;
use entity::{
    ActivityId, ContactId, OpportunityId, Timestamp, UserId, activity, contact, contact_member, opportunity,
    opportunity_member,
};
use retinue::domain::record::RecordRef;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Person, World};

/// A contact.
#[derive(Clone, Debug)]
pub struct Contact {
    pub(super) world: World,
    /// Its id.
    pub id: ContactId,
}

/// An opportunity.
#[derive(Clone, Debug)]
pub struct Opportunity {
    pub(super) world: World,
    /// Its id.
    pub id: OpportunityId,
}

/// One row of a membership table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub user: UserId,
    pub slot: i16,
    pub cause: Cause,
    pub added_by: Option<UserId>,
    pub added_at: Timestamp,
    pub event_id: Option<ActivityId>,
    pub until: Option<Timestamp>,
    pub inherits_edit: bool,
    pub muted_at: Option<Timestamp>,
    pub record_updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// A contact or an opportunity.
pub trait AnyRecord {
    /// Which.
    fn record(&self) -> RecordRef;
    /// Where.
    fn world(&self) -> &World;

    /// The owner on the record itself.
    async fn owner(&self) -> Option<UserId> {
        self.world().owner_of(self.record()).await
    }

    /// The version.
    async fn version(&self) -> i64 {
        self.world().version_and_time(self.record()).await.0
    }

    /// When it last changed.
    async fn updated_at(&self) -> Timestamp {
        self.world().version_and_time(self.record()).await.1
    }

    /// Owner and followers by slot, ended follows included.
    async fn seats(&self) -> Vec<Seat> {
        self.world().seats_of(self.record()).await
    }

    /// The followers of this moment, by slot.
    async fn followers(&self) -> Vec<UserId> {
        let now = self.world().now();
        let seats = self.seats().await.into_iter();
        seats
            .filter(|seat| seat.slot > 0 && seat.until.is_none_or(|until| until > now))
            .map(|seat| seat.user)
            .collect()
    }

    /// The seat of one person.
    async fn seat_of(&self, person: &Person) -> Option<Seat> {
        self.seats().await.into_iter().find(|seat| seat.user == person.id)
    }

    /// What happened to it, oldest first.
    async fn history(&self) -> Vec<activity::Model> {
        self.world().history_of(self.record()).await
    }

    /// The kinds of what happened to it, oldest first.
    async fn activity(&self) -> Vec<String> {
        self.history().await.into_iter().map(|entry| entry.kind).collect()
    }

    /// The kinds of what happened to it after the first `count` things.
    async fn activity_after(&self, count: usize) -> Vec<String> {
        self.activity().await.split_off(count)
    }
}

impl AnyRecord for Contact {
    fn record(&self) -> RecordRef {
        self.id.into()
    }
    fn world(&self) -> &World {
        &self.world
    }
}

impl AnyRecord for Opportunity {
    fn record(&self) -> RecordRef {
        self.id.into()
    }
    fn world(&self) -> &World {
        &self.world
    }
}

impl Contact {
    /// The row.
    pub async fn row(&self) -> contact::Model {
        let found = contact::Entity::find_by_id(self.id).one(&self.world.sql).await;
        found.expect("the contact is read").expect("the contact is there")
    }
}

impl Opportunity {
    /// The row.
    pub async fn row(&self) -> opportunity::Model {
        let found = opportunity::Entity::find_by_id(self.id).one(&self.world.sql).await;
        found.expect("the opportunity is read").expect("the opportunity is there")
    }
}

/// A row of one of the two membership tables as a seat.
macro_rules! seat {
    ($row:expr) => {{
        let row = $row;
        Seat {
            user: row.user_id,
            slot: row.slot,
            cause: row.cause,
            added_by: row.added_by,
            added_at: row.added_at,
            event_id: row.event_id,
            until: row.until,
            inherits_edit: row.inherits_edit,
            muted_at: row.muted_at,
            record_updated_at: row.record_updated_at,
            deleted_at: row.deleted_at,
        }
    }};
}

impl World {
    /// The contact with this id.
    pub fn contact_with(&self, id: ContactId) -> Contact {
        Contact { world: self.clone(), id }
    }

    /// The opportunity with this id.
    pub fn opportunity_with(&self, id: OpportunityId) -> Opportunity {
        Opportunity { world: self.clone(), id }
    }

    /// The owner on a record itself.
    pub async fn owner_of(&self, record: RecordRef) -> Option<UserId> {
        match record {
            RecordRef::Contact(id) => self.contact_with(id).row().await.owner_id,
            RecordRef::Opportunity(id) => self.opportunity_with(id).row().await.owner_id,
        }
    }

    async fn version_and_time(&self, record: RecordRef) -> (i64, Timestamp) {
        match record {
            RecordRef::Contact(id) => {
                let row = self.contact_with(id).row().await;
                (row.version, row.updated_at)
            }
            RecordRef::Opportunity(id) => {
                let row = self.opportunity_with(id).row().await;
                (row.version, row.updated_at)
            }
        }
    }

    /// Owner and followers of a record by slot.
    pub async fn seats_of(&self, record: RecordRef) -> Vec<Seat> {
        self.all_seats_of(&[record]).await.remove(&record).unwrap_or_default()
    }

    /// Owner and followers of records by slot.
    pub async fn all_seats_of(&self, records: &[RecordRef]) -> HashMap<RecordRef, Vec<Seat>> {
        let (contacts, opportunities) = apart(records);
        let of_contacts = contact_member::Entity::find()
            .filter(contact_member::Column::RecordId.is_in(contacts))
            .order_by_asc(contact_member::Column::Slot)
            .all(&self.sql)
            .await
            .expect("the members are read");
        let of_opportunities = opportunity_member::Entity::find()
            .filter(opportunity_member::Column::RecordId.is_in(opportunities))
            .order_by_asc(opportunity_member::Column::Slot)
            .all(&self.sql)
            .await
            .expect("the members are read");
        let mut seats: HashMap<RecordRef, Vec<Seat>> = HashMap::new();
        for row in of_contacts {
            seats.entry(row.record_id.into()).or_default().push(seat!(row));
        }
        for row in of_opportunities {
            seats.entry(row.record_id.into()).or_default().push(seat!(row));
        }
        seats
    }

    async fn history_of(&self, record: RecordRef) -> Vec<activity::Model> {
        let of_record = match record {
            RecordRef::Contact(id) => activity::Column::ContactId.eq(id),
            RecordRef::Opportunity(id) => activity::Column::OpportunityId.eq(id),
        };
        let found = activity::Entity::find()
            .filter(of_record)
            .order_by_asc(activity::Column::Id)
            .all(&self.sql)
            .await;
        found.expect("the history is read")
    }
}

/// The ids of contacts and those of opportunities.
pub fn apart(records: &[RecordRef]) -> (Vec<ContactId>, Vec<OpportunityId>) {
    let (mut contacts, mut opportunities) = (Vec::new(), Vec::new());
    for record in records {
        match record {
            RecordRef::Contact(id) => contacts.push(*id),
            RecordRef::Opportunity(id) => opportunities.push(*id),
        }
    }
    (contacts, opportunities)
}
