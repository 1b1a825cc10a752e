//! What people write on a record.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId, NoteId, OpportunityId, Timestamp, UserId};

/// A note on a contact or an opportunity (R5).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "note")]
pub struct Model {
    /// Primary key; grows with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoteId,
    /// The tenant.
    pub account_id: AccountId,
    /// The contact that it is on.
    pub contact_id: Option<ContactId>,
    /// The opportunity that it is on.
    pub opportunity_id: Option<OpportunityId>,
    /// Who wrote it; none for an import by the command line.
    pub author_id: Option<UserId>,
    /// Plain text, lines and all.
    pub body: String,
    /// Raised by every change.
    pub version: i64,
    /// When written.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
