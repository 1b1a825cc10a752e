//! Makes a group of calendars.

use entity::{CalendarGroupId, calendar_group};
use sea_orm::Set;

use super::find::{all, require_manage, unique_name};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::calendar::MAX_GROUPS;
use crate::domain::error::Result;
use crate::domain::pipeline::require_room;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to make a group of calendars.
#[derive(Clone, Debug)]
pub struct CreateCalendarGroup {
    /// Unique in the account, whatever its case.
    pub name: String,
}

/// Makes a group, with nothing in it.
///
/// # Errors
/// Denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreateCalendarGroup) -> Result<CalendarGroupId> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let groups = all(&unit).await?;
    require_manage(&unit)?;
    let mut problems = Problems::new();
    let name = unique_name(&mut problems, &wish.name, &groups, None);
    problems.none()?;
    require_room(groups.len(), MAX_GROUPS, "groups of calendars", "")?;

    let id: CalendarGroupId = unit.new_id();
    unit.insert(calendar_group::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        name_key: Set(text::fold(&name)),
        name: Set(name.clone()),
        version: Set(1),
        created_at: Set(unit.now()),
        updated_at: Set(unit.now()),
    })
    .await?;
    let change = Change::between("name", None, Some(name));
    unit.record(Subject::CalendarGroup(id), What::Created, change.into_iter().collect(), None);
    unit.commit_as(|_| id).await
}
