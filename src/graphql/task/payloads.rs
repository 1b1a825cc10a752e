//! What mutations of tasks answer.

use async_graphql::{ID, Object};
use entity::TaskId;

use super::Task;
use crate::domain;
use crate::domain::task::TaskDone;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::hanging::Records;
use crate::graphql::node::Record;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// What an act on a task came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Kept {
    eyes: Eyes,
    named: Option<TaskId>,
    done: Result<TaskDone, Vec<UserError>>,
}

impl Kept {
    /// Runs an act on the task that it names; one that is made names itself afterwards.
    pub async fn by(
        acting: &Acting,
        named: Option<TaskId>,
        act: impl Future<Output = domain::error::Result<TaskDone>>,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named, done })
    }

    fn id(&self) -> Option<ID> {
        self.done.as_ref().ok().map(|done| ID::from(done.task))
    }

    async fn task(&self) -> Result<Option<Task>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        let which = self.done.as_ref().ok().map(|done| done.task).or(self.named);
        let (Some(viewpoint), Some(which)) = (viewpoint, which) else { return Ok(None) };
        Task::one(viewpoint, which).await
    }

    async fn record(&self) -> Result<Option<Record>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        let (Some(viewpoint), Ok(done)) = (viewpoint, &self.done) else { return Ok(None) };
        let on = done.record.by_kind();
        Records::new(viewpoint, [on].into_iter()).record(on).await
    }

    fn user_errors(&self) -> Vec<UserError> {
        self.done.as_ref().err().cloned().unwrap_or_default()
    }
}

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Kept);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The id of the task, also when it is no more. Null when the call was refused.
            async fn id(&self) -> Option<ID> {
                self.0.id()
            }

            /// The task as the caller sees it after the call, also when the call was refused. Null when there is none,
            /// and when the caller does not see it.
            async fn task(&self) -> Answer<Task> {
                Answer::of(self.0.task()).await
            }

            /// The record that it is on, as the caller sees it after the call. Null when the call was refused, and when they may not
            /// see the record.
            async fn record(&self) -> Answer<Record> {
                Answer::of(self.0.record()).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors()
            }
        }
    )*};
}

payloads! {
    /// What `taskCreate` came to.
    TaskCreatePayload

    /// What `taskUpdate` came to. When it was so already, nothing happened and the version stays.
    TaskUpdatePayload

    /// What `taskComplete` came to. When it was done already, nothing happened and the version stays.
    TaskCompletePayload

    /// What `taskReopen` came to. When it was open, nothing happened and the version stays.
    TaskReopenPayload

    /// What `taskDelete` came to. The task is null: it is no more.
    TaskDeletePayload
}
