//! Calls a job off. What its batches have done stays done.

use entity::JobId;
use entity::job::{self, State};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Set};

use super::Started;
use crate::domain::access::Access;
use crate::domain::error::{Refusal, Result};

/// Calls a job off; nothing happens when it has ended already.
///
/// # Errors
/// Not found, when there is none that the viewer may see.
pub async fn cancel(access: &Access, id: JobId) -> Result<Started> {
    let unit = access.begin().await?;
    let visible = access.visible_jobs().filter(job::Column::Id.eq(id)).lock(LockType::Update);
    let found = unit.rows(visible).await?.pop();
    let found = found
        .ok_or_else(|| Refusal { message: "there is no such job".into(), ..Refusal::not_found("id") })?;
    if !matches!(found.state, State::Waiting | State::Running) {
        return unit.unchanged(Started { job: id }).await;
    }
    unit.update(job::ActiveModel {
        id: Set(id),
        state: Set(State::Cancelled),
        changed_at: Set(unit.now()),
        lease: Set(None),
        lease_until: Set(None),
        ..Default::default()
    })
    .await?;
    unit.commit_as(|_| Started { job: id }).await
}
