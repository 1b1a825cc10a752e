//! Tasks on contacts and opportunities: what can be done to them, one act a file (R5).

mod complete;
mod create;
mod delete;
mod fields;
mod update;

use entity::TaskId;
use serde::{Deserialize, Serialize};

use super::idempotency::Outcome;
use super::record::RecordRef;
use super::unit_of_work::Committed;

pub use complete::{CompleteTask, complete, reopen};
pub use create::{CreateTask, create};
pub use delete::{DeleteTask, delete};
pub use fields::MAX_BODY;
pub use update::{UpdateTask, update};

/// What an act on a task came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaskDone {
    /// The task.
    pub task: TaskId,
    /// The record that it is, or was, on, which the caller need not see.
    pub record: RecordRef,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for TaskDone {}
