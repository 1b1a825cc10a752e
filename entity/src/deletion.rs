//! Deletions that can be undone: what one took is stamped with its id (R4).

use sea_orm::entity::prelude::*;

use crate::{AccountId, AppointmentId, ContactId, DeletionId, OpportunityId, Timestamp, UserId};

/// One deletion. Exactly one subject is named; a contact's takes its opportunities and appointments too.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deletion")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeletionId,
    /// The tenant.
    pub account_id: AccountId,
    /// When; 60 days later the worker purges what it took.
    pub at: Timestamp,
    /// Who; none for the command line.
    pub actor_id: Option<UserId>,
    /// The contact that was named.
    pub contact_id: Option<ContactId>,
    /// The opportunity that was named.
    pub opportunity_id: Option<OpportunityId>,
    /// The appointment that was named.
    pub appointment_id: Option<AppointmentId>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
