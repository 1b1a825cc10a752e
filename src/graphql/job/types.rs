//! A job, and what it reports.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};
use entity::job_finding::Kind as Finding;
use entity::{JobId, job};

use crate::domain::access::{Found, List, Sort, SortKey};
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::in_view::{InView, Surfaced};
use crate::graphql::opportunity::Opportunity;
use crate::graphql::scalars::DateTime;
use crate::graphql::user::User;

/// What a job does.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "job::Kind")]
pub enum JobKind {
    /// `accountAlignOwners`: contacts and their opportunities get one owner.
    AlignOwners,
}

/// How a job stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "job::State")]
pub enum JobState {
    /// Not begun: a worker takes it up within seconds.
    Waiting,
    /// Some of it is done, and it goes on.
    Running,
    /// Nothing is left to do.
    Done,
    /// Somebody called it off; what was done stays done.
    Cancelled,
    /// It may not go on: see `stoppedBecause`. What was done stays done.
    Stopped,
}

/// Why a job may not go on.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "job::StoppedBecause")]
pub enum JobStopReason {
    /// Whoever started it has left, or may not do this any more.
    RightsLost,
    /// The setting `separateOwners` was switched on meanwhile.
    OwnersAreSeparate,
}

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    viewpoint: Arc<Viewpoint>,
    row: job::Model,
}

impl Listed for Job {
    const NAME: &'static str = "Job";
}

impl Job {
    /// This job.
    pub fn new(viewpoint: &Arc<Viewpoint>, row: job::Model) -> Self {
        Self { viewpoint: Arc::clone(viewpoint), row }
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(viewpoint: &Arc<Viewpoint>, ids: &[JobId]) -> Result<HashMap<JobId, Self>, Failure> {
        let found = viewpoint.access().find_jobs(ids).await?;
        Ok(found.into_iter().map(|(id, row)| (id, Self::new(viewpoint, row))).collect())
    }

    async fn found<R: Surfaced, T: Listed + From<InView<R>>>(
        &self,
        kind: Finding,
        (first, after): (Option<i64>, Option<String>),
    ) -> Result<Connection<T>, Failure> {
        let name = format!("job:{}:{kind:?}", self.row.id);
        let window = Paging { first, after, ..Paging::default() }.window(&self.viewpoint, &name, 1)?;
        let filter = Found { job: self.row.id, kind };
        let list = List { filter, sort: Sort { key: SortKey::Created, descending: false } };
        let page = self.viewpoint.access().page::<R>(&list, &window).await?;
        let page = InView::page(&self.viewpoint, page).map(T::from);
        let viewpoint = Arc::clone(&self.viewpoint);
        let counter = move || {
            let viewpoint = Arc::clone(&viewpoint);
            Box::pin(async move { Ok(viewpoint.access().count::<R>(&filter).await?) }) as _
        };
        Ok(Connection::new(&self.viewpoint, name, page, Box::new(counter)))
    }
}

/// Work on the whole account. Small work is done in the transaction of the call that asks for it; large work goes on in
/// batches, each of them atomic and with the rights that whoever started it has at that moment.
#[Object]
impl Job {
    /// The global id, `job_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// What it does.
    async fn kind(&self) -> JobKind {
        self.row.kind.into()
    }

    /// How it stands.
    async fn state(&self) -> JobState {
        self.row.state.into()
    }

    /// Why it may not go on. Null unless `state` is `STOPPED`.
    async fn stopped_because(&self) -> Option<JobStopReason> {
        self.row.stopped_because.map(JobStopReason::from)
    }

    /// Who started it. Null for the command line.
    async fn created_by(&self) -> Answer<User> {
        Answer::of(async {
            let ids: Vec<_> = self.row.created_by.into_iter().collect();
            Ok(User::all(&self.viewpoint, &ids).await?.into_values().next())
        })
        .await
    }

    /// When it was started.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last came forward.
    async fn changed_at(&self) -> DateTime {
        self.row.changed_at.into()
    }

    /// How many contacts it is through with.
    async fn done(&self) -> i64 {
        self.row.done
    }

    /// How many contacts it has to look at; estimated when it was started, exact at its end.
    async fn total(&self) -> i64 {
        self.row.total
    }

    /// How many records it has given another owner, or none.
    async fn moved(&self) -> i64 {
        self.row.moved
    }

    /// Contacts that it left as they were, since their opportunities have several owners. Only those that the viewer may
    /// see, oldest first.
    async fn disagreeing(
        &self,
        _ctx: &Context<'_>,
        #[graphql(desc = "At most so many: 0 to 200, 50 when left out.")] first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list.")] after: Option<String>,
    ) -> Answer<Connection<Contact>> {
        Answer::of(self.found(Finding::Disagrees, (first, after))).await
    }

    /// Contacts that it left as they were, since the owner who would get everything is not active any more. Only those that
    /// the viewer may see, oldest first.
    async fn with_inactive_owner(
        &self,
        _ctx: &Context<'_>,
        #[graphql(desc = "At most so many: 0 to 200, 50 when left out.")] first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list.")] after: Option<String>,
    ) -> Answer<Connection<Contact>> {
        Answer::of(self.found(Finding::InactiveOwner, (first, after))).await
    }

    /// Contacts that have no owner now: they would have gone to whoever started the job, who follows them. Only those that
    /// the viewer may see, oldest first.
    async fn unassigned_contacts(
        &self,
        _ctx: &Context<'_>,
        #[graphql(desc = "At most so many: 0 to 200, 50 when left out.")] first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list.")] after: Option<String>,
    ) -> Answer<Connection<Contact>> {
        Answer::of(self.found(Finding::WentUnassigned, (first, after))).await
    }

    /// Opportunities that have no owner now: they would have gone to whoever started the job, who follows them. Only those
    /// that the viewer may see, oldest first.
    async fn unassigned_opportunities(
        &self,
        _ctx: &Context<'_>,
        #[graphql(desc = "At most so many: 0 to 200, 50 when left out.")] first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list.")] after: Option<String>,
    ) -> Answer<Connection<Opportunity>> {
        Answer::of(self.found(Finding::WentUnassigned, (first, after))).await
    }
}
