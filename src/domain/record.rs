//! The two records, named at run time (`RecordRef`) and as types (`RecordTable`).

use entity::{ContactId, OpportunityId, Timestamp, TypedId, UserId, contact, opportunity};
use policy::{Record, RecordColumns, Resource, Rule};
use sea_orm::{EntityTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RecordRef {
    /// A contact.
    Contact(ContactId),
    /// An opportunity.
    Opportunity(OpportunityId),
}

impl RecordRef {
    /// Its tables.
    #[must_use]
    pub const fn columns(self) -> RecordColumns {
        match self {
            RecordRef::Contact(_) => policy::Contact::COLUMNS,
            RecordRef::Opportunity(_) => policy::Opportunity::COLUMNS,
        }
    }

    /// Its rules.
    #[must_use]
    pub fn rules(self) -> &'static [Rule] {
        match self {
            RecordRef::Contact(_) => policy::Contact::rules(),
            RecordRef::Opportunity(_) => policy::Opportunity::rules(),
        }
    }

    /// `contact` or `opportunity`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            RecordRef::Contact(_) => policy::Contact::NAME,
            RecordRef::Opportunity(_) => policy::Opportunity::NAME,
        }
    }

    /// The contact that it is, and the opportunity that it is: one of the two. For tables with a column for each.
    #[must_use]
    pub const fn by_kind(self) -> (Option<ContactId>, Option<OpportunityId>) {
        match self {
            RecordRef::Contact(id) => (Some(id), None),
            RecordRef::Opportunity(id) => (None, Some(id)),
        }
    }

    /// The UUID inside its id.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        match self {
            RecordRef::Contact(id) => id.uuid(),
            RecordRef::Opportunity(id) => id.uuid(),
        }
    }
}

impl From<ContactId> for RecordRef {
    fn from(id: ContactId) -> Self {
        RecordRef::Contact(id)
    }
}

impl From<OpportunityId> for RecordRef {
    fn from(id: OpportunityId) -> Self {
        RecordRef::Opportunity(id)
    }
}

/// A record's table, for code that is written once for both.
pub trait RecordTable: Record<Id: Into<RecordRef>> {
    /// Its row.
    type Row: RecordRow<Self::Id>;
    /// Its table.
    type Entity: EntityTrait<Model = Self::Row>;
    /// The reference to one of them.
    fn reference(uuid: Uuid) -> RecordRef {
        Self::Id::from_uuid(uuid).into()
    }
}

/// What the rows of both records have.
pub trait RecordRow<Id>: FromQueryResult + Clone + Send + Sync + std::fmt::Debug + 'static {
    /// The primary key.
    fn id(&self) -> Id;
    /// The owner.
    fn owner_id(&self) -> Option<UserId>;
    /// The contact that it is, or belongs to.
    fn contact_id(&self) -> ContactId;
    /// The name that it sorts by.
    fn name_key(&self) -> &str;
    /// When made.
    fn created_at(&self) -> Timestamp;
    /// When last changed.
    fn updated_at(&self) -> Timestamp;
}

impl RecordTable for policy::Contact {
    type Row = contact::Model;
    type Entity = contact::Entity;
}

impl RecordTable for policy::Opportunity {
    type Row = opportunity::Model;
    type Entity = opportunity::Entity;
}

macro_rules! record_row {
    ($row:ty, $id:ty, |$this:ident| $contact:expr) => {
        impl RecordRow<$id> for $row {
            fn id(&self) -> $id {
                self.id
            }
            fn owner_id(&self) -> Option<UserId> {
                self.owner_id
            }
            fn contact_id(&self) -> ContactId {
                let $this = self;
                $contact
            }
            fn name_key(&self) -> &str {
                &self.name_key
            }
            fn created_at(&self) -> Timestamp {
                self.created_at
            }
            fn updated_at(&self) -> Timestamp {
                self.updated_at
            }
        }
    };
}

record_row!(contact::Model, ContactId, |row| row.id);
record_row!(opportunity::Model, OpportunityId, |row| row.contact_id);
