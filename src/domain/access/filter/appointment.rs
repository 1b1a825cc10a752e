//! Which appointments.

use entity::{CalendarGroupId, CalendarId, ContactId, Timestamp, UserId, appointment};
use policy::Action;
use sea_orm::sea_query::{Cond, Expr, Query};
use sea_orm::{ActiveEnum, ExprTrait};

use super::contact::ContactFilter;
use super::its_contact::ItsContact;
use super::people::PersonFilter;
use super::truth::Truth;
use super::values::TimeFilter;
use crate::domain::access::{Access, search};
use crate::domain::appointment::LONGEST_HOURS;
use crate::domain::search::Search;

/// How long an appointment is at most, in microseconds. Whatever takes time after an instant begins less than that before
/// it.
const LONGEST: i64 = LONGEST_HOURS * 60 * 60 * 1_000_000;

/// Which appointments. Everything that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct AppointmentFilter {
    /// All of these.
    pub and: Option<Vec<AppointmentFilter>>,
    /// At least one of these.
    pub or: Option<Vec<AppointmentFilter>>,
    /// Not this.
    pub not: Option<Box<AppointmentFilter>>,
    /// Every word of it begins a word of the title or the place, or of the contact as far as that shows.
    pub search: Option<Search>,
    /// Takes some of this time.
    pub range: Option<TimeRange>,
    /// In one of these calendars; answers nothing for those to which the viewer has no access (C9).
    pub calendars: Option<Vec<CalendarId>>,
    /// In a calendar of one of these groups; answers nothing for calendars to which the viewer has no access (C9).
    pub groups: Option<Vec<CalendarGroupId>>,
    /// By assignee.
    pub assignee: Option<PersonFilter>,
    /// By attendee.
    pub attendees: Option<PersonFilter>,
    /// With one of these contacts; answers nothing for those that are hidden (A8).
    pub contacts: Option<Vec<ContactId>>,
    /// With such a contact; of one that is hidden, all but the display name counts as absent (A8).
    pub of_contact: Option<Box<ContactFilter>>,
    /// With one of these.
    pub statuses: Option<Vec<appointment::Status>>,
    /// Whether its time was set against the calendar (C7).
    pub overbooked: Option<bool>,
    /// By when it begins.
    pub starts: Option<TimeFilter>,
    /// By when it was booked.
    pub created: Option<TimeFilter>,
    /// By when it last changed.
    pub updated: Option<TimeFilter>,
}

/// A time from one instant up to another, which is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct TimeRange {
    /// From here.
    pub from: Option<Timestamp>,
    /// Up to here.
    pub until: Option<Timestamp>,
}

impl TimeRange {
    /// When something begins at the earliest that takes some of it.
    fn begins_after(self) -> Option<Timestamp> {
        self.from.map(|from| Timestamp(from.0.saturating_sub(LONGEST)))
    }
}

impl AppointmentFilter {
    /// The condition on the table of appointments. It is true or false for every row, never unknown.
    pub(in crate::domain::access) fn condition(&self, access: &Access) -> Cond {
        self.truth(access).into_condition()
    }

    /// What every appointment that passes is found by, for a query that is best driven by it.
    pub(in crate::domain::access) fn searches(&self) -> Vec<&Search> {
        let deeper = self.and.iter().flatten().flat_map(Self::searches);
        self.search.iter().chain(deeper).collect()
    }

    /// Conditions on `starts`, the column of the beginning, that every appointment that passes fulfils.
    pub(in crate::domain::access) fn bounds(&self, starts: &Expr) -> Vec<Expr> {
        let range = self.range.unwrap_or_default();
        let filter = self.starts.unwrap_or_default();
        let own = [
            range.begins_after().map(|after| starts.clone().gt(after)),
            range.until.map(|until| starts.clone().lt(until)),
            filter.from.map(|from| starts.clone().gte(from)),
            filter.before.map(|before| starts.clone().lt(before)),
        ];
        let deeper = self.and.iter().flatten().flat_map(|filter| filter.bounds(starts));
        own.into_iter().flatten().chain(deeper).collect()
    }

    fn truth(&self, access: &Access) -> Truth {
        let deeper = |filter: &Self| filter.truth(access);
        Truth::all(
            [
                self.and.as_ref().map(|all| Truth::all(all.iter().map(deeper))),
                self.or.as_ref().map(|any| Truth::any(any.iter().map(deeper))),
                self.not.as_ref().map(|not| deeper(not).not()),
                self.search.as_ref().map(|search| search::in_appointment(access, search)),
                self.range.map(TimeRange::truth),
                self.calendars.as_ref().map(|ids| is_in(access, ids)),
                self.groups.as_ref().map(|ids| is_in_a_group(access, ids)),
                self.assignee.as_ref().map(|person| person.of_assignee(access)),
                self.attendees.as_ref().map(|person| person.of_attendees(access)),
                self.contacts.as_ref().map(|contacts| its_contact(access).is_among(contacts)),
                self.of_contact.as_ref().map(|contact| its_contact(access).passes(contact)),
                Some(self.own_fields()),
            ]
            .into_iter()
            .flatten(),
        )
    }

    fn own_fields(&self) -> Truth {
        let statuses = self.statuses.as_ref().map(|statuses| match statuses.is_empty() {
            true => Truth::Never,
            false => Truth::when(column("status").is_in(statuses.iter().map(ActiveEnum::to_value))),
        });
        let overbooked = self.overbooked.map(|wanted| Truth::when(column("overbooked").eq(wanted)));
        let times = [("starts_at", self.starts), ("created_at", self.created), ("updated_at", self.updated)];
        let times = times.into_iter().filter_map(|(name, filter)| Some(filter?.of_column(&column(name))));
        Truth::all(statuses.into_iter().chain(overbooked).chain(times))
    }
}

impl TimeRange {
    fn truth(self) -> Truth {
        Truth::all(
            [
                // The second one says no more than the first, but of the column that has the index.
                self.from.map(|from| column("ends_at").gt(from)),
                self.begins_after().map(|after| column("starts_at").gt(after)),
                self.until.map(|until| column("starts_at").lt(until)),
            ]
            .into_iter()
            .flatten()
            .map(Truth::when),
        )
    }
}

impl PersonFilter {
    /// Over the assignee of an appointment: there is always one.
    fn of_assignee(&self, access: &Access) -> Truth {
        let is = |users: &[UserId]| match users {
            [] => Truth::Never,
            [user] => Truth::when(column("assignee_id").eq(*user)),
            users => Truth::when(column("assignee_id").is_in(users.iter().copied())),
        };
        self.over(access, is, || Truth::Always)
    }

    /// Over the attendees of an appointment.
    fn of_attendees(&self, access: &Access) -> Truth {
        self.over(access, |users| attends(Some(users)), || attends(None))
    }
}

/// Whether one of these users, or anybody, attends the appointment.
fn attends(users: Option<&[UserId]>) -> Truth {
    let user = || Expr::col(("attends", "user_id"));
    let mut select = Query::select();
    select
        .expr(Expr::value(1))
        .from_as("appointment_attendee", "attends")
        .and_where(Expr::col(("attends", "appointment_id")).equals(("appointment", "id")));
    match users {
        None => {}
        Some([]) => return Truth::Never,
        Some([one]) => {
            select.and_where(user().eq(*one));
        }
        Some(users) => {
            select.and_where(user().is_in(users.iter().copied()));
        }
    }
    Truth::when(Expr::exists(select))
}

/// In one of these calendars, to which the viewer has access.
fn is_in(access: &Access, calendars: &[CalendarId]) -> Truth {
    if calendars.is_empty() {
        return Truth::Never;
    }
    let among = Truth::when(column("calendar_id").is_in(calendars.iter().copied()));
    Truth::all([among, calendar_passing(access, Truth::Always)])
}

/// In a calendar of one of these groups, to which the viewer has access.
fn is_in_a_group(access: &Access, groups: &[CalendarGroupId]) -> Truth {
    if groups.is_empty() {
        return Truth::Never;
    }
    // A calendar may be in no group, and then it is in none of these.
    let group = Expr::col(("calendar", "group_id"));
    let among = group.clone().is_in(groups.iter().copied());
    calendar_passing(access, Truth::when_there_is(&group, among))
}

/// Whether the viewer has access to the appointment's calendar, deleted or not, and it passes.
fn calendar_passing(access: &Access, passes: Truth) -> Truth {
    let access_to_it = policy::tied_filter::<policy::Calendar>(access.actor(), Action::View, access.now());
    if access_to_it.is_empty() && matches!(passes, Truth::Always) {
        return Truth::Always;
    }
    Truth::when(Expr::exists(
        Query::select()
            .expr(Expr::value(1))
            .from("calendar")
            .and_where(Expr::col(("calendar", "id")).equals(("appointment", "calendar_id")))
            .cond_where(access_to_it)
            .cond_where(passes.into_condition())
            .take(),
    ))
}

/// The contact of the appointment in question.
pub(in crate::domain::access) fn its_contact(access: &Access) -> ItsContact<'_> {
    ItsContact { access, table: "appointment", one_by_one: access.finds_appointments_by_ways() }
}

fn column(name: &'static str) -> Expr {
    Expr::col(("appointment", name))
}
