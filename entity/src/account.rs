//! One tenant and its settings (spec O1).

use sea_orm::entity::prelude::*;

use crate::{AccountId, Timestamp};

/// By what contacts are told to be the same (R3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ContactDuplicates {
    /// By nothing: any two may be alike.
    #[sea_orm(string_value = "ALLOW")]
    Allow,
    /// By an e-mail address, without regard to case.
    #[sea_orm(string_value = "BY_EMAIL")]
    ByEmail,
    /// By a phone number.
    #[sea_orm(string_value = "BY_PHONE")]
    ByPhone,
    /// By an e-mail address, then by a phone number.
    #[sea_orm(string_value = "BY_EMAIL_THEN_PHONE")]
    ByEmailThenPhone,
}

/// One tenant. Every other row belongs to exactly one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case: how phone numbers without a country code are read.
    pub country: String,
    /// ISO 4217 code of every amount of the account.
    pub currency: String,
    /// *Allow different owners for contacts and its opportunities* (O1).
    pub separate_owners: bool,
    /// *Automatically make opportunity owner follower of contact* (AF1).
    pub opportunity_owner_follows_contact: bool,
    /// *Automatically make contact owner follower of opportunity* (AF2).
    pub contact_owner_follows_opportunities: bool,
    /// Whether a previous owner joins the followers when the call does not say (F4).
    pub previous_owner_follows: bool,
    /// Whether people may give only reasons of the account's list for what was lost (R1).
    pub only_listed_lost_reasons: bool,
    /// Whether a contact may have several open opportunities in one pipeline (R3).
    pub allow_duplicate_opportunities: bool,
    /// By what contacts are told to be the same (R3).
    pub contact_duplicates: ContactDuplicates,
    /// Raised by every change of users, permissions and settings, so that caches know (P4).
    pub access_version: i64,
    /// Raised by every save of the settings (O1).
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its own fields last changed.
    pub updated_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
