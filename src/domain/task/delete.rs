//! Deletes a task, for good (R5). Its history stays until its record is purged.

use entity::{TaskId, task};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{TaskDone, fields};
use crate::domain::access::Access;
use crate::domain::activity::What;
use crate::domain::error::Result;
use crate::domain::unit_of_work::{require_granted, require_version_of};

/// The wish to delete a task.
#[derive(Clone, Copy, Debug)]
pub struct DeleteTask {
    /// Which.
    pub task: TaskId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes a task.
///
/// # Errors
/// Not found, denied, stale.
pub async fn delete(access: &Access, wish: &DeleteTask) -> Result<TaskDone> {
    let mut unit = access.begin().await?;
    let held = unit.hold_task(wish.task, "id").await?;
    require_granted(&unit.decide_task(&held, Action::Delete)?, "id")?;
    require_version_of("task", held.row.version, wish.expected_version)?;

    let (task, record) = (wish.task, held.on);
    unit.delete(task::Entity::delete_many().filter(task::Column::Id.eq(task))).await?;
    unit.record(fields::subject(&held), What::Deleted, Vec::new(), None);
    unit.commit_as(|committed| TaskDone { task, record, committed }).await
}
