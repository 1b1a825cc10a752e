//! What callers say of tasks.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::TaskId;

use crate::domain::task::{CompleteTask, CreateTask, DeleteTask, UpdateTask};
use crate::graphql::hanging::named_record;
use crate::graphql::id::named;
use crate::graphql::inputs::{patch, plain};
use crate::graphql::payload::IdempotencyInput;
use crate::graphql::scalars::DateTime;

/// A new task.
#[derive(InputObject)]
pub struct TaskCreateInput {
    /// The contact or opportunity to make it on, which the caller sees. It stays for good.
    record_id: ID,
    /// What is to be done, at most 200 characters on one line.
    title: String,
    /// More about it, at most 20,000 characters on several lines.
    body: Option<String>,
    /// The active user whose it is to do. They need not see the record: of one that they do not see they are shown the
    /// name.
    assignee_id: Option<ID>,
    /// Until when it is to be done.
    due_at: Option<DateTime>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl TaskCreateInput {
    pub(super) fn wish(self) -> CreateTask {
        CreateTask {
            record: named_record(&self.record_id),
            title: self.title,
            body: self.body,
            assignee: self.assignee_id.as_ref().map(named),
            due_at: self.due_at.map(|at| at.0),
        }
    }
}

/// Changes of a task. What is left out stays as it is.
#[derive(InputObject)]
pub struct TaskUpdateInput {
    /// The task to change.
    id: ID,
    /// What is to be done, at most 200 characters on one line; not null.
    title: MaybeUndefined<String>,
    /// More about it, at most 20,000 characters on several lines.
    body: MaybeUndefined<String>,
    /// The active user whose it is to do. Null is nobody.
    assignee_id: MaybeUndefined<ID>,
    /// Until when it is to be done. Null is no end.
    due_at: MaybeUndefined<DateTime>,
    /// The version that the caller has seen; the call is refused when the task has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl TaskUpdateInput {
    pub(super) fn wish(self) -> UpdateTask {
        UpdateTask {
            task: named(&self.id),
            title: plain(self.title),
            body: plain(self.body),
            assignee: patch(self.assignee_id, |id| named(&id)),
            due_at: patch(self.due_at, |at| at.0),
            expected_version: self.expected_version,
        }
    }
}

macro_rules! one_task {
    ($($(#[$doc:meta])* $name:ident, $which:literal)*) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $name {
            #[doc = $which]
            id: ID,
            /// The version that the caller has seen; the call is refused when the task has changed since.
            expected_version: Option<i64>,
            #[graphql(flatten)]
            call: IdempotencyInput,
        }
    )*};
}

one_task! {
    /// A task that is done.
    TaskCompleteInput, "The task that is done."

    /// A task that is to be done after all.
    TaskReopenInput, "The task that is to be done after all."

    /// A task to delete.
    TaskDeleteInput, "The task to delete."
}

impl TaskCompleteInput {
    pub(super) fn wish(&self) -> CompleteTask {
        done(&self.id, self.expected_version)
    }
}

impl TaskReopenInput {
    pub(super) fn wish(&self) -> CompleteTask {
        done(&self.id, self.expected_version)
    }
}

impl TaskDeleteInput {
    pub(super) fn wish(&self) -> DeleteTask {
        let task: TaskId = named(&self.id);
        DeleteTask { task, expected_version: self.expected_version }
    }
}

fn done(id: &ID, expected_version: Option<i64>) -> CompleteTask {
    CompleteTask { task: named(id), expected_version }
}
