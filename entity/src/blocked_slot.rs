//! Times that a person or a calendar cannot be booked in (C7).

use sea_orm::entity::prelude::*;

use crate::{AccountId, BlockedSlotId, CalendarId, Timestamp, UserId};

/// A blocked slot. Exactly one of user and calendar is named.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blocked_slot")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BlockedSlotId,
    /// The tenant.
    pub account_id: AccountId,
    /// The person who cannot be booked in any calendar.
    pub user_id: Option<UserId>,
    /// The calendar that nobody can be booked in.
    pub calendar_id: Option<CalendarId>,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, this instant not included.
    pub ends_at: Timestamp,
    /// The IANA time zone that it was meant in.
    pub zone: String,
    /// What it is for.
    pub title: Option<String>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
