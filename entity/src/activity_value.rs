//! What an activity changed from and to, apart so that a purge can erase it (R4).

use sea_orm::entity::prelude::*;

use crate::{AccountId, ActivityId};

/// The values of one activity.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity_value")]
pub struct Model {
    /// Whose values.
    #[sea_orm(primary_key, auto_increment = false)]
    pub activity_id: ActivityId,
    /// The tenant.
    pub account_id: AccountId,
    /// 16 random bytes, hashed together with `changes`.
    pub salt: Vec<u8>,
    /// JSON: a list of `{"field", "before", "after"}`, every value a text or null.
    pub changes: String,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
