//! The fields of tasks: what of them the history tells, and how they are written.

use entity::{UserId, task};
use sea_orm::Set;

use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{HeldTask, UnitOfWork};
use crate::domain::validate::rfc3339;

/// The longest text of a task, in characters.
pub const MAX_BODY: usize = 20_000;

/// What changed between two states of a task; everything that is set, when there was none before. Whose it is to do is
/// told by an event of its own.
pub(super) fn changes(before: Option<&task::Model>, after: &task::Model) -> Vec<Change> {
    let between = |field, read: &dyn Fn(&task::Model) -> Option<String>| {
        Change::between(field, before.and_then(read), read(after))
    };
    [
        between("title", &|row| Some(row.title.clone())),
        between("body", &|row| row.body.clone()),
        between("dueAt", &|row| row.due_at.map(rfc3339)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Says whose a task is now, and whose it was.
pub(super) fn assigned(from: Option<UserId>, to: Option<UserId>) -> (What, Vec<Change>) {
    let text = |user: Option<UserId>| user.map(|user| user.to_string());
    let change = Change::between("assignee", text(from), text(to));
    (What::Assigned { from, to }, change.into_iter().collect())
}

/// Writes a held task as `after` has it, with its new version and time.
pub(super) async fn write(unit: &UnitOfWork<'_>, held: &HeldTask, after: &task::Model) -> Result<()> {
    unit.update(task::ActiveModel {
        id: Set(held.row.id),
        title: Set(after.title.clone()),
        body: Set(after.body.clone()),
        assignee_id: Set(after.assignee_id),
        due_at: Set(after.due_at),
        completed_at: Set(after.completed_at),
        completed_by: Set(after.completed_by),
        version: Set(held.row.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await
}

/// What happens to a held task.
pub(super) const fn subject(held: &HeldTask) -> Subject {
    Subject::Task { task: held.row.id, on: held.on }
}
