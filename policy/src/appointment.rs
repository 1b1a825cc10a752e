//! The rules of appointments (C3, C4, C7).

use std::sync::LazyLock;

use entity::AppointmentId;

use crate::Action::{ChangeCalendar, Delete, Edit, Overbook, Restore, View};
use crate::Permission::{ManageAppointments, ManageCalendars, ViewCalendars};
use crate::Relation::{Follower, Owner};
use crate::Tie::{Assignee, Attendee, Member};
use crate::rule::permit;
use crate::{Resource, Rule, Tied, TiedColumns};

/// An appointment.
#[derive(Debug)]
pub struct Appointment;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        // C3; a follower of an opportunity alone is named by no line.
        permit("appointment.view.unrestricted").to(&[View]).holding(ViewCalendars).unrestricted(),
        permit("appointment.view.person").to(&[View]).holding(ViewCalendars).tied_as(&[Assignee, Attendee]),
        permit("appointment.view.contact")
            .to(&[View])
            .holding(ViewCalendars)
            .contact_related_as(&[Owner, Follower])
            .contact_passes(View),
        // C4: calendar access, or one's own.
        permit("appointment.manage.unrestricted")
            .to(&[Edit, Delete, Restore])
            .passing(View)
            .holding(ManageAppointments)
            .unrestricted(),
        permit("appointment.manage.tied")
            .to(&[Edit, Delete, Restore])
            .passing(View)
            .holding(ManageAppointments)
            .tied_as(&[Member, Assignee]),
        // C4: out of a calendar only with access to it; into one as booking there.
        permit("appointment.change_calendar.unrestricted").to(&[ChangeCalendar]).passing(Edit).unrestricted(),
        permit("appointment.change_calendar.member").to(&[ChangeCalendar]).passing(Edit).tied_as(&[Member]),
        // C7
        permit("appointment.overbook").to(&[Overbook]).passing(Edit).holding(ManageCalendars),
    ]
});

impl Resource for Appointment {
    const NAME: &'static str = "appointment";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}

impl Tied for Appointment {
    type Id = AppointmentId;
    const COLUMNS: TiedColumns = TiedColumns {
        calendar: Some("calendar_id"),
        assignee: Some("assignee_id"),
        attendees: Some("appointment_attendee"),
        contact: Some("contact_id"),
        ..TiedColumns::of("appointment")
    };
}
