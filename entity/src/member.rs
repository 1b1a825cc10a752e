//! What the two membership tables share: slots and causes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// The slot of the owner.
pub const OWNER_SLOT: i16 = 0;

/// The slots of followers are 1 to this number, which is the limit of F1.
pub const FOLLOWER_LIMIT: i16 = 10;

/// Why somebody is a member (F7).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Cause {
    /// A person added them.
    #[sea_orm(string_value = "MANUAL")]
    Manual,
    /// They made the record, and would not have seen it otherwise (O5).
    #[sea_orm(string_value = "CREATED")]
    Created,
    /// They own an opportunity of this contact (AF1).
    #[sea_orm(string_value = "OPPORTUNITY_OWNER_FOLLOWS_CONTACT")]
    OpportunityOwnerFollowsContact,
    /// They own the contact of this opportunity (AF2).
    #[sea_orm(string_value = "CONTACT_OWNER_FOLLOWS_OPPORTUNITIES")]
    ContactOwnerFollowsOpportunities,
    /// An import named them.
    #[sea_orm(string_value = "IMPORT")]
    Import,
    /// They owned the record before (F4).
    #[sea_orm(string_value = "PREVIOUS_OWNER")]
    PreviousOwner,
}
