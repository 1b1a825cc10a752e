//! What people do not want to be told.

use sea_orm::entity::prelude::*;

use crate::notification::Kind;
use crate::{AccountId, UserId};

/// Whether a person wants notices of one kind (N3). No row means yes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preference")]
pub struct Model {
    /// Whose preference.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// About which kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    /// The tenant.
    pub account_id: AccountId,
    /// Whether they want them.
    pub wanted: bool,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
