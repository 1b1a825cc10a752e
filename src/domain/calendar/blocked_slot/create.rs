//! Blocks a time of a person or a calendar (C7).

use entity::{BlockedSlotId, CalendarId, Timestamp, UserId, blocked_slot};
use policy::{Action, Facts, Ties};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::calendar::{HeldCalendar, MAX_BLOCKED_SLOTS, zone};
use crate::domain::error::{Refusal, Result};
use crate::domain::pipeline::require_room;
use crate::domain::unit_of_work::{UnitOfWork, unknown_user};
use crate::domain::validate::{Problems, rfc3339};

/// What a blocked slot blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    /// A person, in every calendar.
    Person(UserId),
    /// A calendar, for everybody in it.
    Calendar(CalendarId),
    /// Nothing, or both: a mistake.
    Unclear,
}

/// The wish to block a time.
#[derive(Clone, Debug)]
pub struct CreateBlockedSlot {
    /// Of whom or what.
    pub blocks: Blocks,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, this instant not included.
    pub ends_at: Timestamp,
    /// The IANA time zone that it is meant in; that of the calendar, or UTC, when none is named.
    pub zone: Option<String>,
    /// What it is for.
    pub title: Option<String>,
}

/// Blocks a time. Whoever books at the same time does so before or after.
///
/// # Errors
/// Not found, denied, invalid, limit.
pub async fn create(access: &Access, wish: &CreateBlockedSlot) -> Result<BlockedSlotId> {
    let mut unit = match wish.blocks {
        Blocks::Calendar(_) => UnitOfWork::begin_alone(access).await?,
        Blocks::Person(_) | Blocks::Unclear => access.begin().await?,
    };
    let (user, calendar, zone_of) = match wish.blocks {
        Blocks::Person(id) => {
            let person = unit.hold_people(&[id]).await?.remove(&id).ok_or_else(|| unknown_user("userId"))?;
            let own = unit.actor().user == Some(id);
            require_create(&unit, Ties { assignee: own, ..Ties::NONE }, "userId")?;
            (Some(person.id), None, "UTC".to_owned())
        }
        Blocks::Calendar(id) => {
            let calendar = HeldCalendar::find(&unit, id, "calendarId").await?;
            require_create(&unit, calendar.ties, "calendarId")?;
            (None, Some(id), calendar.row.zone)
        }
        Blocks::Unclear => {
            require_create(&unit, Ties { assignee: true, ..Ties::NONE }, "")?;
            return Err(Refusal::invalid("", "give either `userId` or `calendarId`: one of the two").into());
        }
    };
    let mut problems = Problems::new();
    if wish.ends_at <= wish.starts_at {
        problems.add("endsAt", "must be later than `startsAt`");
    } else if wish.ends_at <= unit.now() {
        problems.add("endsAt", "is over already: a blocked slot keeps new appointments away");
    }
    let zone = wish.zone.as_ref().map_or(zone_of, |name| zone::named(&mut problems, "zone", name));
    let title = problems.line("title", wish.title.as_deref());
    problems.none()?;
    let ahead = blocked_slot::Entity::find()
        .filter(blocked_slot::Column::AccountId.eq(unit.account().id))
        .filter(match (user, calendar) {
            (Some(user), _) => blocked_slot::Column::UserId.eq(user),
            (None, calendar) => blocked_slot::Column::CalendarId.eq(calendar),
        })
        .filter(blocked_slot::Column::EndsAt.gt(unit.now()));
    require_room(unit.rows(ahead).await?.len(), MAX_BLOCKED_SLOTS, "blocked slots ahead", "")?;

    let id: BlockedSlotId = unit.new_id();
    let row = blocked_slot::Model {
        id,
        account_id: unit.account().id,
        user_id: user,
        calendar_id: calendar,
        starts_at: wish.starts_at,
        ends_at: wish.ends_at,
        zone,
        title,
        created_by: unit.actor().user,
        created_at: unit.now(),
    };
    let changes = written(&row).map(|(field, value)| Change::between(field, None, value));
    unit.insert(blocked_slot::ActiveModel {
        id: Set(row.id),
        account_id: Set(row.account_id),
        user_id: Set(row.user_id),
        calendar_id: Set(row.calendar_id),
        starts_at: Set(row.starts_at),
        ends_at: Set(row.ends_at),
        zone: Set(row.zone),
        title: Set(row.title),
        created_by: Set(row.created_by),
        created_at: Set(row.created_at),
    })
    .await?;
    let changes = changes.into_iter().flatten().collect();
    unit.record(Subject::BlockedSlot { slot: id, calendar, user }, What::Created, changes, None);
    unit.commit_as(|_| id).await
}

/// The values of a blocked slot, as the history tells them.
pub(super) fn written(row: &blocked_slot::Model) -> [(&'static str, Option<String>); 4] {
    [
        ("startsAt", Some(rfc3339(row.starts_at))),
        ("endsAt", Some(rfc3339(row.ends_at))),
        ("zone", Some(row.zone.clone())),
        ("title", row.title.clone()),
    ]
}

fn require_create(unit: &UnitOfWork<'_>, ties: Ties, field: &str) -> Result<()> {
    let facts = Facts::tied(ties);
    match policy::decide::<policy::BlockedSlot>(unit.actor(), Action::Create, &facts).reason() {
        Some(reason) => Err(Refusal::denied(field, Some(reason)).into()),
        None => Ok(()),
    }
}
