//! What a job has to report of single records.

use sea_orm::entity::prelude::*;

use crate::{AccountId, JobId};

/// What is to be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// A contact whose opportunities have several owners: it was left as it is.
    #[sea_orm(string_value = "DISAGREES")]
    Disagrees,
    /// A contact that was left as it is, since the one owner who would get everything is not active (O8).
    #[sea_orm(string_value = "INACTIVE_OWNER")]
    InactiveOwner,
    /// A record that would have gone to whoever started the job, who follows it: it has no owner now (P6).
    #[sea_orm(string_value = "WENT_UNASSIGNED")]
    WentUnassigned,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_finding")]
pub struct Model {
    /// The job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: JobId,
    /// What.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    /// The contact or opportunity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    /// The tenant.
    pub account_id: AccountId,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
