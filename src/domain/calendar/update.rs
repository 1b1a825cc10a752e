//! Changes a calendar. Its members are set by an act of their own.

use entity::{CalendarId, calendar};
use policy::Action;
use sea_orm::Set;

use super::fields::{CalendarFields, Checked};
use super::{HeldCalendar, group};
use crate::domain::access::Access;
use crate::domain::activity::{Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to change a calendar.
#[derive(Clone, Debug)]
pub struct UpdateCalendar {
    /// Which.
    pub calendar: CalendarId,
    /// What.
    pub fields: CalendarFields,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Changes a calendar. Nothing happens when it is so already. Appointments that are there stay as they are.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn update(access: &Access, wish: &UpdateCalendar) -> Result<()> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let calendar = HeldCalendar::find(&unit, wish.calendar, "id").await?;
    group::require(&unit, wish.fields.group.clone().given(), "groupId").await?;
    calendar.require(&unit, Action::Edit, "id")?;
    let before = Checked::of(&calendar.row)?;
    let mut problems = Problems::new();
    let after = wish.fields.over(&mut problems, before.clone(), calendar.members.len());
    problems.none()?;
    calendar.require_version(wish.expected_version)?;
    let changes = after.changes(Some(&before));
    if changes.is_empty() {
        return unit.unchanged(()).await;
    }

    unit.update(calendar::ActiveModel {
        id: Set(calendar.row.id),
        version: Set(calendar.row.version + 1),
        ..after.row(unit.now())?
    })
    .await?;
    unit.record(Subject::Calendar(calendar.row.id), What::Updated, changes, None);
    unit.raise_access_version().await?;
    unit.commit_as(|_| ()).await
}
