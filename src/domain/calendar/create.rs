//! Makes a calendar (C1).

use entity::{CalendarId, UserId, calendar};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::fields::{CalendarFields, Checked};
use super::{MAX_CALENDARS, group, members};
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Refusal, Result};
use crate::domain::patch::Patch;
use crate::domain::pipeline::require_room;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The wish to make a calendar.
#[derive(Clone, Debug)]
pub struct CreateCalendar {
    /// What it is like. Name and zone must be given.
    pub fields: CalendarFields,
    /// Its members, whoever is booked first in front.
    pub members: Vec<UserId>,
}

/// Makes a calendar. A restricted creator must be among its members: they would not see what they made.
///
/// # Errors
/// Not found (the group, a member), denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreateCalendar) -> Result<CalendarId> {
    let mut unit = UnitOfWork::begin_alone(access).await?;
    group::require(&unit, wish.fields.group.clone().given(), "groupId").await?;
    members::require_known(&unit, &wish.members, &[]).await?;
    if let Some(reason) = access.may::<policy::Calendar>(Action::Create).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    let mut problems = Problems::new();
    let fields = wish.fields.over(&mut problems, Checked::new(), 0);
    for (field, given) in [("name", &wish.fields.name), ("zone", &wish.fields.zone)] {
        if matches!(given, Patch::Keep) {
            problems.add(field, "must be given");
        }
    }
    members::check(&mut problems, fields.kind, &wish.members);
    let is_member = unit.actor().user.is_some_and(|user| wish.members.contains(&user));
    if unit.actor().restricted && !is_member {
        let message =
            "you would not see the calendar: you see only those that you are a member of, so name yourself";
        problems.add(members::FIELD, message);
    }
    problems.none()?;
    members::require_room(&wish.members, 0)?;
    let there = calendar::Entity::find()
        .filter(calendar::Column::AccountId.eq(unit.account().id))
        .filter(calendar::Column::DeletedAt.is_null());
    require_room(unit.rows(there).await?.len(), MAX_CALENDARS, "calendars", "")?;

    let id: CalendarId = unit.new_id();
    let mut changes = fields.changes(None);
    changes.extend(Change::between("members", None, members::written(wish.members.iter().copied())));
    unit.insert(calendar::ActiveModel {
        id: Set(id),
        account_id: Set(unit.account().id),
        version: Set(1),
        created_at: Set(unit.now()),
        deleted_at: Set(None),
        ..fields.row(unit.now())?
    })
    .await?;
    members::insert(&unit, id, &wish.members).await?;
    unit.record(Subject::Calendar(id), What::Created, changes, None);
    unit.raise_access_version().await?;
    unit.commit_as(|_| id).await
}
