//! The counters of the streams.

use sea_orm::entity::prelude::*;

use crate::AccountId;

/// How far one topic has been numbered (N4).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stream")]
pub struct Model {
    /// The person, contact, opportunity, pipeline or calendar that it is about.
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic: Uuid,
    /// The tenant.
    pub account_id: AccountId,
    /// The number of its newest event; numbers start with 1 and have no gap.
    pub last_number: i64,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
