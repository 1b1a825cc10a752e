//! Duplicates that passed because whoever made one could not see the other (R3).

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId, DuplicateFlagId, OpportunityId, Timestamp, UserId};

/// In what two records are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Two contacts with one e-mail address.
    #[sea_orm(string_value = "EMAIL")]
    Email,
    /// Two contacts with one phone number.
    #[sea_orm(string_value = "PHONE")]
    Phone,
    /// Two open opportunities of one contact in one pipeline.
    #[sea_orm(string_value = "OPEN_OPPORTUNITY")]
    OpenOpportunity,
}

/// Two records of which an admin may want to know.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duplicate_flag")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DuplicateFlagId,
    /// The tenant.
    pub account_id: AccountId,
    /// When the second one came to be.
    pub at: Timestamp,
    /// In what they are the same.
    pub kind: Kind,
    /// The contact that was made or changed.
    pub contact_id: Option<ContactId>,
    /// The contact that was there, hidden from whoever did it.
    pub other_contact_id: Option<ContactId>,
    /// The opportunity that was made or changed.
    pub opportunity_id: Option<OpportunityId>,
    /// The opportunity that was there, hidden from whoever did it.
    pub other_opportunity_id: Option<OpportunityId>,
    /// When an admin had seen enough of it.
    pub dismissed_at: Option<Timestamp>,
    /// Who that was.
    pub dismissed_by: Option<UserId>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
