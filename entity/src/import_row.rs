//! Which row of an import became which opportunity, so that a second run changes nothing.

use sea_orm::entity::prelude::*;

use crate::{AccountId, OpportunityId, Timestamp};

/// One row of a file, known again by its identity.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_row")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// SHA-256 of pipeline, contact, name, creation date, assigned and occurrence.
    #[sea_orm(primary_key, auto_increment = false)]
    pub identity: Vec<u8>,
    /// What it became.
    pub opportunity_id: OpportunityId,
    /// SHA-256 of everything else in the row: differs where the row has changed since.
    pub content: Vec<u8>,
    /// SHA-256 of the last note that it had: another one becomes another note.
    pub note: Option<Vec<u8>>,
    /// When it was last taken in.
    pub imported_at: Timestamp,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
