//! The words by which contacts are found.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId};

/// One word of a contact's name, company, e-mail addresses or phone numbers.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_token")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    /// Folded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    /// The tenant.
    pub account_id: AccountId,
    /// Whether it is a word of the display name, which shows where the contact itself is hidden (A8).
    pub shown: bool,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
