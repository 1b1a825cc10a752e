//! How many opportunities a stage has and what they are worth, maintained with every change.

use sea_orm::entity::prelude::*;

use crate::opportunity::Status;
use crate::{AccountId, StageId};

/// In so many rows is the total of one stage and status kept, so that writers do not wait for one another.
pub const SHARDS: u8 = 16;

/// A part of the total of one stage and status. A part alone may be negative; only the sum over the shards says something.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stage_total")]
pub struct Model {
    /// The stage.
    #[sea_orm(primary_key, auto_increment = false)]
    pub stage_id: StageId,
    /// The status.
    #[sea_orm(primary_key, auto_increment = false)]
    pub status: Status,
    /// Which part: the opportunity's id decides.
    #[sea_orm(primary_key, auto_increment = false)]
    pub shard: i16,
    /// The tenant.
    pub account_id: AccountId,
    /// How many opportunities.
    pub opportunities: i64,
    /// The sum of their values, in minor units.
    pub value_minor: i64,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
