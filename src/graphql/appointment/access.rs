//! What the viewer may do to an appointment, and why not (A10).

use async_graphql::Object;
use policy::Action;

use super::Appointment;
use crate::graphql::viewer_access::AccessDecision;

/// What the viewer may do to an appointment.
#[derive(Clone, Debug)]
pub struct AppointmentAccess(Appointment);

impl From<Appointment> for AppointmentAccess {
    fn from(appointment: Appointment) -> Self {
        Self(appointment)
    }
}

/// What the viewer may do to an appointment at this moment, and why not. It is true exactly when the mutation would pass
/// authorization. All of it but looking needs `MANAGE_APPOINTMENTS`, and access to the calendar or to be the assignee.
#[Object]
impl AppointmentAccess {
    /// Change what it is about, where it is and who attends it.
    async fn edit(&self) -> AccessDecision {
        self.0.decide(Action::Edit).into()
    }

    /// Move it to another time in its calendar.
    async fn reschedule(&self) -> AccessDecision {
        self.0.decide(Action::Edit).into()
    }

    /// Give it to another member of its calendar.
    async fn reassign(&self) -> AccessDecision {
        self.0.decide(Action::Edit).into()
    }

    /// Say what became of it: confirmed, kept, missed, called off.
    async fn change_status(&self) -> AccessDecision {
        self.0.decide(Action::Edit).into()
    }

    /// Delete it, and restore it within 60 days.
    async fn delete(&self) -> AccessDecision {
        self.0.decide(Action::Delete).into()
    }

    /// Move it out of its calendar, into another one to which the viewer has access too. An assignee without access to
    /// the calendar may not.
    async fn change_calendar(&self) -> AccessDecision {
        self.0.decide(Action::ChangeCalendar).into()
    }

    /// Set its time against the calendar and whatever else its assignee has. It needs `MANAGE_CALENDARS` too.
    async fn overbook(&self) -> AccessDecision {
        self.0.decide(Action::Overbook).into()
    }
}
