//! Jobs: one's own, or all of them for whoever may manage them; and which one a worker takes up next.

use std::collections::HashMap;

use entity::{JobId, Timestamp, TypedId, job, job_finding};
use policy::Action;
use sea_orm::sea_query::{Cond, Expr, LockType, Query};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::list::window_onto;
use super::{Access, Base, Count, Filter};
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::RecordTable;

/// The states in which a job waits for a worker.
const OPEN: [job::State; 2] = [job::State::Waiting, job::State::Running];

/// The records of one kind of which a job reports something.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Which job.
    pub job: JobId,
    /// What it reports.
    pub kind: job_finding::Kind,
}

impl<R: RecordTable> Filter<R> for Found {
    fn condition(&self, _access: &Access) -> Cond {
        let finding = |name: &'static str| Expr::col(("finding", name));
        let reported = Query::select()
            .expr(Expr::value(1))
            .from_as("job_finding", "finding")
            .and_where(finding("job_id").eq(self.job))
            .and_where(finding("kind").eq(self.kind.to_value()))
            .and_where(finding("record_id").equals((R::COLUMNS.table(), "id")))
            .take();
        Cond::all().add(Expr::exists(reported))
    }
}

impl Access {
    /// A page of the jobs that the viewer may see, newest first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn jobs(&self, window: &Window) -> Result<Page<job::Model>> {
        let mut select = self.visible_jobs().into_query();
        let id = || Expr::col(("job", "id"));
        window_onto(&mut select, id(), id(), true, window);
        let rows = self.reader().query_all(&select).await?;
        let found = rows
            .iter()
            .map(|row| {
                let job = job::Model::from_query_result(row, "")?;
                Ok((Position { key: Key::None, id: job.id.uuid() }, job))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many jobs the viewer may see.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_jobs(&self) -> Result<Count> {
        let value = self.visible_jobs().count(self.reader()).await?;
        Ok(Count { value, is_exact: true })
    }

    /// The visible ones among these jobs.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_jobs(&self, ids: &[JobId]) -> Result<HashMap<JobId, job::Model>> {
        let ids = ids.iter().copied();
        let rows = self.visible_jobs().filter(job::Column::Id.is_in(ids)).all(self.reader()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// Every job that the viewer may see: their own, and for whoever manages jobs those of others too.
    #[must_use]
    pub fn visible_jobs(&self) -> sea_orm::Select<job::Entity> {
        let all = job::Entity::find().filter(job::Column::AccountId.eq(self.actor().account));
        if self.may::<policy::Account>(Action::ManageJobs).is_granted() {
            return all;
        }
        match self.actor().user {
            Some(user) => all.filter(job::Column::CreatedBy.eq(user)),
            None => all.filter(Expr::value(1).eq(0)),
        }
    }
}

impl Base {
    /// Takes up the oldest job that nobody works on, until `until`. Of several workers that ask at once, on whichever
    /// servers, one gets it.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn take_up_job(
        &self,
        now: Timestamp,
        until: Timestamp,
        lease: Uuid,
    ) -> Result<Option<job::Model>> {
        let free = Cond::any().add(job::Column::LeaseUntil.is_null()).add(job::Column::LeaseUntil.lte(now));
        let open = Cond::all().add(job::Column::State.is_in(OPEN)).add(free);
        // Looked for without a lock first: most of the time there is none, and nobody waits for that.
        let next = job::Entity::find().filter(open.clone()).order_by_asc(job::Column::CreatedAt).limit(1);
        if next.clone().one(self.database.reader()).await?.is_none() {
            return Ok(None);
        }
        let transaction = self.database.begin().await?;
        let Some(found) = next.lock(LockType::Update).one(&transaction).await? else { return Ok(None) };
        let update = Query::update()
            .table(job::Entity)
            .value(job::Column::Lease, lease)
            .value(job::Column::LeaseUntil, until)
            .and_where(job::Column::Id.eq(found.id))
            .cond_where(open)
            .take();
        let taken = transaction.execute(&update).await?.rows_affected() == 1;
        transaction.commit().await?;
        let taken_up = job::Model { lease: Some(lease), lease_until: Some(until), ..found };
        Ok(taken.then_some(taken_up))
    }
}
