//! Sets who can be booked in a calendar, and in which order (C1).

use entity::{CalendarId, UserId, calendar, calendar_member};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{HeldCalendar, members};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to set the members of a calendar.
#[derive(Clone, Debug)]
pub struct SetCalendarMembers {
    /// Of which.
    pub calendar: CalendarId,
    /// All of them, whoever is booked first in front.
    pub members: Vec<UserId>,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Sets the members. Nothing happens when they are so already. Appointments of whoever leaves stay theirs.
///
/// # Errors
/// Not found, denied, invalid, stale, limit.
pub async fn set_members(access: &Access, wish: &SetCalendarMembers) -> Result<()> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    let calendar = HeldCalendar::find(&unit, wish.calendar, "id").await?;
    members::require_known(&unit, &wish.members, &calendar.members).await?;
    calendar.require(&unit, Action::Edit, "id")?;
    let mut problems = Problems::new();
    members::check(&mut problems, calendar.row.kind, &wish.members);
    problems.none()?;
    calendar.require_version(wish.expected_version)?;
    members::require_room(&wish.members, calendar.members.len())?;
    let before = members::written(calendar.members.iter().map(|member| member.user_id));
    let after = members::written(wish.members.iter().copied());
    let Some(change) = Change::between("members", before, after) else { return unit.unchanged(()).await };

    let id = calendar.row.id;
    let of_calendar = calendar_member::Entity::delete_many();
    unit.delete(of_calendar.filter(calendar_member::Column::CalendarId.eq(id))).await?;
    members::insert(&unit, id, &wish.members).await?;
    unit.update(calendar::ActiveModel {
        id: Set(id),
        version: Set(calendar.row.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await?;
    unit.record(Subject::Calendar(id), What::MembersChanged, vec![change], None);
    unit.raise_access_version().await?;
    unit.commit_as(|_| ()).await
}
