//! The fields of appointments: checks, and what of them the history tells.

use entity::{UserId, appointment};
use sea_orm::{ActiveEnum, Set};

use crate::domain::activity::Change;
use crate::domain::error::{Error, Result};
use crate::domain::patch::Patch;
use crate::domain::unit_of_work::{HeldAppointment, UnitOfWork, unknown_user};
use crate::domain::validate::{Problems, rfc3339};

/// The most attendees that an appointment has.
pub const MAX_ATTENDEES: usize = 50;

/// Distinct people, without the assignee, who attends anyway.
pub(super) fn attendees(given: &[UserId], assignee: UserId) -> Vec<UserId> {
    let mut attendees: Vec<UserId> = given.iter().copied().filter(|user| *user != assignee).collect();
    attendees.sort_unstable();
    attendees.dedup();
    attendees
}

/// Refuses attendees who are no active users of the account, among those who were held before (F5 for appointments).
pub(super) async fn require_attendees(unit: &UnitOfWork<'_>, given: &[UserId]) -> Result<()> {
    let known = unit.active_users(given).await?;
    if given.iter().all(|user| known.contains_key(user)) {
        return Ok(());
    }
    Err(unknown_attendees(given, |user| known.contains_key(user)))
}

/// The answer to attendees who are no active users of the account, one refusal for each.
pub(super) fn unknown_attendees(given: &[UserId], known: impl Fn(&UserId) -> bool) -> Error {
    let unknown = given.iter().enumerate().filter(|(_, user)| !known(user));
    Error::Refused(unknown.map(|(place, _)| unknown_user(&format!("attendeeIds.{place}"))).collect())
}

/// Notes too many attendees.
pub(super) fn check_attendees(problems: &mut Problems, given: &[UserId]) {
    if given.len() > MAX_ATTENDEES {
        problems.add("attendeeIds", format!("an appointment has at most {MAX_ATTENDEES} attendees"));
    }
}

/// A line after a patch.
pub(super) fn line(
    problems: &mut Problems,
    field: &str,
    patch: &Patch<String>,
    current: Option<&String>,
) -> Option<String> {
    match patch {
        Patch::Keep => current.cloned(),
        Patch::Clear => None,
        Patch::Set(value) => problems.line(field, Some(value)),
    }
}

/// A text of several lines after a patch.
pub(super) fn text(
    problems: &mut Problems,
    field: &str,
    patch: &Patch<String>,
    current: Option<&String>,
) -> Option<String> {
    match patch {
        Patch::Keep => current.cloned(),
        Patch::Clear => None,
        Patch::Set(value) => problems.text(field, Some(value)),
    }
}

/// What changed between two states of an appointment; everything that is set, when there was none before.
pub(super) fn changes(
    before: Option<(&appointment::Model, &[UserId])>,
    after: &appointment::Model,
    attendees: &[UserId],
) -> Vec<Change> {
    let was = |read: &dyn Fn(&appointment::Model) -> Option<String>| before.and_then(|(row, _)| read(row));
    let between = |field, read: &dyn Fn(&appointment::Model) -> Option<String>| {
        Change::between(field, was(read), read(after))
    };
    let list = |people: &[UserId]| {
        let people: Vec<String> = people.iter().map(ToString::to_string).collect();
        (!people.is_empty()).then(|| people.join(", "))
    };
    [
        between("calendar", &|row| Some(row.calendar_id.to_string())),
        between("contact", &|row| Some(row.contact_id.to_string())),
        between("assignee", &|row| Some(row.assignee_id.to_string())),
        between("startsAt", &|row| Some(rfc3339(row.starts_at))),
        between("endsAt", &|row| Some(rfc3339(row.ends_at))),
        between("zone", &|row| Some(row.zone.clone())),
        between("status", &|row| Some(row.status.to_value())),
        between("title", &|row| row.title.clone()),
        between("location", &|row| row.location.clone()),
        between("description", &|row| row.description.clone()),
        // Said only of what was set against the calendar (C7), or is no more.
        between("overbooked", &|row| row.overbooked.then(|| "true".to_owned())),
        Change::between("attendees", before.and_then(|(_, people)| list(people)), list(attendees)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Writes a held appointment as `after` has it, with its new version and time. The attendees are written by whoever
/// changes them.
pub(super) async fn write(
    unit: &UnitOfWork<'_>,
    held: &HeldAppointment,
    after: &appointment::Model,
) -> Result<()> {
    unit.update(appointment::ActiveModel {
        id: Set(held.row.id),
        calendar_id: Set(after.calendar_id),
        assignee_id: Set(after.assignee_id),
        title: Set(after.title.clone()),
        location: Set(after.location.clone()),
        description: Set(after.description.clone()),
        status: Set(after.status),
        starts_at: Set(after.starts_at),
        ends_at: Set(after.ends_at),
        busy_from: Set(after.busy_from),
        busy_until: Set(after.busy_until),
        zone: Set(after.zone.clone()),
        overbooked: Set(after.overbooked),
        version: Set(held.row.version + 1),
        updated_at: Set(unit.now()),
        ..Default::default()
    })
    .await
}
