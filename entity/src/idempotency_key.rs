//! Keys of calls that were answered, so that a call that is sent again changes nothing (R6).

use sea_orm::entity::prelude::*;

use crate::{AccountId, Timestamp, UserId};

/// One key of one user, with what the call under it came to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Whose key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The key as the caller gave it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The mutation that was called.
    pub operation: String,
    /// SHA-256 of the owner, the key and the input.
    pub input_hash: Vec<u8>,
    /// JSON: ids and codes, never values. Null only inside the transaction that makes the row.
    pub outcome: Option<String>,
    /// When it was called; the key is free again 24 hours later.
    pub created_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
