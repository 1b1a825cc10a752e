//! Pipelines.

use sea_orm::entity::prelude::*;

use crate::{AccountId, PipelineId};

/// An ordered list of stages (R1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pipeline")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PipelineId,
    /// The tenant.
    pub account_id: AccountId,
    /// As shown.
    pub name: String,
    /// Folded; unique per account.
    pub name_key: String,
    /// Place among the account's pipelines, from 0.
    pub position: i32,
    /// Raised by every change of its name and of its stages; its place among the others does not count.
    pub version: i64,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
