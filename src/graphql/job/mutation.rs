//! Starts jobs and calls them off.

use async_graphql::{Context, ID, Object};
use entity::JobId;

use super::Job;
use super::inputs::{AccountAlignOwnersInput, JobCancelInput};
use crate::domain;
use crate::domain::job::{Started, cancel};
use crate::domain::ownership::align::align_owners;
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::id::named;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// The mutations of jobs.
#[derive(Debug, Default)]
pub struct JobMutation;

/// The mutations of jobs.
#[Object]
impl JobMutation {
    /// Gives contacts and their opportunities one owner, over the whole account, where owners are not separate. Needs
    /// `MANAGE_SETTINGS`, not to be restricted, and to be an admin or to hold `CHANGE_OWNERS`. An unassigned side never
    /// wins. A record that would go to the caller while they follow it goes unassigned, unless they are an admin. Up to
    /// 10,000 records are done when the call returns, more by a job; either way `job` has the report.
    async fn account_align_owners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose owner wins.")] input: AccountAlignOwnersInput,
    ) -> Answer<AccountAlignOwnersPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || align_owners(acting.access(), &wish).await);
        Answer::of(async { Ok(AccountAlignOwnersPayload(told(acting, act.await).await?)) }).await
    }

    /// Calls a job off: its own creator may, and admins. What it has done stays done. Nothing happens when it has ended.
    async fn job_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job to call off.")] input: JobCancelInput,
    ) -> Answer<JobCancelPayload> {
        let acting = &Acting::of(ctx, &input);
        let id = named(&input.id);
        let act = retrying(async || cancel(acting.access(), id).await);
        Answer::of(async { Ok(JobCancelPayload(told(acting, act.await).await?)) }).await
    }
}

/// What an act on a job came to.
#[derive(Debug)]
struct Told {
    job: Option<JobId>,
    eyes: Eyes,
    user_errors: Vec<UserError>,
}

async fn told(acting: &Acting, done: domain::error::Result<Started>) -> Result<Told, Failure> {
    let (done, eyes) = settled(acting, done).await?;
    Ok(match done {
        Ok(Started { job }) => Told { job: Some(job), eyes, user_errors: Vec::new() },
        Err(user_errors) => Told { job: None, eyes, user_errors },
    })
}

impl Told {
    async fn its_job(&self) -> Result<Option<Job>, Failure> {
        let (Some(viewpoint), Some(id)) = (self.eyes.clone()?, self.job) else { return Ok(None) };
        Ok(Job::all(&viewpoint, &[id]).await?.remove(&id))
    }
}

macro_rules! job_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(Told);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The id of the job. Null when the call was refused.
            async fn id(&self) -> Option<ID> {
                self.0.job.map(ID::from)
            }

            /// The job as it is after the call. Null when the call was refused.
            async fn job(&self) -> Answer<Job> {
                Answer::of(self.0.its_job()).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors.clone()
            }
        }
    };
}

job_payload! {
    /// What `accountAlignOwners` came to, or the job that does it.
    AccountAlignOwnersPayload
}

job_payload! {
    /// What `jobCancel` came to.
    JobCancelPayload
}
