//! An appointment.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use entity::{AppointmentId, Timestamp, appointment};
use policy::{Action, Decision};

use super::AppointmentAccess;
use super::siblings::Siblings;
use crate::domain::access::SeenAppointment;
use crate::domain::page::Page;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::calendar::Calendar;
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::DateTime;
use crate::graphql::user::User;

/// What became of an appointment.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::appointment::Status")]
pub enum AppointmentStatus {
    /// Booked, and not confirmed yet.
    New,
    /// Confirmed, by hand or because the calendar confirms by itself.
    Confirmed,
    /// The contact came.
    Showed,
    /// The contact did not come.
    NoShow,
    /// It was called off. Its slot is free.
    Cancelled,
    /// It was booked by mistake. Its slot is free.
    Invalid,
}

/// An appointment, as the viewer sees it, one of the siblings of a page.
#[derive(Clone)]
pub struct Appointment {
    pub(super) seen: Arc<SeenAppointment>,
    pub(super) siblings: Arc<Siblings>,
}

impl fmt::Debug for Appointment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Appointment({})", self.seen.row.id)
    }
}

impl Listed for Appointment {
    const NAME: &'static str = "Appointment";
}

impl Appointment {
    /// The name of lists of appointments in cursors.
    pub const LIST: &'static str = "appointments";

    /// The appointments of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<SeenAppointment>) -> Page<Self> {
        let mut family = Self::families(viewpoint, HashMap::from([((), page)]));
        family.remove(&()).unwrap_or_else(Page::empty)
    }

    /// The appointments of several contacts, calendars or people, all of them siblings of one another.
    pub fn families<P: Eq + Hash>(
        viewpoint: &Arc<Viewpoint>,
        pages: HashMap<P, Page<SeenAppointment>>,
    ) -> HashMap<P, Page<Self>> {
        let pages: HashMap<P, Page<Arc<SeenAppointment>>> =
            pages.into_iter().map(|(parent, page)| (parent, page.map(Arc::new))).collect();
        let all = pages.values().flat_map(|page| page.items.iter().map(|(_, seen)| Arc::clone(seen)));
        let siblings = Arc::new(Siblings::new(viewpoint, all.collect()));
        let object = |seen| Self { seen, siblings: Arc::clone(&siblings) };
        pages.into_iter().map(|(parent, page)| (parent, page.map(object))).collect()
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: AppointmentId) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    /// The visible ones among these, siblings of one another, in one statement.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[AppointmentId],
    ) -> Result<HashMap<AppointmentId, Self>, Failure> {
        let found = viewpoint.access().find_appointments(ids).await?;
        let found: Vec<Arc<SeenAppointment>> = found.into_values().map(Arc::new).collect();
        let siblings = Arc::new(Siblings::new(viewpoint, found.clone()));
        let object =
            |seen: Arc<SeenAppointment>| (seen.row.id, Self { seen, siblings: Arc::clone(&siblings) });
        Ok(found.into_iter().map(object).collect())
    }

    pub(super) fn row(&self) -> &appointment::Model {
        &self.seen.row
    }

    pub(super) fn decide(&self, action: Action) -> Decision {
        self.siblings.viewpoint.access().decide_appointment(&self.seen, action)
    }
}

/// A time that somebody gives to a contact, in a calendar. Seeing it needs `VIEW_CALENDARS`, and for a restricted user also
/// to be its assignee or an attendee, or to own or follow its contact and be able to see it. Being a member of the calendar
/// shows nothing, nor does following an opportunity of the contact.
#[Object]
impl Appointment {
    /// The global id, `appointment_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row().id.into()
    }

    /// The calendar that it is in. Null when the viewer has no access to the calendar, and when it was deleted:
    /// `calendarName` still says what it is called.
    async fn calendar(&self) -> Answer<Calendar> {
        Answer::of(self.its_calendar()).await
    }

    /// What the calendar is called that it is in, shown also to those who have no access to the calendar, and after the
    /// calendar was deleted.
    async fn calendar_name(&self) -> Answer<String> {
        Answer::of(self.its_calendar_name()).await
    }

    /// The contact whom it is with, for good. Null when the viewer may not see the contact: `contactName` still says what
    /// it is called.
    async fn contact(&self) -> Answer<Contact> {
        Answer::of(self.its_contact()).await
    }

    /// What the contact is called: its name parts, else its company, else `Unnamed contact`. It is all that is shown of a
    /// contact that the viewer may not see.
    async fn contact_name(&self) -> Answer<String> {
        Answer::of(self.its_contact_name()).await
    }

    /// Whose time it takes. They were a member of the calendar when it was booked or given to them, and may have left
    /// since.
    async fn assignee(&self) -> Answer<User> {
        Answer::of(self.person(Some(self.row().assignee_id))).await
    }

    /// Who takes part beside the assignee. Their time is not taken: they may have others at the same time.
    async fn attendees(&self) -> Answer<Vec<User>> {
        Answer::of(self.its_attendees()).await
    }

    /// What it is about. Null when nobody said.
    async fn title(&self) -> Option<&str> {
        self.row().title.as_deref()
    }

    /// Where it takes place: an address, a room, a link. Null when nobody said.
    async fn location(&self) -> Option<&str> {
        self.row().location.as_deref()
    }

    /// More of what it is about. Null when nobody said.
    async fn description(&self) -> Option<&str> {
        self.row().description.as_deref()
    }

    /// What became of it.
    async fn status(&self) -> AppointmentStatus {
        self.row().status.into()
    }

    /// When it begins.
    async fn starts_at(&self) -> DateTime {
        self.row().starts_at.into()
    }

    /// When it ends, which is at most 24 hours later. This instant is not in it any more.
    async fn ends_at(&self) -> DateTime {
        self.row().ends_at.into()
    }

    /// The IANA time zone that it was booked in, such as `Europe/Berlin`.
    async fn zone(&self) -> &str {
        &self.row().zone
    }

    /// When it begins by the clocks of its own `zone`, with their offset: `2026-03-01T10:30:00+01:00`.
    async fn local_start(&self) -> Answer<String> {
        self.by_the_clocks(self.row().starts_at).into()
    }

    /// When it ends by the clocks of its own `zone`, with their offset. The offset is another one than that of
    /// `localStart` where the clocks change in between.
    async fn local_end(&self) -> Answer<String> {
        self.by_the_clocks(self.row().ends_at).into()
    }

    /// Whether its time was set against the calendar or whatever else its assignee has, which needs `MANAGE_CALENDARS`.
    async fn overbooked(&self) -> bool {
        self.row().overbooked
    }

    /// Who booked it. Null for the command line.
    async fn booked_by(&self) -> Answer<User> {
        Answer::of(self.person(self.row().booked_by)).await
    }

    /// The history of the appointment, newest first. The history of its contact holds the same entries.
    async fn activity(
        &self,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
    ) -> Answer<Connection<Activity>> {
        Answer::of(self.its_activity(Paging { first, after, last, before })).await
    }

    /// What the viewer may do to it at this moment, and why not.
    async fn viewer_access(&self) -> AppointmentAccess {
        self.clone().into()
    }

    /// Raised by every change of the appointment itself. Give it as `expectedVersion` to be refused when somebody else was
    /// faster.
    async fn version(&self) -> i64 {
        self.row().version
    }

    /// When it was booked.
    async fn created_at(&self) -> DateTime {
        self.row().created_at.into()
    }

    /// When the appointment itself last changed.
    async fn updated_at(&self) -> DateTime {
        self.row().updated_at.into()
    }
}

impl Appointment {
    fn by_the_clocks(&self, at: Timestamp) -> Result<String, Failure> {
        Ok(crate::domain::calendar::zone::by_its_clocks(&self.row().zone, at)?)
    }
}
