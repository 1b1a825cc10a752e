//! Which appointments callers ask for.

use async_graphql::{ID, InputObject};

use super::types::AppointmentStatus;
use crate::domain::access::{AppointmentFilter, TimeRange};
use crate::graphql::contact::ContactFilterInput;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::id::all_required;
use crate::graphql::lists::{Reading, TimeFilterInput, UserFilter, choices};
use crate::graphql::scalars::DateTime;

/// Which appointments a list holds. Everything that is given must hold; an empty filter lets everything pass. At most 8
/// levels deep and 100 parts large.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "AppointmentFilter")]
pub struct AppointmentFilterInput {
    /// All of these must hold as well. An empty list lets everything pass.
    and: Option<Vec<AppointmentFilterInput>>,
    /// At least one of these must hold. An empty list lets nothing pass.
    or: Option<Vec<AppointmentFilterInput>>,
    /// This must not hold.
    not: Option<Box<AppointmentFilterInput>>,
    /// Every word of it begins a word of the title, the place or the contact's name, without regard to case, or, where the
    /// viewer may see the contact, of the contact's company, e-mail addresses and phone numbers. At most 10 words and 200
    /// characters; without any, everything passes.
    search: Option<String>,
    /// Only those that take some of this time: what a day or a week of a calendar shows.
    range: Option<AppointmentRangeInput>,
    /// Only those in one of these calendars; at most 100. None pass of a calendar to which the viewer has no access.
    calendar_ids: Option<Vec<ID>>,
    /// Only those in a calendar of one of these groups; at most 100. None pass of a calendar to which the viewer has no
    /// access.
    group_ids: Option<Vec<ID>>,
    /// By whose time they take. There is always somebody.
    assignee: Option<UserFilter>,
    /// By who takes part beside the assignee.
    attendees: Option<UserFilter>,
    /// Only those with one of these contacts; at most 100. None pass of a contact that the viewer may not see.
    contact_ids: Option<Vec<ID>>,
    /// By their contact. One that the viewer may not see has a name and nothing else here: `isNull` and `not` hold of
    /// everything about it.
    contact: Option<Box<ContactFilterInput>>,
    /// Only those that stand in one of these ways.
    statuses: Option<Vec<AppointmentStatus>>,
    /// True for those whose time was set against the calendar or whatever else the assignee has, false for all others.
    overbooked: Option<bool>,
    /// By when they begin.
    starts_at: Option<TimeFilterInput>,
    /// By when they were booked.
    created_at: Option<TimeFilterInput>,
    /// By when they themselves last changed.
    updated_at: Option<TimeFilterInput>,
}

/// A time. At least one end must be given; without the other it goes on.
#[derive(InputObject, Clone, Copy, Debug)]
#[graphql(name = "AppointmentRange")]
pub struct AppointmentRangeInput {
    /// Where it begins. What ends at this instant is over by then and does not count.
    from: Option<DateTime>,
    /// Where it ends. What begins at this instant does not count.
    until: Option<DateTime>,
}

impl AppointmentFilterInput {
    /// The filter of the domain.
    ///
    /// # Errors
    /// Bad input; forbidden, when a part of it needs a permission that the viewer lacks.
    pub fn decode(self, viewpoint: &Viewpoint) -> Result<AppointmentFilter, Failure> {
        self.read(&Reading::new(viewpoint))
    }

    /// The same as a part of a larger filter.
    ///
    /// # Errors
    /// As [`AppointmentFilterInput::decode`].
    pub fn read(self, reading: &Reading<'_>) -> Result<AppointmentFilter, Failure> {
        reading.part(|reading| self.fields(reading))
    }

    fn fields(self, reading: &Reading<'_>) -> Result<AppointmentFilter, Failure> {
        let calendars = choices(self.calendar_ids, "calendarIds")?;
        let groups = choices(self.group_ids, "groupIds")?;
        let contacts = choices(self.contact_ids, "contactIds")?;
        let statuses = choices(self.statuses, "statuses")?;
        Ok(AppointmentFilter {
            and: reading.parts(self.and, Self::read)?,
            or: reading.parts(self.or, Self::read)?,
            not: self.not.map(|not| not.read(reading).map(Box::new)).transpose()?,
            search: reading.search(self.search)?,
            range: self.range.map(AppointmentRangeInput::decode).transpose()?,
            calendars: calendars.map(|ids| all_required(&ids, "calendarIds")).transpose()?,
            groups: groups.map(|ids| all_required(&ids, "groupIds")).transpose()?,
            assignee: self.assignee.map(UserFilter::decode).transpose()?,
            attendees: self.attendees.map(UserFilter::decode).transpose()?,
            contacts: contacts.map(|ids| all_required(&ids, "contactIds")).transpose()?,
            of_contact: reading.relation(self.contact, ContactFilterInput::read)?,
            statuses: statuses.map(|all| all.into_iter().map(Into::into).collect()),
            overbooked: self.overbooked,
            starts: self.starts_at.map(Into::into),
            created: self.created_at.map(Into::into),
            updated: self.updated_at.map(Into::into),
        })
    }
}

impl AppointmentRangeInput {
    fn decode(self) -> Result<TimeRange, Failure> {
        let (from, until) = (self.from.map(|at| at.0), self.until.map(|at| at.0));
        match (from, until) {
            (None, None) => Err(Failure::bad_input("`range` takes `from`, `until`, or both")),
            (Some(from), Some(until)) if until <= from => {
                Err(Failure::bad_input("`range.until` must be later than `range.from`"))
            }
            _ => Ok(TimeRange { from, until }),
        }
    }
}
