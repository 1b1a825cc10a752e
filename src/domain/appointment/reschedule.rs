//! Moves an appointment to another time, or to another calendar (C4, C7).

use entity::{AppointmentId, CalendarId, Timestamp, UserId, appointment, appointment_attendee};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{fields, place};
use crate::domain::access::{Access, takes_time};
use crate::domain::activity::{Subject, What};
use crate::domain::calendar::diary::Span;
use crate::domain::calendar::{HeldCalendar, zone};
use crate::domain::error::{Refusal, Result};
use crate::domain::unit_of_work::{Committed, HeldAppointment, UnitOfWork, unknown_user};
use crate::domain::validate::Problems;

/// The wish to move an appointment. What is left out stays as it is.
#[derive(Clone, Debug)]
pub struct Reschedule {
    /// Which.
    pub appointment: AppointmentId,
    /// From when.
    pub starts_at: Option<Timestamp>,
    /// Until when; to the end of the slot when left out.
    pub ends_at: Option<Timestamp>,
    /// The IANA time zone that it is meant in.
    pub zone: Option<String>,
    /// To which calendar.
    pub calendar: Option<CalendarId>,
    /// To whom.
    pub assignee: Option<UserId>,
    /// Whether to move it against the calendar and whatever else the assignee has (C7).
    pub overbook: bool,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Moves an appointment. Nothing happens when it is there already.
///
/// # Errors
/// Not found, denied, invalid, stale, unavailable: in this order (O7).
pub async fn reschedule(access: &Access, wish: &Reschedule) -> Result<Committed> {
    let mut unit = access.begin().await?;
    if !reschedule_in(&mut unit, wish).await? {
        return unit.unchanged(Committed::default()).await;
    }
    unit.commit().await
}

async fn reschedule_in(unit: &mut UnitOfWork<'_>, wish: &Reschedule) -> Result<bool> {
    let held = unit.hold_appointment(wish.appointment, "id").await?;
    let target = wish.calendar.filter(|calendar| *calendar != held.row.calendar_id);
    let calendar = match target {
        Some(target) => HeldCalendar::find(unit, target, "calendarId").await?,
        None => HeldCalendar::of_appointment(unit, held.row.calendar_id).await?,
    };
    let assignee = wish.assignee.unwrap_or(held.row.assignee_id);
    let active = unit.hold_people(&[assignee]).await?;
    if wish.assignee.is_some() && !active.contains_key(&assignee) {
        return Err(unknown_user("assigneeId").into());
    }

    unit.require_appointment(&held, Action::Edit, "id")?;
    if target.is_some() {
        unit.require_appointment(&held, Action::ChangeCalendar, "calendarId")?;
        calendar.require(unit, Action::Book, "calendarId")?;
    }
    if wish.overbook {
        unit.require_appointment(&held, Action::Overbook, "overbook")?;
    }

    let schedule = calendar.schedule(vec![assignee])?;
    let mut problems = Problems::new();
    let asked = place::Asked {
        starts_at: wish.starts_at.unwrap_or(held.row.starts_at),
        ends_at: ends_at(wish, &held, target.is_some()),
        overbook: wish.overbook,
    };
    let time = asked.span(&schedule, &mut problems);
    let zone = match &wish.zone {
        None => held.row.zone.clone(),
        Some(name) => zone::named(&mut problems, "zone", name),
    };
    if calendar.row.deleted_at.is_some() {
        problems.add("calendarId", "the calendar was deleted: give another one");
    }
    if !calendar.has_member(assignee) || !active.contains_key(&assignee) {
        problems.add("assigneeId", "whoever it is for is no active member of the calendar: give one who is");
    }
    problems.none()?;
    held.require_version(wish.expected_version)?;

    let stays = time == (Span { from: held.row.starts_at, until: held.row.ends_at })
        && calendar.row.id == held.row.calendar_id
        && assignee == held.row.assignee_id;
    let mut after = appointment::Model { zone, ..held.row.clone() };
    if !stays {
        asked.require_slot(unit, &schedule, time)?;
        let wanted = place::wanted(&schedule, time, Some(held.row.id));
        if takes_time(held.row.status) && !wish.overbook {
            place::require_free(unit, &wanted, assignee).await?;
        }
        after = appointment::Model {
            calendar_id: calendar.row.id,
            assignee_id: assignee,
            starts_at: time.from,
            ends_at: time.until,
            busy_from: wanted.busy.from,
            busy_until: wanted.busy.until,
            overbooked: wish.overbook,
            ..after
        };
    }
    move_to(unit, &held, &after, What::Rescheduled).await
}

/// The end that a wish means: as given, or as long as a slot where the time or the calendar is another.
fn ends_at(wish: &Reschedule, held: &HeldAppointment, elsewhere: bool) -> Option<Timestamp> {
    let same_start = wish.starts_at.is_none_or(|starts_at| starts_at == held.row.starts_at);
    wish.ends_at.or((same_start && !elsewhere).then_some(held.row.ends_at))
}

/// Writes another place of a held appointment; false when it is the same. The assignee is no attendee too.
pub(super) async fn move_to(
    unit: &mut UnitOfWork<'_>,
    held: &HeldAppointment,
    after: &appointment::Model,
    what: What,
) -> Result<bool> {
    let attendees = fields::attendees(&held.attendees, after.assignee_id);
    let changes = fields::changes(Some((&held.row, &held.attendees)), after, &attendees);
    if changes.is_empty() {
        return Ok(false);
    }
    fields::write(unit, held, after).await?;
    if attendees != held.attendees {
        let itself = appointment_attendee::Entity::delete_many()
            .filter(appointment_attendee::Column::AppointmentId.eq(held.row.id))
            .filter(appointment_attendee::Column::UserId.eq(after.assignee_id));
        unit.delete(itself).await?;
    }
    let subject = Subject::Appointment { appointment: held.row.id, contact: held.row.contact_id };
    unit.record(subject, what, changes, None);
    Ok(true)
}

/// The refusal of an appointment that stands in a deleted calendar, for acts that need one that takes bookings.
pub(super) fn require_open(calendar: &HeldCalendar, field: &str) -> Result<()> {
    if calendar.row.deleted_at.is_none() {
        return Ok(());
    }
    Err(Refusal::invalid(field, "its calendar was deleted: reschedule it into another one").into())
}
