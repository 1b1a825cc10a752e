//! The e-mail addresses of contacts.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId};

/// One address of a contact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_email")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    /// 0 is the primary address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The tenant.
    pub account_id: AccountId,
    /// As given.
    pub address: String,
    /// Case-folded, for matching (R3).
    pub address_key: String,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
