//! Gives a group of calendars another name.

use entity::{CalendarGroupId, calendar_group};
use sea_orm::Set;

use super::find::{all, one, require_manage, require_version, unique_name};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to rename a group of calendars.
#[derive(Clone, Debug)]
pub struct RenameCalendarGroup {
    /// Which.
    pub group: CalendarGroupId,
    /// Unique in the account, whatever its case.
    pub name: String,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Renames a group. Nothing happens when it is called so already.
///
/// # Errors
/// Not found, denied, invalid, stale.
pub async fn rename(access: &Access, wish: &RenameCalendarGroup) -> Result<()> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let groups = all(&unit).await?;
    let group = one(&groups, wish.group, "id")?;
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let name = unique_name(&mut problems, &wish.name, &groups, Some(group.id));
    problems.none()?;
    require_version(&group, wish.expected_version)?;
    let Some(change) = Change::between("name", Some(group.name), Some(name.clone())) else {
        return unit.unchanged(()).await;
    };

    unit.update(calendar_group::ActiveModel {
        id: Set(group.id),
        name_key: Set(text::fold(&name)),
        name: Set(name),
        version: Set(group.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    unit.record(Subject::CalendarGroup(group.id), What::Renamed, vec![change], None);
    unit.commit_as(|_| ()).await
}
