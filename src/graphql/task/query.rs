//! The tasks that are the viewer's to do.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::Task;
use crate::domain::access::TaskFilter;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;

/// The name of this list in cursors.
const LIST: &str = "myTasks";

/// The queries about tasks.
#[derive(Debug, Default)]
pub struct TaskQuery;

/// The queries about tasks.
#[Object]
impl TaskQuery {
    /// The tasks that are the viewer's to do, whether they see the records or not: open ones first, by the time until
    /// when, those without one last; then those that are done, the last one done first. None of deleted records.
    async fn my_tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
        #[graphql(desc = "Only those that are done, or only those that are not; all of them when left out.")]
        is_done: Option<bool>,
    ) -> Answer<Connection<Task>> {
        let filter = TaskFilter { done: is_done };
        Answer::of(my_tasks(ctx.viewpoint(), filter, Paging { first, after, last, before })).await
    }
}

async fn my_tasks(
    viewpoint: &Arc<Viewpoint>,
    filter: TaskFilter,
    paging: Paging,
) -> Result<Connection<Task>, Failure> {
    let window = paging.window(viewpoint, LIST, 1)?;
    let page = Task::page(viewpoint, viewpoint.access().tasks_to_do(filter, &window).await?);
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_tasks_to_do(filter).await?) }) as _
    };
    Ok(Connection::new(viewpoint, LIST, page, Box::new(counter)))
}
