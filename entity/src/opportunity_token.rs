//! The words by which opportunities are found, beside those of their contacts.

use sea_orm::entity::prelude::*;

use crate::{AccountId, OpportunityId};

/// One word of an opportunity's own name.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunity_token")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub opportunity_id: OpportunityId,
    /// Folded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    /// The tenant.
    pub account_id: AccountId,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
