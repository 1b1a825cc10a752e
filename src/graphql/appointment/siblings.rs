//! What the appointments of one page share, and how it is loaded.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use entity::{AppointmentId, CalendarId, ContactId, UserId};

use super::Appointment;
use crate::domain::access::{Count, Family, SeenAppointment};
use crate::domain::contact::UNNAMED;
use crate::domain::page::{Page, Window};
use crate::graphql::activity::Activity;
use crate::graphql::calendar::Calendar;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::siblings::{ByArguments, Once, distinct};
use crate::graphql::user::User;

/// The name of the history in cursors.
const HISTORY: &str = "activity";

/// What the appointments of one page share.
pub struct Siblings {
    pub(super) viewpoint: Arc<Viewpoint>,
    all: Vec<Arc<SeenAppointment>>,
    attendees: Once<HashMap<AppointmentId, Vec<UserId>>>,
    people: Once<HashMap<UserId, User>>,
    attending: Once<HashMap<UserId, User>>,
    contacts: Once<HashMap<ContactId, Contact>>,
    contact_names: Once<HashMap<ContactId, String>>,
    calendars: Once<HashMap<CalendarId, Calendar>>,
    calendar_names: Once<HashMap<CalendarId, String>>,
    activity: ByArguments<Window, Family<AppointmentId, Activity>>,
    activity_counts: Once<HashMap<AppointmentId, Count>>,
}

impl fmt::Debug for Siblings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Siblings({})", self.all.len())
    }
}

impl Siblings {
    pub(super) fn new(viewpoint: &Arc<Viewpoint>, all: Vec<Arc<SeenAppointment>>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            all,
            attendees: Once::default(),
            people: Once::default(),
            attending: Once::default(),
            contacts: Once::default(),
            contact_names: Once::default(),
            calendars: Once::default(),
            calendar_names: Once::default(),
            activity: ByArguments::default(),
            activity_counts: Once::default(),
        }
    }

    fn ids(&self) -> Vec<AppointmentId> {
        self.all.iter().map(|seen| seen.row.id).collect()
    }

    fn calendar_ids(&self) -> Vec<CalendarId> {
        distinct(self.all.iter().map(|seen| seen.row.calendar_id))
    }

    fn contact_ids(&self) -> Vec<ContactId> {
        distinct(self.all.iter().map(|seen| seen.row.contact_id))
    }
}

impl Appointment {
    pub(super) async fn its_contact(&self) -> Result<Option<Contact>, Failure> {
        let siblings = &self.siblings;
        let load = async { Contact::all(&siblings.viewpoint, &siblings.contact_ids()).await };
        Ok(siblings.contacts.get(load).await?.get(&self.row().contact_id).cloned())
    }

    pub(super) async fn its_contact_name(&self) -> Result<String, Failure> {
        let siblings = &self.siblings;
        let load = async { Ok(siblings.viewpoint.access().contact_names(&siblings.contact_ids()).await?) };
        let names = siblings.contact_names.get(load).await?;
        Ok(names.get(&self.row().contact_id).cloned().unwrap_or_else(|| UNNAMED.to_owned()))
    }

    pub(super) async fn its_calendar(&self) -> Result<Option<Calendar>, Failure> {
        let siblings = &self.siblings;
        let load = async { Calendar::all(&siblings.viewpoint, &siblings.calendar_ids()).await };
        Ok(siblings.calendars.get(load).await?.get(&self.row().calendar_id).cloned())
    }

    pub(super) async fn its_calendar_name(&self) -> Result<Option<String>, Failure> {
        let siblings = &self.siblings;
        let load = async { Ok(siblings.viewpoint.access().calendar_names(&siblings.calendar_ids()).await?) };
        Ok(siblings.calendar_names.get(load).await?.get(&self.row().calendar_id).cloned())
    }

    /// Its assignee, or whoever booked it.
    pub(super) async fn person(&self, user: Option<UserId>) -> Result<Option<User>, Failure> {
        let siblings = &self.siblings;
        let load = async {
            let rows = siblings.all.iter().map(|seen| &seen.row);
            let people = rows.flat_map(|row| [row.assignee_id].into_iter().chain(row.booked_by));
            User::all(&siblings.viewpoint, &distinct(people)).await
        };
        let people = siblings.people.get(load).await?;
        Ok(user.and_then(|user| people.get(&user).cloned()))
    }

    /// Its attendees, by id.
    pub(super) async fn its_attendees(&self) -> Result<Vec<User>, Failure> {
        let siblings = &self.siblings;
        let load = async { Ok(siblings.viewpoint.access().attendees(&siblings.ids()).await?) };
        let attendees = siblings.attendees.get(load).await?;
        let load = async {
            let ids = distinct(attendees.values().flatten().copied());
            User::all(&siblings.viewpoint, &ids).await
        };
        let people = siblings.attending.get(load).await?;
        let its = attendees.get(&self.row().id).map(Vec::as_slice).unwrap_or_default();
        Ok(its.iter().filter_map(|user| people.get(user).cloned()).collect())
    }

    pub(super) async fn its_activity(&self, paging: Paging) -> Result<Connection<Activity>, Failure> {
        let siblings = &self.siblings;
        let window = paging.window(&siblings.viewpoint, HISTORY, siblings.all.len())?;
        let load = async {
            let access = siblings.viewpoint.access();
            let found = access.activity_of_appointments(&siblings.ids(), &window).await?;
            Ok(Activity::families(&siblings.viewpoint, found))
        };
        let pages = siblings.activity.of(window.clone()).get(load).await?;
        let page = pages.get(&self.row().id).cloned().unwrap_or_else(Page::empty);
        let counted = self.clone();
        let counter = move || {
            let counted = counted.clone();
            Box::pin(async move { counted.count_activity().await }) as _
        };
        Ok(Connection::new(&siblings.viewpoint, HISTORY, page, Box::new(counter)))
    }

    async fn count_activity(&self) -> Result<Count, Failure> {
        let siblings = &self.siblings;
        let load =
            async { Ok(siblings.viewpoint.access().count_activity_of_appointments(&siblings.ids()).await?) };
        let counts = siblings.activity_counts.get(load).await?;
        Ok(counts.get(&self.row().id).copied().unwrap_or(Count { value: 0, is_exact: true }))
    }
}
