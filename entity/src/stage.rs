//! Stages of pipelines.

use sea_orm::entity::prelude::*;

use crate::{AccountId, PipelineId, StageId};

/// One step of a pipeline (R1).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stage")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StageId,
    /// The tenant.
    pub account_id: AccountId,
    /// The pipeline that it belongs to.
    pub pipeline_id: PipelineId,
    /// As shown.
    pub name: String,
    /// Folded; unique per pipeline.
    pub name_key: String,
    /// Place in the pipeline, from 0.
    pub position: i32,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
