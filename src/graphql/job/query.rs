//! One job, and the list of them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::Job;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;
use crate::graphql::id::named;

/// The name of the list of jobs in cursors.
const LIST: &str = "jobs";

/// The queries about jobs.
#[derive(Debug, Default)]
pub struct JobQuery;

/// The queries about jobs.
#[Object]
impl JobQuery {
    /// The job with this id: one's own or, for admins, anybody's. Null when there is none that the viewer may see, and when
    /// the text is no id of a job.
    async fn job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of a job, `job_…`.")] id: ID,
    ) -> Answer<Job> {
        Answer::of(async {
            let id = named(&id);
            Ok(Job::all(ctx.viewpoint(), &[id]).await?.remove(&id))
        })
        .await
    }

    /// The viewer's own jobs, newest first; for admins everybody's.
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, from the start of the list: 0 to 200, 50 when left out.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list.")] after: Option<String>,
    ) -> Answer<Connection<Job>> {
        Answer::of(jobs(ctx.viewpoint(), Paging { first, after, ..Paging::default() })).await
    }
}

async fn jobs(viewpoint: &Arc<Viewpoint>, paging: Paging) -> Result<Connection<Job>, Failure> {
    let window = paging.window(viewpoint, LIST, 1)?;
    let page = viewpoint.access().jobs(&window).await?;
    let page = page.map(|row| Job::new(viewpoint, row));
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_jobs().await?) }) as _
    };
    Ok(Connection::new(viewpoint, LIST, page, Box::new(counter)))
}
