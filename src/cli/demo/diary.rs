//! The clinic's calendars and a week of appointments, booked through the same acts as a request, in slots that the
//! calendars themselves say are free.

use entity::calendar::Kind;
use entity::{CalendarGroupId, CalendarId, ContactId, Timestamp, UserId, calendar};

use crate::domain::access::Access;
use crate::domain::appointment::{Book, book};
use crate::domain::calendar::availability::Opening;
use crate::domain::calendar::blocked_slot::{self, Blocks, CreateBlockedSlot};
use crate::domain::calendar::diary::Span;
use crate::domain::calendar::group::{self, CreateCalendarGroup};
use crate::domain::calendar::slots::FreeSlot;
use crate::domain::calendar::{
    self as calendars, CalendarFields, CreateCalendar, GivenAvailability, GivenWeekday,
};
use crate::domain::error::Result;
use crate::domain::patch::Patch;

/// The clinic's round robin, in which the story books.
pub const CONSULTATIONS: &str = "Consultations";

const ZONE: &str = "Europe/Stockholm";
const HOUR: i64 = 60 * 60 * 1_000_000;
const WEEK: i64 = 7 * 24 * HOUR;

/// Whom the clinic's calendars are about.
pub struct Cast<'a> {
    /// Who has a calendar of his own.
    pub erik: UserId,
    /// Who teaches the class.
    pub teacher: UserId,
    /// Who takes consultations, whoever is booked first in front.
    pub providers: &'a [UserId],
    /// Who comes, as often as the week goes round.
    pub patients: &'a [ContactId],
}

/// Makes two groups with three calendars, blocks an afternoon, and books the week that begins now.
pub async fn make(clinic: &Access, cast: &Cast<'_>) -> Result<()> {
    let treatments = group::create(clinic, &CreateCalendarGroup { name: "Treatments".into() }).await?;
    let courses = group::create(clinic, &CreateCalendarGroup { name: "Courses".into() }).await?;
    let own = CalendarFields {
        kind: Some(Kind::Personal),
        description: Patch::Set("Follow-ups, which Erik confirms himself".into()),
        auto_confirm: Some(false),
        ..fields(treatments, "Erik Sandberg")
    };
    let own = create(clinic, own, &[cast.erik]).await?;
    let consultations = CalendarFields {
        kind: Some(Kind::RoundRobin),
        description: Patch::Set(
            "First talks: a patient whom nobody owns is the provider's from then on".into(),
        ),
        buffer_after: Some(15),
        minimum_notice: Some(120),
        auto_confirm: Some(true),
        gives_contact: Some(true),
        keeps_owner: Some(true),
        ..fields(treatments, CONSULTATIONS)
    };
    let consultations = create(clinic, consultations, cast.providers).await?;
    let class = CalendarFields {
        kind: Some(Kind::Class),
        description: Patch::Set("How to live with aligners, for six at a time".into()),
        slot: Some(90),
        seats: Some(6),
        availability: Some(evenings(&[1, 3])),
        ..fields(courses, "Aligner class")
    };
    let class = create(clinic, class, &[cast.teacher]).await?;

    if let Some(slot) = free(clinic, own, 5, 8).await? {
        let wish = CreateBlockedSlot {
            blocks: Blocks::Person(cast.erik),
            starts_at: slot.time.from,
            ends_at: Timestamp(slot.time.from.0 + 2 * HOUR),
            zone: Some(ZONE.into()),
            title: Some("Supplier visit".into()),
        };
        blocked_slot::create(clinic, &wish).await?;
    }
    // How far into the free slots of the week, in eighths.
    let week = [
        (consultations, 0, "First consultation", "Room 2"),
        (class, 0, "Aligner class", "Seminar room"),
        (own, 1, "Check of the aligners", "Room 1"),
        (consultations, 2, "First consultation", "Room 3"),
        (class, 0, "Aligner class", "Seminar room"),
        (own, 3, "Plan of treatment", "Room 1"),
        (consultations, 3, "Second opinion", "Video call"),
        (consultations, 5, "First consultation", "Room 2"),
        (class, 0, "Aligner class", "Seminar room"),
        (own, 6, "Check of the crown", "Room 1"),
        (consultations, 6, "First consultation", "Room 3"),
        (consultations, 7, "Plan of treatment", "Room 2"),
    ];
    for ((calendar, eighth, title, location), patient) in week.into_iter().zip(cast.patients.iter().cycle()) {
        let Some(slot) = free(clinic, calendar, eighth, 8).await? else { continue };
        let wish = Book {
            title: Patch::Set(title.to_owned()),
            location: Patch::Set(location.to_owned()),
            ..Book::new(calendar, *patient, slot.time.from)
        };
        book(clinic, &wish).await?;
    }
    Ok(())
}

/// The first slot of the next seven days that can be booked.
pub async fn first_free(clinic: &Access, calendar: CalendarId) -> Result<Option<FreeSlot>> {
    free(clinic, calendar, 0, 1).await
}

/// A free slot of the next seven days, so far into all of them.
async fn free(clinic: &Access, calendar: CalendarId, part: usize, parts: usize) -> Result<Option<FreeSlot>> {
    let Some(seen) = clinic.find_calendars(&[calendar]).await?.remove(&calendar) else { return Ok(None) };
    let now = clinic.now();
    let range = Span { from: now, until: Timestamp(now.0 + WEEK) };
    let rows: [&calendar::Model; 1] = [&seen.row];
    let mut slots = clinic.free_slots(&rows, range).await?.remove(&calendar).unwrap_or_default();
    let place = slots.len() * part / parts;
    Ok((place < slots.len()).then(|| slots.swap_remove(place)))
}

async fn create(clinic: &Access, fields: CalendarFields, members: &[UserId]) -> Result<CalendarId> {
    calendars::create(clinic, &CreateCalendar { fields, members: members.to_vec() }).await
}

fn fields(group: CalendarGroupId, name: &str) -> CalendarFields {
    CalendarFields {
        group: Patch::Set(group),
        name: Patch::Set(name.to_owned()),
        zone: Patch::Set(ZONE.to_owned()),
        ..CalendarFields::default()
    }
}

/// Half past five until seven on these weekdays; Monday is 0.
fn evenings(days: &[usize]) -> GivenAvailability {
    let evening = Opening { from: 17 * 60 + 30, until: 19 * 60 };
    let weekdays = days.iter().map(|day| GivenWeekday { day: *day, openings: vec![evening] });
    GivenAvailability { weekdays: weekdays.collect(), dates: Vec::new() }
}
