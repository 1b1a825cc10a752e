//! What somebody means to do about a record.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId, OpportunityId, TaskId, Timestamp, UserId};

/// A task on a contact or an opportunity (R5).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    /// Primary key; grows with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaskId,
    /// The tenant.
    pub account_id: AccountId,
    /// The contact that it is on.
    pub contact_id: Option<ContactId>,
    /// The opportunity that it is on.
    pub opportunity_id: Option<OpportunityId>,
    /// One line.
    pub title: String,
    /// More about it, lines and all.
    pub body: Option<String>,
    /// Who is to do it.
    pub assignee_id: Option<UserId>,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// Since when it is done.
    pub completed_at: Option<Timestamp>,
    /// Who did it.
    pub completed_by: Option<UserId>,
    /// Who made it; none for the command line.
    pub author_id: Option<UserId>,
    /// Raised by every change.
    pub version: i64,
    /// When made.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
