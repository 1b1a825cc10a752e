//! The words by which appointments are found, beside those of their contacts.

use sea_orm::entity::prelude::*;

use crate::{AccountId, AppointmentId};

/// One word of an appointment's own title or place.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointment_token")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub appointment_id: AppointmentId,
    /// Folded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    /// The tenant.
    pub account_id: AccountId,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
