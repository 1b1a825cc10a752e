//! Owner and followers of contacts, and the index behind "what I own or follow".

use sea_orm::entity::prelude::*;

use crate::member::Cause;
use crate::{AccountId, ActivityId, ContactId, Timestamp, UserId};

/// One person's relation to one contact. The primary key keeps F3, unique slots keep F1.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_member")]
pub struct Model {
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: ContactId,
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The tenant.
    pub account_id: AccountId,
    /// 0 is the owner, 1 to 10 are followers.
    pub slot: i16,
    /// Why (F7).
    pub cause: Cause,
    /// Who added them; none for the command line.
    pub added_by: Option<UserId>,
    /// When.
    pub added_at: Timestamp,
    /// The activity that caused it.
    pub event_id: Option<ActivityId>,
    /// When the follow ends; at that instant it is none any more.
    pub until: Option<Timestamp>,
    /// Whether whoever caused it could edit the record then, or made it (A2).
    pub inherits_edit: bool,
    /// Since when the person wants no notices about the record (F8).
    pub muted_at: Option<Timestamp>,
    /// The record's `updated_at`, kept here as the sort key of the index.
    pub record_updated_at: Timestamp,
    /// When the record was deleted; such a membership is no grant until the record is restored (R4).
    pub deleted_at: Option<Timestamp>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
