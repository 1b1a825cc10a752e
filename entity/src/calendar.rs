//! Calendars: when and how long somebody can be booked (C1).

use sea_orm::entity::prelude::*;

use crate::{AccountId, CalendarGroupId, CalendarId, Timestamp};

/// How a calendar finds whom it books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Of one person.
    #[sea_orm(string_value = "PERSONAL")]
    Personal,
    /// Of several, of whom one is booked.
    #[sea_orm(string_value = "ROUND_ROBIN")]
    RoundRobin,
    /// Several contacts share a slot of one person.
    #[sea_orm(string_value = "CLASS")]
    Class,
}

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarId,
    /// The tenant.
    pub account_id: AccountId,
    /// The group that it is in; none when it stands alone.
    pub group_id: Option<CalendarGroupId>,
    /// As shown.
    pub name: String,
    /// Folded, to sort by. Two calendars may share it: one may be hidden from whoever names the other.
    pub name_key: String,
    /// What it is for.
    pub description: Option<String>,
    /// How it finds whom it books.
    pub kind: Kind,
    /// The IANA time zone that its weekdays and times of day are meant in.
    pub zone: String,
    /// How long a slot is.
    pub slot_minutes: i32,
    /// For how long before an appointment its assignee is busy.
    pub buffer_before_minutes: i32,
    /// For how long after an appointment its assignee is busy.
    pub buffer_after_minutes: i32,
    /// How long ahead a slot is booked at the latest.
    pub minimum_notice_minutes: i32,
    /// JSON: when it is open, by weekday and by date.
    pub availability: String,
    /// Whether an appointment starts as confirmed, or as new.
    pub auto_confirm: bool,
    /// How many appointments fit into one slot of one person.
    pub seats: i32,
    /// Whether booking makes the assignee the owner of the contact (C8).
    pub gives_contact: bool,
    /// Whether a contact that has an owner keeps that one all the same.
    pub keeps_owner: bool,
    /// Raised by every change, of its members too.
    pub version: i64,
    /// When made.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
    /// Since when it takes no more appointments; those that it has stay.
    pub deleted_at: Option<Timestamp>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
