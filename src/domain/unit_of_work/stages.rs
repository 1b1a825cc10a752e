//! The stages that a change has read, so that a change of many rows reads them once.

use std::sync::{Arc, PoisonError};

use entity::{PipelineId, stage};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::UnitOfWork;
use crate::domain::error::Result;

impl UnitOfWork<'_> {
    /// The stages of a pipeline of the account in their order, as they were when the change first asked.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn stages_of(&self, pipeline: PipelineId) -> Result<Arc<Vec<stage::Model>>> {
        let known = self.stages.lock().unwrap_or_else(PoisonError::into_inner).get(&pipeline).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let stages = stage::Entity::find()
            .filter(stage::Column::AccountId.eq(self.account.id))
            .filter(stage::Column::PipelineId.eq(pipeline))
            .order_by_asc(stage::Column::Position)
            .order_by_asc(stage::Column::Id);
        let read = Arc::new(self.rows(stages).await?);
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).insert(pipeline, Arc::clone(&read));
        Ok(read)
    }

    /// Has stages read anew, since the change itself has altered them.
    pub fn forget_stages(&self) {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
