//! Groups of calendars.

use sea_orm::entity::prelude::*;

use crate::{AccountId, CalendarGroupId, Timestamp};

/// A group of calendars.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_group")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarGroupId,
    /// The tenant.
    pub account_id: AccountId,
    /// As shown.
    pub name: String,
    /// Folded; unique in the account.
    pub name_key: String,
    /// Raised by every change.
    pub version: i64,
    /// When made.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
