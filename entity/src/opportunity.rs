//! Opportunities: the deals.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId, DeletionId, OpportunityId, PipelineId, StageId, Timestamp, UserId};

/// How a deal stands, independent of its stage (R1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    /// Being worked on.
    #[sea_orm(string_value = "OPEN")]
    Open,
    /// Won.
    #[sea_orm(string_value = "WON")]
    Won,
    /// Lost; may have a reason.
    #[sea_orm(string_value = "LOST")]
    Lost,
    /// Given up.
    #[sea_orm(string_value = "ABANDONED")]
    Abandoned,
}

/// An opportunity.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunity")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpportunityId,
    /// The tenant.
    pub account_id: AccountId,
    /// Exactly one; never changes but by merge (A12).
    pub contact_id: ContactId,
    /// The pipeline.
    pub pipeline_id: PipelineId,
    /// A stage of that pipeline.
    pub stage_id: StageId,
    /// At most one; slot 0 of `opportunity_member` says the same.
    pub owner_id: Option<UserId>,
    /// As shown.
    pub name: String,
    /// Folded, for sorting.
    pub name_key: String,
    /// Value in minor units of the account's currency (R2); gated by `VIEW_LEAD_VALUE` (A9).
    pub value_minor: Option<i64>,
    /// How it stands.
    pub status: Status,
    /// Why it was lost; only with `LOST`.
    pub lost_reason: Option<String>,
    /// Where it came from.
    pub source: Option<String>,
    /// When the stage last changed.
    pub stage_changed_at: Timestamp,
    /// When the status last changed.
    pub status_changed_at: Timestamp,
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
    /// The source, folded, to compare with.
    pub source_key: Option<String>,
    /// The reason, folded.
    pub lost_reason_key: Option<String>,
    /// When the newest entry of its own history was written (A7).
    pub last_activity_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
