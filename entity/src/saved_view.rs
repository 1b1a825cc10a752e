//! Saved views: lists with a filter, an order and columns that somebody keeps under a name.

use sea_orm::entity::prelude::*;

use crate::{AccountId, SavedViewId, Timestamp, UserId};

/// What a view lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Contacts.
    #[sea_orm(string_value = "CONTACTS")]
    Contacts,
    /// Opportunities.
    #[sea_orm(string_value = "OPPORTUNITIES")]
    Opportunities,
}

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_view")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedViewId,
    /// The tenant.
    pub account_id: AccountId,
    /// Whoever made it, for good.
    pub owner_id: UserId,
    /// What it lists.
    pub kind: Kind,
    /// As shown.
    pub name: String,
    /// Folded; unique among the private ones of its owner, and among the shared ones of the account, per kind.
    pub name_key: String,
    /// Whether the whole account sees it, or its owner alone.
    pub shared: bool,
    /// JSON as the list's filter takes it; none lets everything pass.
    pub filter: Option<String>,
    /// JSON as the list's order takes it; none is the list's own order.
    pub sort: Option<String>,
    /// JSON: a list of the names of the fields that are shown.
    pub columns: String,
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
