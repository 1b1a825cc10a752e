//! The phone numbers of contacts.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId};

/// One number of a contact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_phone")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    /// 0 is the primary number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The tenant.
    pub account_id: AccountId,
    /// E.164, `+493012345678`.
    pub number: String,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
