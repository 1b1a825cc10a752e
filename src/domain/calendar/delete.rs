//! Deletes a calendar: it takes no more appointments, and those that it has stay.

use entity::{CalendarId, calendar};
use policy::Action;
use sea_orm::Set;

use super::HeldCalendar;
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// The wish to delete a calendar.
#[derive(Clone, Copy, Debug)]
pub struct DeleteCalendar {
    /// Which.
    pub calendar: CalendarId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes a calendar, whether or not it has appointments: anything else would tell of hidden ones (A7).
///
/// # Errors
/// Not found, denied, stale.
pub async fn delete(access: &Access, wish: &DeleteCalendar) -> Result<()> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let calendar = HeldCalendar::find(&unit, wish.calendar, "id").await?;
    calendar.require(&unit, Action::Delete, "id")?;
    calendar.require_version(wish.expected_version)?;

    let id = calendar.row.id;
    unit.update(calendar::ActiveModel {
        id: Set(id),
        version: Set(calendar.row.version + 1),
        updated_at: Set(unit.now()),
        deleted_at: Set(Some(unit.now())),
        ..Default::default()
    })
    .await?;
    let change = Change::between("name", Some(calendar.row.name), None);
    unit.record(Subject::Calendar(id), What::Deleted, change.into_iter().collect(), None);
    unit.raise_access_version().await?;
    unit.commit_as(|_| ()).await
}
