//! Changes what a task is about, until when it is to be done, and by whom (R5).

use entity::{TaskId, Timestamp, UserId, task};
use policy::Action;

use super::{TaskDone, fields};
use crate::domain::access::Access;
use crate::domain::activity::What;
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::unit_of_work::{Committed, HeldTask, UnitOfWork, require_granted, require_version_of};
use crate::domain::validate::Problems;

/// The wish to change a task. Its record and its author stay for good.
#[derive(Clone, Debug)]
pub struct UpdateTask {
    /// Which.
    pub task: TaskId,
    /// One line.
    pub title: Patch<String>,
    /// More about it.
    pub body: Patch<String>,
    /// Who is to do it.
    pub assignee: Patch<UserId>,
    /// Until when.
    pub due_at: Patch<Timestamp>,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Changes a task. Nothing happens when it is so already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn update(access: &Access, wish: &UpdateTask) -> Result<TaskDone> {
    let mut unit = access.begin().await?;
    let held = unit.hold_task(wish.task, "id").await?;
    let (task, record) = (wish.task, held.on);
    if !update_held(&mut unit, &held, wish).await? {
        return unit.unchanged(TaskDone { task, record, committed: Committed::default() }).await;
    }
    unit.commit_as(|committed| TaskDone { task, record, committed }).await
}

async fn update_held(unit: &mut UnitOfWork<'_>, held: &HeldTask, wish: &UpdateTask) -> Result<bool> {
    let before = &held.row;
    if let Patch::Set(assignee) = wish.assignee
        && before.assignee_id != Some(assignee)
    {
        // Whoever has left may keep a task, and is not given one.
        unit.active_user(assignee, "assigneeId").await?;
    }
    require_granted(&unit.decide_task(held, Action::Edit)?, "id")?;
    let mut problems = Problems::new();
    let title = match &wish.title {
        Patch::Keep => before.title.clone(),
        Patch::Clear => problems.required_line("title", ""),
        Patch::Set(title) => problems.required_line("title", title),
    };
    let body = match &wish.body {
        Patch::Keep => before.body.clone(),
        Patch::Clear => None,
        Patch::Set(body) => problems.long_text("body", Some(body), fields::MAX_BODY),
    };
    problems.none()?;
    require_version_of("task", before.version, wish.expected_version)?;

    let after = task::Model {
        title,
        body,
        assignee_id: wish.assignee.clone().over(before.assignee_id),
        due_at: wish.due_at.clone().over(before.due_at),
        ..before.clone()
    };
    if after == *before {
        return Ok(false);
    }
    fields::write(unit, held, &after).await?;
    let changes = fields::changes(Some(before), &after);
    if !changes.is_empty() {
        unit.record(fields::subject(held), What::Updated, changes, None);
    }
    if after.assignee_id != before.assignee_id {
        let (assigned, changes) = fields::assigned(before.assignee_id, after.assignee_id);
        unit.record(fields::subject(held), assigned, changes, None);
    }
    Ok(true)
}
