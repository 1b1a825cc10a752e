//! What rules are written about, and the columns that their filters name.

use entity::TypedId;
use sea_orm::sea_query::{Alias, DynIden, IntoIden};

use crate::Rule;

/// Something that has a table of rules.
pub trait Resource: Send + Sync + 'static {
    /// The word in rule names: `contact`.
    const NAME: &'static str;
    /// Its lines, in the order in which they are read.
    fn rules() -> &'static [Rule];
}

/// A resource with an owner and followers: the two *records*.
pub trait Record: Resource {
    /// Its id.
    type Id: TypedId;
    /// Where its rows and memberships lie.
    const COLUMNS: RecordColumns;
}

/// A resource of the calendar, a note or a task: rows to which people are tied.
pub trait Tied: Resource {
    /// Its id.
    type Id: TypedId;
    /// Where its rows lie, and which columns tie people to them.
    const COLUMNS: TiedColumns;
}

/// The table of a calendar, an appointment, a blocked slot, notes or tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TiedColumns {
    /// `appointment`: has `id`, `account_id`.
    pub table: &'static str,
    /// The column that names the calendar whose members are tied to it; it may be null.
    pub calendar: Option<&'static str>,
    /// The column that names its assignee; it may be null.
    pub assignee: Option<&'static str>,
    /// The column that names its author; it may be null.
    pub author: Option<&'static str>,
    /// The table of its attendees, with `appointment_id` and `user_id`.
    pub attendees: Option<&'static str>,
    /// The column that names its contact.
    pub contact: Option<&'static str>,
    /// The column that names its opportunity.
    pub opportunity: Option<&'static str>,
    /// The column that is null in those rows of the table that are of another resource.
    pub set_in: Option<&'static str>,
}

impl TiedColumns {
    /// A table to which nobody is tied.
    #[must_use]
    pub const fn of(table: &'static str) -> Self {
        Self {
            table,
            calendar: None,
            assignee: None,
            author: None,
            attendees: None,
            contact: None,
            opportunity: None,
            set_in: None,
        }
    }

    /// Its table as an identifier.
    #[must_use]
    pub fn table(&self) -> DynIden {
        Alias::new(self.table).into_iden()
    }
}

/// The tables of a record. Both records have the same shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordColumns {
    /// `contact`: has `id`, `account_id`, `owner_id`.
    pub table: &'static str,
    /// `contact_member`: has `record_id`, `user_id`, `slot`, `until`, `inherits_edit`.
    pub members: &'static str,
    /// The column that names the record's contact: `id` for a contact itself.
    pub contact: &'static str,
}

impl RecordColumns {
    /// The record table as an identifier.
    #[must_use]
    pub fn table(&self) -> DynIden {
        Alias::new(self.table).into_iden()
    }

    /// The membership table as an identifier.
    #[must_use]
    pub fn members(&self) -> DynIden {
        Alias::new(self.members).into_iden()
    }
}
