//! Books an appointment (C5, C7, C8).

use entity::appointment::{self, Status};
use entity::{AppointmentId, CalendarId, ContactId, Timestamp, UserId, appointment_attendee};
use policy::Action;
use sea_orm::{IntoActiveModel, Set};
use serde::{Deserialize, Serialize};

use super::give_contact::{self, ContactOwner};
use super::{fields, place};
use crate::domain::access::Access;
use crate::domain::activity::{Subject, What};
use crate::domain::calendar::{HeldCalendar, zone};
use crate::domain::error::{Result, SlotProblem};
use crate::domain::idempotency::Outcome;
use crate::domain::patch::Patch;
use crate::domain::search::set_appointment_words;
use crate::domain::unit_of_work::{Committed, UnitOfWork, unknown_user};
use crate::domain::validate::Problems;

/// The wish to book an appointment.
#[derive(Clone, Debug)]
pub struct Book {
    /// In which calendar.
    pub calendar: CalendarId,
    /// With whom, for good (A12).
    pub contact: ContactId,
    /// Whose time it takes; one of the calendar's members is chosen when left out.
    pub assignee: Option<UserId>,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when; to the end of the slot when left out.
    pub ends_at: Option<Timestamp>,
    /// The IANA time zone that it is meant in; the calendar's when left out.
    pub zone: Option<String>,
    /// What it is about.
    pub title: Patch<String>,
    /// Where.
    pub location: Patch<String>,
    /// More of it.
    pub description: Patch<String>,
    /// Who takes part beside the assignee.
    pub attendees: Vec<UserId>,
    /// Whether to book against the calendar and whatever else the assignee has (C7).
    pub overbook: bool,
}

impl Book {
    /// A booking of a slot, everything else left out.
    #[must_use]
    pub const fn new(calendar: CalendarId, contact: ContactId, starts_at: Timestamp) -> Self {
        Self {
            calendar,
            contact,
            assignee: None,
            starts_at,
            ends_at: None,
            zone: None,
            title: Patch::Keep,
            location: Patch::Keep,
            description: Patch::Keep,
            attendees: Vec::new(),
            overbook: false,
        }
    }
}

/// What a booking came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Booked {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Whose time it takes.
    pub assignee: UserId,
    /// What it meant for the owner of the contact.
    pub contact_owner: ContactOwner,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for Booked {}

/// Books an appointment.
///
/// # Errors
/// Not found, denied, invalid, unavailable: in this order (O7).
pub async fn book(access: &Access, wish: &Book) -> Result<Booked> {
    let mut unit = access.begin().await?;
    let (appointment, assignee, contact_owner) = book_in(&mut unit, wish).await?;
    unit.commit_as(|committed| Booked { appointment, assignee, contact_owner, committed }).await
}

async fn book_in(unit: &mut UnitOfWork<'_>, wish: &Book) -> Result<(AppointmentId, UserId, ContactOwner)> {
    let calendar = HeldCalendar::find(unit, wish.calendar, "calendarId").await?;
    let reach = give_contact::reach(unit, &calendar.row, wish.contact);
    unit.hold(wish.contact.into(), reach, "contactId").await?;
    let mut people: Vec<UserId> = match wish.assignee {
        Some(assignee) => vec![assignee],
        None => calendar.members.iter().map(|member| member.user_id).collect(),
    };
    people.extend(&wish.attendees);
    let active = unit.hold_people(&people).await?;
    if wish.assignee.is_some_and(|assignee| !active.contains_key(&assignee)) {
        return Err(unknown_user("assigneeId").into());
    }
    fields::require_attendees(unit, &wish.attendees).await?;

    calendar.require(unit, Action::Book, "calendarId")?;
    if wish.overbook {
        calendar.require(unit, Action::Overbook, "overbook")?;
    }
    let members = place::active_members(&calendar, &active);
    let schedule = calendar.schedule(members.clone())?;
    let asked = place::Asked { starts_at: wish.starts_at, ends_at: wish.ends_at, overbook: wish.overbook };

    let mut problems = Problems::new();
    let time = asked.span(&schedule, &mut problems);
    let zone = match &wish.zone {
        None => calendar.row.zone.clone(),
        Some(name) => zone::named(&mut problems, "zone", name),
    };
    let title = fields::line(&mut problems, "title", &wish.title, None);
    let location = fields::line(&mut problems, "location", &wish.location, None);
    let description = fields::text(&mut problems, "description", &wish.description, None);
    fields::check_attendees(&mut problems, &wish.attendees);
    match wish.assignee {
        Some(assignee) if !calendar.has_member(assignee) => {
            problems.add("assigneeId", "is no member of the calendar: name one of its members");
        }
        None if members.is_empty() => {
            problems.add("calendarId", "the calendar has no active member who could be booked");
        }
        _ => {}
    }
    problems.none()?;
    asked.require_slot(unit, &schedule, time)?;

    let wanted = schedule.wanted(time);
    let candidates = wish.assignee.map_or(members, |assignee| vec![assignee]);
    // Who overbooks may still have it decided who is free, and else takes the first.
    let free = place::free(unit, &wanted, &candidates).await?;
    let from = if free.is_empty() && wish.overbook { &candidates } else { &free };
    let assignee = match wish.assignee {
        Some(assignee) => from.contains(&assignee).then_some(assignee),
        None => place::choose(unit, &calendar, from).await?,
    };
    let assignee = assignee.ok_or_else(|| place::unavailable(SlotProblem::Taken))?;

    let row = appointment::Model {
        id: unit.new_id(),
        account_id: unit.account().id,
        calendar_id: calendar.row.id,
        contact_id: wish.contact,
        assignee_id: assignee,
        title,
        location,
        description,
        status: if calendar.row.auto_confirm { Status::Confirmed } else { Status::New },
        starts_at: time.from,
        ends_at: time.until,
        busy_from: wanted.busy.from,
        busy_until: wanted.busy.until,
        zone,
        overbooked: wish.overbook,
        booked_by: unit.actor().user,
        version: 1,
        created_at: unit.now(),
        updated_at: unit.now(),
        deleted_at: None,
        deletion_id: None,
    };
    let attendees = fields::attendees(&wish.attendees, assignee);
    unit.insert(row.clone().into_active_model()).await?;
    unit.insert_many(attendee_rows(&row, &attendees)).await?;
    set_appointment_words(unit, row.id, row.title.as_deref(), row.location.as_deref()).await?;

    let subject = Subject::Appointment { appointment: row.id, contact: wish.contact };
    let booked = unit.record(subject, What::Booked, fields::changes(None, &row, &attendees), None);
    let contact_owner = give_contact::give(unit, &calendar.row, wish.contact, assignee, booked)?;
    Ok((row.id, assignee, contact_owner))
}

/// The rows of attendees.
pub(super) fn attendee_rows(
    row: &appointment::Model,
    attendees: &[UserId],
) -> Vec<appointment_attendee::ActiveModel> {
    let of = |user: &UserId| appointment_attendee::ActiveModel {
        appointment_id: Set(row.id),
        user_id: Set(*user),
        account_id: Set(row.account_id),
    };
    attendees.iter().map(of).collect()
}
