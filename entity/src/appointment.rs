//! Appointments (C2).

use sea_orm::entity::prelude::*;

use crate::{AccountId, AppointmentId, CalendarId, ContactId, DeletionId, Timestamp, UserId};

/// What became of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    /// Booked, not confirmed yet.
    #[sea_orm(string_value = "NEW")]
    New,
    /// Confirmed.
    #[sea_orm(string_value = "CONFIRMED")]
    Confirmed,
    /// The contact came.
    #[sea_orm(string_value = "SHOWED")]
    Showed,
    /// The contact did not come.
    #[sea_orm(string_value = "NO_SHOW")]
    NoShow,
    /// Called off: its slot is free.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
    /// Booked by mistake: its slot is free.
    #[sea_orm(string_value = "INVALID")]
    Invalid,
}

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointment")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AppointmentId,
    /// The tenant.
    pub account_id: AccountId,
    /// The calendar that it is in.
    pub calendar_id: CalendarId,
    /// With whom, for good (A12).
    pub contact_id: ContactId,
    /// Whose time it takes.
    pub assignee_id: UserId,
    /// What it is about.
    pub title: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// More of it.
    pub description: Option<String>,
    /// What became of it.
    pub status: Status,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, this instant not included.
    pub ends_at: Timestamp,
    /// From when its assignee is busy: the buffer of the calendar as it was when the time was set.
    pub busy_from: Timestamp,
    /// Until when its assignee is busy.
    pub busy_until: Timestamp,
    /// The IANA time zone that it was meant in.
    pub zone: String,
    /// Whether its time was set against the calendar and whatever else its assignee has (C7).
    pub overbooked: bool,
    /// Who booked it; none for the command line.
    pub booked_by: Option<UserId>,
    /// Raised by every change.
    pub version: i64,
    /// When booked.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
    /// When deleted.
    pub deleted_at: Option<Timestamp>,
    /// The deletion that took it.
    pub deletion_id: Option<DeletionId>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
