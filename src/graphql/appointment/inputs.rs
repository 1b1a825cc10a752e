//! What callers say of appointments.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::AppointmentId;

use super::types::AppointmentStatus;
use crate::domain::appointment::{
    Book, DeleteAppointment, Reassign, Reschedule, RestoreAppointment, SetStatus, UpdateAppointment,
};
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::graphql::id::named;
use crate::graphql::inputs::{patch, people, plain};
use crate::graphql::payload::IdempotencyInput;
use crate::graphql::scalars::DateTime;

/// A new appointment.
#[derive(InputObject)]
pub struct AppointmentBookInput {
    /// The calendar to book in, to which the caller has access.
    calendar_id: ID,
    /// The contact whom it is with and whom the caller must see. It stays for good.
    contact_id: ID,
    /// The member of the calendar whose time it takes. Left out, the calendar chooses among those who are free: the
    /// first by priority, and of several the one with the fewest appointments to come that the caller sees.
    assignee_id: Option<ID>,
    /// When it begins: the start of one of the calendar's `freeSlots`, or any instant with `overbook`.
    starts_at: DateTime,
    /// When it ends, at most 24 hours later. Left out, at the end of the slot; any other end needs `overbook`.
    ends_at: Option<DateTime>,
    /// The IANA time zone that it is meant in and will be shown in, such as `Europe/Berlin`; the calendar's when left out.
    zone: Option<String>,
    /// What it is about, at most 200 characters.
    title: MaybeUndefined<String>,
    /// Where it takes place, at most 200 characters: a room, an address, a link.
    location: MaybeUndefined<String>,
    /// More about it, at most 5,000 characters on several lines.
    description: MaybeUndefined<String>,
    /// Active users who take part beside the assignee, at most 50. They see the appointment; their own time is not
    /// taken, and they may be attendees of several at once.
    attendee_ids: Option<Vec<ID>>,
    /// Books the time whatever the calendar, its seats, blocked slots and the assignee's other appointments say. Needs
    /// `MANAGE_CALENDARS`; the history tells it.
    #[graphql(default)]
    overbook: bool,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentBookInput {
    pub(super) fn wish(self) -> Result<Book> {
        let (calendar, contact) = (named(&self.calendar_id), named(&self.contact_id));
        Ok(Book {
            assignee: self.assignee_id.as_ref().map(named),
            ends_at: self.ends_at.map(|at| at.0),
            zone: self.zone,
            title: plain(self.title),
            location: plain(self.location),
            description: plain(self.description),
            attendees: people(self.attendee_ids.as_deref().unwrap_or_default(), "attendeeIds")?,
            overbook: self.overbook,
            ..Book::new(calendar, contact, self.starts_at.0)
        })
    }
}

/// Another time, calendar or assignee for an appointment. What is left out stays as it is.
#[derive(InputObject)]
pub struct AppointmentRescheduleInput {
    /// The appointment to move.
    id: ID,
    /// When it begins: the start of a slot of the calendar in which the assignee is free, or any instant with `overbook`.
    starts_at: Option<DateTime>,
    /// When it ends, at most 24 hours later. Left out, at the end of the slot where start or calendar are given; any
    /// other end needs `overbook`.
    ends_at: Option<DateTime>,
    /// The IANA time zone that it is meant in and will be shown in.
    zone: Option<String>,
    /// Another calendar. Needs access to it and to the one that the appointment is in.
    calendar_id: Option<ID>,
    /// Another member of the calendar whose time it takes.
    assignee_id: Option<ID>,
    /// Moves it whatever the calendar, its seats, blocked slots and the assignee's other appointments say. Needs
    /// `MANAGE_CALENDARS`; the history tells it.
    #[graphql(default)]
    overbook: bool,
    /// The version that the caller has seen; the call is refused when the appointment has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentRescheduleInput {
    pub(super) fn wish(self) -> Reschedule {
        Reschedule {
            appointment: named(&self.id),
            starts_at: self.starts_at.map(|at| at.0),
            ends_at: self.ends_at.map(|at| at.0),
            zone: self.zone,
            calendar: self.calendar_id.as_ref().map(named),
            assignee: self.assignee_id.as_ref().map(named),
            overbook: self.overbook,
            expected_version: self.expected_version,
        }
    }
}

/// Another assignee for an appointment at its time.
#[derive(InputObject)]
pub struct AppointmentReassignInput {
    /// The appointment to give.
    id: ID,
    /// The active member of its calendar whose time it takes from now on, and who must be free then.
    assignee_id: ID,
    /// Gives it to them whatever else they have then. Needs `MANAGE_CALENDARS`; the history tells it.
    #[graphql(default)]
    overbook: bool,
    /// The version that the caller has seen; the call is refused when the appointment has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentReassignInput {
    pub(super) fn wish(&self) -> Reassign {
        Reassign {
            appointment: named(&self.id),
            assignee: named(&self.assignee_id),
            overbook: self.overbook,
            expected_version: self.expected_version,
        }
    }
}

/// What became of an appointment.
#[derive(InputObject)]
pub struct AppointmentSetStatusInput {
    /// The appointment.
    id: ID,
    /// What became of it. `CANCELLED` and `INVALID` free its slot; from them back to another one it needs its slot to be
    /// free still.
    status: AppointmentStatus,
    /// Takes up one that was called off whatever its assignee has meanwhile. Needs `MANAGE_CALENDARS`; the history tells
    /// it.
    #[graphql(default)]
    overbook: bool,
    /// The version that the caller has seen; the call is refused when the appointment has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentSetStatusInput {
    pub(super) fn wish(&self) -> SetStatus {
        SetStatus {
            appointment: named(&self.id),
            status: self.status.into(),
            overbook: self.overbook,
            expected_version: self.expected_version,
        }
    }
}

/// An appointment to call off.
#[derive(InputObject)]
pub struct AppointmentCancelInput {
    /// The appointment; its slot is free afterwards.
    id: ID,
    /// The version that the caller has seen; the call is refused when the appointment has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentCancelInput {
    pub(super) fn wish(&self) -> SetStatus {
        SetStatus {
            appointment: named(&self.id),
            status: AppointmentStatus::Cancelled.into(),
            overbook: false,
            expected_version: self.expected_version,
        }
    }
}

/// Changes of an appointment's own fields. A field that is left out stays as it is, null empties it. Time, calendar,
/// assignee and status are changed by mutations of their own; the contact never changes.
#[derive(InputObject)]
pub struct AppointmentUpdateInput {
    /// The appointment to change.
    id: ID,
    /// What it is about, at most 200 characters.
    title: MaybeUndefined<String>,
    /// Where it takes place, at most 200 characters.
    location: MaybeUndefined<String>,
    /// More about it, at most 5,000 characters on several lines.
    description: MaybeUndefined<String>,
    /// Everybody who takes part beside the assignee, at most 50 active users: whoever is not named takes part no more.
    attendee_ids: MaybeUndefined<Vec<ID>>,
    /// The version that the caller has seen; the call is refused when the appointment has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentUpdateInput {
    pub(super) fn appointment(&self) -> AppointmentId {
        named(&self.id)
    }

    pub(super) fn wish(self) -> Result<UpdateAppointment> {
        let attendees = match patch(self.attendee_ids, |ids| people(&ids, "attendeeIds")) {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(people) => Patch::Set(people?),
        };
        Ok(UpdateAppointment {
            appointment: named(&self.id),
            title: plain(self.title),
            location: plain(self.location),
            description: plain(self.description),
            attendees,
            expected_version: self.expected_version,
        })
    }
}

/// An appointment to delete.
#[derive(InputObject)]
pub struct AppointmentDeleteInput {
    /// The appointment; its slot is free afterwards.
    id: ID,
    /// The version that the caller has seen; the call is refused when the appointment has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentDeleteInput {
    pub(super) fn wish(&self) -> DeleteAppointment {
        DeleteAppointment { appointment: named(&self.id), expected_version: self.expected_version }
    }
}

/// A deleted appointment to bring back.
#[derive(InputObject)]
pub struct AppointmentRestoreInput {
    /// The appointment, which was deleted less than 60 days ago and by itself: one that went with its contact comes back
    /// with it.
    id: ID,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl AppointmentRestoreInput {
    pub(super) fn wish(&self) -> RestoreAppointment {
        RestoreAppointment { appointment: named(&self.id) }
    }
}
