//! How many opportunities of a stage a person owns, and follows, and what they are worth: maintained with every change.

use sea_orm::entity::prelude::*;

use crate::opportunity::Status;
use crate::{AccountId, StageId, UserId};

/// The total of one person, stage and status. Follows that have ended count until they are taken off the record: whoever
/// reads subtracts them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member_stage_total")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The stage.
    #[sea_orm(primary_key, auto_increment = false)]
    pub stage_id: StageId,
    /// The status.
    #[sea_orm(primary_key, auto_increment = false)]
    pub status: Status,
    /// Whether these are those that the person owns, or those that they follow.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owns: bool,
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
