//! A blocked slot.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{BlockedSlotId, CalendarId, UserId, blocked_slot};

use super::access::BlockedSlotAccess;
use super::types::Calendar;
use crate::domain::access::SeenBlockedSlot;
use crate::domain::page::Page;
use crate::graphql::answer::Answer;
use crate::graphql::connection::Listed;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;

/// A blocked slot, one of the siblings of a page.
#[derive(Clone, Debug)]
pub struct BlockedSlot {
    seen: Arc<SeenBlockedSlot>,
    siblings: Arc<Siblings>,
}

#[derive(Debug)]
struct Siblings {
    viewpoint: Arc<Viewpoint>,
    people: Vec<UserId>,
    calendar_ids: Vec<CalendarId>,
    users: Once<HashMap<UserId, User>>,
    calendars: Once<HashMap<CalendarId, Calendar>>,
}

impl Siblings {
    fn new<'a>(
        viewpoint: &Arc<Viewpoint>,
        rows: impl Iterator<Item = &'a blocked_slot::Model> + Clone,
    ) -> Self {
        let people = rows.clone().flat_map(|row| [row.user_id, row.created_by]);
        Self {
            viewpoint: Arc::clone(viewpoint),
            people: distinct(people.flatten()),
            calendar_ids: distinct(rows.filter_map(|row| row.calendar_id)),
            users: Once::default(),
            calendars: Once::default(),
        }
    }
}

impl Listed for BlockedSlot {
    const NAME: &'static str = "BlockedSlot";
}

impl BlockedSlot {
    /// The blocked slots of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<SeenBlockedSlot>) -> Page<Self> {
        let rows = page.items.iter().map(|(_, seen)| &seen.row);
        let siblings = Arc::new(Siblings::new(viewpoint, rows));
        page.map(|seen| Self { seen: Arc::new(seen), siblings: Arc::clone(&siblings) })
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[BlockedSlotId],
    ) -> Result<HashMap<BlockedSlotId, Self>, Failure> {
        let found = viewpoint.access().find_blocked_slots(ids).await?;
        let siblings = Arc::new(Siblings::new(viewpoint, found.values().map(|seen| &seen.row)));
        let object = |seen| Self { seen: Arc::new(seen), siblings: Arc::clone(&siblings) };
        Ok(found.into_iter().map(|(id, seen)| (id, object(seen))).collect())
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: BlockedSlotId) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    fn row(&self) -> &blocked_slot::Model {
        &self.seen.row
    }

    async fn person(&self, id: Option<UserId>) -> Result<Option<User>, Failure> {
        let siblings = &self.siblings;
        let users = siblings.users.get(User::all(&siblings.viewpoint, &siblings.people)).await?;
        Ok(id.and_then(|id| users.get(&id).cloned()))
    }

    async fn its_calendar(&self) -> Result<Option<Calendar>, Failure> {
        let siblings = &self.siblings;
        let load = Calendar::all(&siblings.viewpoint, &siblings.calendar_ids);
        let calendars = siblings.calendars.get(load).await?;
        Ok(self.row().calendar_id.and_then(|id| calendars.get(&id).cloned()))
    }
}

/// A time in which a person, or everybody in one calendar, cannot be booked. It leaves appointments alone that are there
/// already. Seeing it needs `VIEW_CALENDARS`, and for a restricted user also that the time is theirs or the calendar one
/// that they are a member of.
#[Object]
impl BlockedSlot {
    /// The global id, `blockedslot_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row().id.into()
    }

    /// Who cannot be booked, in any calendar. Null when it blocks a calendar.
    async fn user(&self) -> Answer<User> {
        Answer::of(self.person(self.row().user_id)).await
    }

    /// The calendar in which nobody can be booked. Null when it blocks a person.
    async fn calendar(&self) -> Answer<Calendar> {
        Answer::of(self.its_calendar()).await
    }

    /// When it begins.
    async fn starts_at(&self) -> DateTime {
        self.row().starts_at.into()
    }

    /// When it ends; this instant can be booked again.
    async fn ends_at(&self) -> DateTime {
        self.row().ends_at.into()
    }

    /// The IANA time zone that it was meant in: show it by its clocks.
    async fn zone(&self) -> &str {
        &self.row().zone
    }

    /// What it is for, such as `Holiday`. Null when nothing is said.
    async fn title(&self) -> Option<&str> {
        self.row().title.as_deref()
    }

    /// Who made it. Null when the command line did.
    async fn created_by(&self) -> Answer<User> {
        Answer::of(self.person(self.row().created_by)).await
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.row().created_at.into()
    }

    /// What the viewer may do to it at this moment, and why not.
    async fn viewer_access(&self) -> BlockedSlotAccess {
        BlockedSlotAccess::new(self.siblings.viewpoint.access(), self.seen.ties)
    }
}
