//! Owners of contacts and opportunities are brought together over the whole account (O9, P6), in one transaction or in
//! batches, and what that would come to can be asked first.

mod directions;
mod jobs;
mod preview;
mod rights;

use entity::job_finding::Kind as Finding;
use entity::{JobId, job, job_finding};
use retinue::domain::error::Result;
use retinue::domain::job::Started;
use retinue::domain::ownership::align::{AT_ONCE, AlignOwners, Direction, Plan, align_owners};
use retinue::domain::record::RecordRef;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::world::{Acts, World};

pub const DOWN: Direction = Direction::ContactsToOpportunities;
pub const UP: Direction = Direction::OpportunitiesToContacts;

/// Aligns, whatever fits in one transaction.
pub async fn aligns(who: &impl Acts, direction: Direction) -> Result<Started> {
    aligns_at_once(who, direction, AT_ONCE).await
}

/// Aligns, with another threshold.
pub async fn aligns_at_once(who: &impl Acts, direction: Direction, at_once: u64) -> Result<Started> {
    let plan = Plan { direction, previous_owner_follows: None };
    align_owners(&who.access().await, &AlignOwners { plan, at_once }).await
}

impl World {
    /// A job's row.
    pub async fn job(&self, id: JobId) -> job::Model {
        let found = job::Entity::find_by_id(id).one(&self.sql).await;
        found.expect("the job is read").expect("the job is there")
    }

    /// What a job reports, by record.
    pub async fn findings(&self, id: JobId) -> Vec<(Finding, uuid::Uuid)> {
        let rows = job_finding::Entity::find()
            .filter(job_finding::Column::JobId.eq(id))
            .order_by_asc(job_finding::Column::RecordId)
            .all(&self.sql)
            .await
            .expect("the findings are read");
        rows.into_iter().map(|row| (row.kind, row.record_id)).collect()
    }

    /// The owners of records.
    pub async fn owners_of(&self, records: &[RecordRef]) -> Vec<Option<entity::UserId>> {
        let mut owners = Vec::new();
        for record in records {
            owners.push(self.owner_of(*record).await);
        }
        owners
    }
}
