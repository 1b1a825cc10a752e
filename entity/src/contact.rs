//! Contacts: the people and companies that an account deals with (R5).

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId, DeletionId, Timestamp, UserId};

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    /// The tenant.
    pub account_id: AccountId,
    /// At most one; slot 0 of `contact_member` says the same.
    pub owner_id: Option<UserId>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// The display name, folded, for sorting.
    pub name_key: String,
    /// Street and house number, several lines allowed.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or region.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
    /// Where the contact came from.
    pub source: Option<String>,
    /// One bit per channel on which the contact must not be disturbed: 1 e-mail, 2 text message, 4 call.
    pub do_not_disturb: i32,
    /// Raised by every change of the record itself, not by its followers (R6).
    pub version: i64,
    /// When made.
    pub created_at: Timestamp,
    /// When the record itself last changed.
    pub updated_at: Timestamp,
    /// When it was deleted; from then on it is not there for anybody until it is restored (R4).
    pub deleted_at: Option<Timestamp>,
    /// The deletion that took it.
    pub deletion_id: Option<DeletionId>,
    /// The company, folded, to compare with.
    pub company_key: Option<String>,
    /// The city, folded.
    pub city_key: Option<String>,
    /// The region, folded.
    pub region_key: Option<String>,
    /// The postal code, folded.
    pub postal_code_key: Option<String>,
    /// The source, folded.
    pub source_key: Option<String>,
    /// When the newest entry of its own history was written (A7).
    pub last_activity_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
