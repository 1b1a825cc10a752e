//! Says that a task is done, or is to be done after all (R5).

use entity::{TaskId, task};
use policy::Action;

use super::{TaskDone, fields};
use crate::domain::access::Access;
use crate::domain::activity::{Change, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{Committed, require_granted, require_version_of};
use crate::domain::validate::rfc3339;

/// The wish to complete a task, or to reopen it.
#[derive(Clone, Copy, Debug)]
pub struct CompleteTask {
    /// Which.
    pub task: TaskId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Says that a task is done. Nothing happens when it is done already.
///
/// # Errors
/// Not found, denied, stale.
pub async fn complete(access: &Access, wish: &CompleteTask) -> Result<TaskDone> {
    set_done(access, wish, true).await
}

/// Says that a task is to be done after all. Nothing happens when it is open.
///
/// # Errors
/// Not found, denied, stale.
pub async fn reopen(access: &Access, wish: &CompleteTask) -> Result<TaskDone> {
    set_done(access, wish, false).await
}

async fn set_done(access: &Access, wish: &CompleteTask, done: bool) -> Result<TaskDone> {
    let mut unit = access.begin().await?;
    let held = unit.hold_task(wish.task, "id").await?;
    require_granted(&unit.decide_task(&held, Action::Complete)?, "id")?;
    require_version_of("task", held.row.version, wish.expected_version)?;
    let (task, record) = (wish.task, held.on);
    if held.row.completed_at.is_some() == done {
        return unit.unchanged(TaskDone { task, record, committed: Committed::default() }).await;
    }

    let after = task::Model {
        completed_at: done.then(|| unit.now()),
        completed_by: unit.actor().user.filter(|_| done),
        ..held.row.clone()
    };
    fields::write(&unit, &held, &after).await?;
    let change =
        Change::between("completedAt", held.row.completed_at.map(rfc3339), after.completed_at.map(rfc3339));
    let what = if done { What::Completed } else { What::Reopened };
    unit.record(fields::subject(&held), what, change.into_iter().collect(), None);
    unit.commit_as(|committed| TaskDone { task, record, committed }).await
}
