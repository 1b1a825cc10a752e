//! Work that is too large for one transaction, and how far it has come.

use sea_orm::entity::prelude::*;

use crate::{AccountId, ContactId, JobId, Timestamp, UserId};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Gives contacts and their opportunities one owner (O9).
    #[sea_orm(string_value = "ALIGN_OWNERS")]
    AlignOwners,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// Not begun.
    #[sea_orm(string_value = "WAITING")]
    Waiting,
    /// At least one batch is done.
    #[sea_orm(string_value = "RUNNING")]
    Running,
    /// Nothing is left to do.
    #[sea_orm(string_value = "DONE")]
    Done,
    /// Somebody called it off.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
    /// It may not go on.
    #[sea_orm(string_value = "STOPPED")]
    Stopped,
}

/// Why a job may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum StoppedBecause {
    /// Whoever started it has left, or may not do this any more (P4).
    #[sea_orm(string_value = "RIGHTS_LOST")]
    RightsLost,
    /// The account lets owners differ now.
    #[sea_orm(string_value = "OWNERS_ARE_SEPARATE")]
    OwnersAreSeparate,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Primary key; grows with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// The tenant.
    pub account_id: AccountId,
    /// What it does.
    pub kind: Kind,
    /// How it stands.
    pub state: State,
    /// Why it may not go on.
    pub stopped_because: Option<StoppedBecause>,
    /// Who started it, with whose rights it runs; none for the command line.
    pub created_by: Option<UserId>,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it last came forward.
    pub changed_at: Timestamp,
    /// JSON: what was asked for.
    pub input: String,
    /// The last contact that it is through with.
    pub reached: Option<ContactId>,
    /// How many contacts it is through with.
    pub done: i64,
    /// How many there were when it was started.
    pub total: i64,
    /// How many records it has given another owner.
    pub moved: i64,
    /// Who works on it.
    pub lease: Option<Uuid>,
    /// Until when nobody else takes it over.
    pub lease_until: Option<Timestamp>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
