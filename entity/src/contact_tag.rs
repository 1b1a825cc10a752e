//! The tags of contacts.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId};

/// One tag of a contact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_tag")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    /// The tag, case-folded: `VIP` and `vip` are one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag_key: String,
    /// The tenant.
    pub account_id: AccountId,
    /// As first written.
    pub tag: String,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
