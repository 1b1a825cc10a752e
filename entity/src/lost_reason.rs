//! The reasons that an account offers for what was lost.

use sea_orm::entity::prelude::*;

use crate::{AccountId, LostReasonId};

/// One reason of an account's ordered list (R1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lost_reason")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LostReasonId,
    /// The tenant.
    pub account_id: AccountId,
    /// As shown, and as opportunities keep it.
    pub name: String,
    /// Folded; unique per account.
    pub name_key: String,
    /// Place in the list, from 0.
    pub position: i32,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
