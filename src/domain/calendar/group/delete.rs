//! Deletes a group of calendars; the calendars stand alone then.

use entity::{CalendarGroupId, calendar, calendar_group};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::find::{all, one, require_manage, require_version};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// The wish to delete a group of calendars.
#[derive(Clone, Copy, Debug)]
pub struct DeleteCalendarGroup {
    /// Which.
    pub group: CalendarGroupId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes a group. Its calendars, hidden ones too, change: their history says so, naming the deletion as the cause.
///
/// # Errors
/// Not found, denied, stale.
pub async fn delete(access: &Access, wish: &DeleteCalendarGroup) -> Result<()> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let group = one(&all(&unit).await?, wish.group, "id")?;
    require_manage(&unit)?;
    require_version(&group, wish.expected_version)?;

    let change = Change::between("name", Some(group.name), None);
    let deleted =
        unit.record(Subject::CalendarGroup(group.id), What::Deleted, change.into_iter().collect(), None);
    let in_it = calendar::Entity::find()
        .filter(calendar::Column::GroupId.eq(group.id))
        .filter(calendar::Column::DeletedAt.is_null())
        .order_by_asc(calendar::Column::Id);
    for calendar in unit.rows(in_it).await? {
        let change = Change::between("group", Some(group.id.to_string()), None);
        let changes = change.into_iter().collect();
        unit.record(Subject::Calendar(calendar.id), What::Updated, changes, Some(deleted));
    }
    unit.empty_calendar_group(group.id).await?;
    unit.delete(calendar_group::Entity::delete_many().filter(calendar_group::Column::Id.eq(group.id)))
        .await?;
    unit.commit_as(|_| ()).await
}
