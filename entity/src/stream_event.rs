//! What happened on each topic, in order.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ActivityId, Timestamp};

/// One event of one topic (N4). Inboxes have notifications instead.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stream_event")]
pub struct Model {
    /// The topic.
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic: Uuid,
    /// Its place, counted from 1 without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// The tenant.
    pub account_id: AccountId,
    /// What happened.
    pub activity_id: ActivityId,
    /// When.
    pub at: Timestamp,
    /// Whom it took a grant from: ids of users, separated by commas.
    pub lost: Option<String>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
