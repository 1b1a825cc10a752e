//! What a notification groups.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ActivityId, UserId};

/// One of the activities that a notification tells of.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_activity")]
pub struct Model {
    /// Whose notification.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// Which of theirs.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Its place among them, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i16,
    /// The tenant.
    pub account_id: AccountId,
    /// The activity.
    pub activity_id: ActivityId,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
