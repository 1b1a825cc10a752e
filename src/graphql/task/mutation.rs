//! Changes of tasks.

use async_graphql::{Context, Object};

use super::inputs::{TaskCompleteInput, TaskCreateInput, TaskDeleteInput, TaskReopenInput, TaskUpdateInput};
use super::payloads::{
    Kept, TaskCompletePayload, TaskCreatePayload, TaskDeletePayload, TaskReopenPayload, TaskUpdatePayload,
};
use crate::domain::retry::retrying;
use crate::domain::task::{complete, create, delete, reopen, update};
use crate::graphql::answer::Answer;
use crate::graphql::payload::Acting;

/// The mutations of tasks.
#[derive(Debug, Default)]
pub struct TaskMutation;

/// The mutations of tasks.
#[Object]
impl TaskMutation {
    /// Makes a task on a contact or an opportunity. Needs to be able to edit the record. Its assignee is told; the record
    /// itself gets no new version.
    async fn task_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task to make.")] input: TaskCreateInput,
    ) -> Answer<TaskCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || create(acting.access(), &wish).await);
        Answer::of(async { Kept::by(acting, None, act).await.map(TaskCreatePayload) }).await
    }

    /// Changes what a task is about, until when it is to be done, and by whom. Needs to be able to edit the record; its
    /// assignee alone may not.
    async fn task_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: TaskUpdateInput,
    ) -> Answer<TaskUpdatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || update(acting.access(), &wish).await);
        Answer::of(async { Kept::by(acting, Some(wish.task), act).await.map(TaskUpdatePayload) }).await
    }

    /// Says that a task is done. Needs to be its assignee, or to be able to edit the record.
    async fn task_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task that is done.")] input: TaskCompleteInput,
    ) -> Answer<TaskCompletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || complete(acting.access(), &wish).await);
        Answer::of(async { Kept::by(acting, Some(wish.task), act).await.map(TaskCompletePayload) }).await
    }

    /// Says that a task is to be done after all. Needs to be its assignee, or to be able to edit the record.
    async fn task_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task that is to be done after all.")] input: TaskReopenInput,
    ) -> Answer<TaskReopenPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || reopen(acting.access(), &wish).await);
        Answer::of(async { Kept::by(acting, Some(wish.task), act).await.map(TaskReopenPayload) }).await
    }

    /// Deletes a task for good; the history of its record still tells of it. Needs to be able to edit the record.
    async fn task_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task to delete.")] input: TaskDeleteInput,
    ) -> Answer<TaskDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || delete(acting.access(), &wish).await);
        Answer::of(async { Kept::by(acting, Some(wish.task), act).await.map(TaskDeletePayload) }).await
    }
}
