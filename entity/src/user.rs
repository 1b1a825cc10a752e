//! The people of an account.

use sea_orm::entity::prelude::*;

use crate::{AccountId, Timestamp, UserId};

/// What a person is in the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Role {
    /// Holds every permission, is never restricted.
    #[sea_orm(string_value = "ADMIN")]
    Admin,
    /// Holds what was granted.
    #[sea_orm(string_value = "USER")]
    User,
}

/// A person of an account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// The tenant.
    pub account_id: AccountId,
    /// First and last name, as shown.
    pub name: String,
    /// The name, folded, for sorting and for the importer's matching.
    pub name_key: String,
    /// As the person writes it.
    pub email: String,
    /// Case-folded; unique per account.
    pub email_key: String,
    /// Address of a picture.
    pub picture: Option<String>,
    /// Admin or user.
    pub role: Role,
    /// What was granted, as `policy::Permissions` bits. Kept, but without effect, for admins.
    pub permissions: i64,
    /// What counts: everything for an admin, nothing for an inactive user, else `permissions`.
    pub effective_permissions: i64,
    /// *Only assigned data*. Without effect for admins.
    pub only_assigned_data: bool,
    /// Whether the person may act, own and follow.
    pub active: bool,
    /// When added.
    pub created_at: Timestamp,
    /// When last changed.
    pub updated_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
