//! What is done to appointments, at the door of the domain (C2, C4, C5, C7, R4, R6, O7).

mod booking;
mod choosing;
mod deleting;
mod editing;
mod giving;
mod moving;
mod standing;

use entity::appointment::{self, Status};
use entity::{AppointmentId, Timestamp, UserId};
use retinue::domain::appointment::{
    self as acts, Book, Booked, DeleteAppointment, Reassign, Reschedule, RestoreAppointment, Restored,
    SetStatus, UpdateAppointment,
};
use retinue::domain::calendar::diary::Span;
use retinue::domain::error::{RefusalKind, Result, SlotProblem};
use retinue::domain::patch::Patch;
use retinue::domain::unit_of_work::Committed;

use crate::world::{Acts, Appointment, Calendar, Contact};

/// The refusals of a time.
pub const TAKEN: RefusalKind = RefusalKind::SlotUnavailable { reason: SlotProblem::Taken };
pub const NO_SLOT: RefusalKind = RefusalKind::SlotUnavailable { reason: SlotProblem::NoSlot };
pub const TOO_SOON: RefusalKind = RefusalKind::SlotUnavailable { reason: SlotProblem::TooSoon };

/// The wish for a slot of a calendar, everything else left out.
pub fn slot(calendar: &Calendar, contact: &Contact, time: Span) -> Book {
    Book::new(calendar.id, contact.id, time.from)
}

/// The wish to move, everything left out.
pub fn same(appointment: AppointmentId) -> Reschedule {
    Reschedule {
        appointment,
        starts_at: None,
        ends_at: None,
        zone: None,
        calendar: None,
        assignee: None,
        overbook: false,
        expected_version: None,
    }
}

/// The wish to edit, everything left out.
pub fn unedited(appointment: AppointmentId) -> UpdateAppointment {
    UpdateAppointment {
        appointment,
        title: Patch::Keep,
        location: Patch::Keep,
        description: Patch::Keep,
        attendees: Patch::Keep,
        expected_version: None,
    }
}

/// The wish to give.
pub const fn given(appointment: AppointmentId, assignee: UserId) -> Reassign {
    Reassign { appointment, assignee, overbook: false, expected_version: None }
}

/// The wish to say what became of it.
pub const fn became(appointment: AppointmentId, status: Status) -> SetStatus {
    SetStatus { appointment, status, overbook: false, expected_version: None }
}

/// What people do to appointments.
pub trait Keeps: Acts {
    async fn books(&self, wish: Book) -> Result<Booked> {
        acts::book(&self.access().await, &wish).await
    }

    async fn reschedules(&self, wish: Reschedule) -> Result<Committed> {
        acts::reschedule(&self.access().await, &wish).await
    }

    async fn reassigns(&self, wish: Reassign) -> Result<Committed> {
        acts::reassign(&self.access().await, &wish).await
    }

    async fn says(&self, wish: SetStatus) -> Result<Committed> {
        acts::set_status(&self.access().await, &wish).await
    }

    async fn edits(&self, wish: UpdateAppointment) -> Result<Committed> {
        acts::update(&self.access().await, &wish).await
    }

    async fn deletes_appointment(&self, appointment: &Appointment) -> Result<Committed> {
        let wish = DeleteAppointment { appointment: appointment.id, expected_version: None };
        acts::delete(&self.access().await, &wish).await
    }

    async fn restores_appointment(&self, appointment: &Appointment) -> Result<Restored> {
        let wish = RestoreAppointment { appointment: appointment.id };
        acts::restore(&self.access().await, &wish).await
    }
}

impl<T: Acts> Keeps for T {}

/// The time of an appointment, and for how long it takes its assignee.
pub fn times(row: &appointment::Model) -> (Span, Span) {
    (Span { from: row.starts_at, until: row.ends_at }, Span { from: row.busy_from, until: row.busy_until })
}

/// An instant that lies some minutes after another.
pub const fn minutes_after(at: Timestamp, minutes: i64) -> Timestamp {
    Timestamp(at.0 + minutes * 60_000_000)
}
