//! A calendar.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};
use entity::{CalendarGroupId, CalendarId, UserId, calendar, calendar_member};

use super::access::CalendarAccess;
use super::appointments::Appointments;
use super::availability::AvailabilityObject;
use super::free_slot::{FreeSlot, FreeSlots, TimeRangeInput, zone_of};
use super::group::CalendarGroup;
use crate::domain::access::{Count, Family, SeenCalendar};
use crate::domain::calendar::availability::Availability;
use crate::domain::calendar::diary::Span;
use crate::domain::page::{Page, Window};
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::appointment::{Appointment, AppointmentFilterInput, AppointmentSort};
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{ByArguments, Once, distinct};
use crate::graphql::user::User;

/// The name of the history in cursors.
const HISTORY: &str = "activity";

/// How a calendar finds whom it books.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(name = "CalendarKind", remote = "entity::calendar::Kind")]
pub enum Kind {
    /// The calendar of one person: it has at most one member.
    Personal,
    /// Of several members, whoever is free and comes first is booked.
    RoundRobin,
    /// Several contacts share a slot of one member, up to the calendar's `seats`.
    Class,
}

/// A calendar, one of the siblings of a page.
#[derive(Clone, Debug)]
pub struct Calendar {
    seen: Arc<SeenCalendar>,
    pub(super) siblings: Arc<CalendarSiblings>,
}

/// What the calendars of one page share.
#[derive(Debug)]
pub struct CalendarSiblings {
    viewpoint: Arc<Viewpoint>,
    seen: Vec<Arc<SeenCalendar>>,
    groups: Once<HashMap<CalendarGroupId, CalendarGroup>>,
    members: Once<HashMap<CalendarId, Vec<CalendarMember>>>,
    free_slots: ByArguments<Span, FreeSlots>,
    activity: ByArguments<Window, Family<CalendarId, Activity>>,
    activity_counts: Once<HashMap<CalendarId, Count>>,
    pub(super) appointments: Appointments,
}

impl CalendarSiblings {
    fn new(viewpoint: &Arc<Viewpoint>, seen: Vec<Arc<SeenCalendar>>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            seen,
            groups: Once::default(),
            members: Once::default(),
            free_slots: ByArguments::default(),
            activity: ByArguments::default(),
            activity_counts: Once::default(),
            appointments: Appointments::default(),
        }
    }

    /// Through whose eyes they are seen.
    pub(super) const fn viewpoint(&self) -> &Arc<Viewpoint> {
        &self.viewpoint
    }

    /// Their rows.
    pub(super) fn rows(&self) -> Vec<&calendar::Model> {
        self.seen.iter().map(|seen| &seen.row).collect()
    }

    pub(super) fn ids(&self) -> Vec<CalendarId> {
        self.seen.iter().map(|seen| seen.row.id).collect()
    }
}

impl Listed for Calendar {
    const NAME: &'static str = "Calendar";
}

impl Calendar {
    /// The calendars of a page, siblings of one another.
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<SeenCalendar>) -> Page<Self> {
        let mut family = Self::families(viewpoint, HashMap::from([((), page)]));
        family.remove(&()).unwrap_or_else(Page::empty)
    }

    /// The calendars of the pages of several parents, all of them siblings of one another.
    pub fn families<P: Eq + std::hash::Hash>(
        viewpoint: &Arc<Viewpoint>,
        pages: Family<P, SeenCalendar>,
    ) -> Family<P, Self> {
        let pages: HashMap<P, Page<Arc<SeenCalendar>>> =
            pages.into_iter().map(|(parent, page)| (parent, page.map(Arc::new))).collect();
        let seen = pages.values().flat_map(|page| page.items.iter().map(|(_, seen)| Arc::clone(seen)));
        let siblings = Arc::new(CalendarSiblings::new(viewpoint, seen.collect()));
        let object = |seen| Self { seen, siblings: Arc::clone(&siblings) };
        pages.into_iter().map(|(parent, page)| (parent, page.map(object))).collect()
    }

    /// The visible ones among these, siblings of one another, in one statement.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[CalendarId],
    ) -> Result<HashMap<CalendarId, Self>, Failure> {
        let found = viewpoint.access().find_calendars(&distinct(ids.iter().copied())).await?;
        let found: Vec<Arc<SeenCalendar>> = found.into_values().map(Arc::new).collect();
        let siblings = Arc::new(CalendarSiblings::new(viewpoint, found.clone()));
        let object = |seen: Arc<SeenCalendar>| (seen.row.id, Self { seen, siblings: Arc::clone(&siblings) });
        Ok(found.into_iter().map(object).collect())
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: CalendarId) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    pub(super) fn row(&self) -> &calendar::Model {
        &self.seen.row
    }

    async fn its_group(&self) -> Result<Option<CalendarGroup>, Failure> {
        let siblings = &self.siblings;
        let load = async {
            let ids = distinct(siblings.seen.iter().filter_map(|seen| seen.row.group_id));
            CalendarGroup::all(&siblings.viewpoint, &ids).await
        };
        let groups = siblings.groups.get(load).await?;
        Ok(self.row().group_id.and_then(|group| groups.get(&group).cloned()))
    }

    async fn its_members(&self) -> Result<Vec<CalendarMember>, Failure> {
        let siblings = &self.siblings;
        let load = async {
            let rows = siblings.viewpoint.access().calendar_members(&siblings.ids()).await?;
            let ids: Vec<UserId> = rows.values().flatten().map(|member| member.user_id).collect();
            let users = User::all(&siblings.viewpoint, &ids).await?;
            let shown = |members: Vec<calendar_member::Model>| {
                members.iter().map(|member| CalendarMember::of(member, &users)).collect()
            };
            Ok(rows.into_iter().map(|(calendar, members)| (calendar, shown(members))).collect())
        };
        let members = siblings.members.get(load).await?;
        Ok(members.get(&self.row().id).cloned().unwrap_or_default())
    }

    async fn its_free_slots(
        &self,
        range: TimeRangeInput,
        zone: Option<String>,
    ) -> Result<Vec<FreeSlot>, Failure> {
        let range = range.decode_short()?;
        let zone = zone_of(zone.as_deref(), &self.row().zone)?;
        let slots = self.siblings.free_slots.of(range);
        let slots = slots.get(FreeSlots::load(&self.siblings, range)).await?;
        Ok(slots.of(self.row().id, &self.siblings, &zone))
    }

    async fn its_activity(&self, paging: Paging) -> Result<Connection<Activity>, Failure> {
        let siblings = &self.siblings;
        let window = paging.window(&siblings.viewpoint, HISTORY, siblings.seen.len())?;
        let load = async {
            let access = siblings.viewpoint.access();
            let found = access.activity_of_calendars(&siblings.ids(), &window).await?;
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
            async { Ok(siblings.viewpoint.access().count_activity_of_calendars(&siblings.ids()).await?) };
        let counts = siblings.activity_counts.get(load).await?;
        Ok(counts.get(&self.row().id).copied().unwrap_or(Count { value: 0, is_exact: true }))
    }
}

/// What appointments are booked in: when, for how long, and with whom. Seeing it needs `VIEW_CALENDARS`, and for a
/// restricted user also to be a member of it. Seeing a calendar shows none of its appointments: they have rules of their
/// own.
#[Object]
impl Calendar {
    /// The global id, `calendar_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row().id.into()
    }

    /// What it is called. Others may have the same name.
    async fn name(&self) -> &str {
        &self.row().name
    }

    /// What it is for, in the words of whoever arranges it. Null when nothing is said.
    async fn description(&self) -> Option<&str> {
        self.row().description.as_deref()
    }

    /// The group that it is in. Null when it stands alone.
    async fn group(&self) -> Answer<CalendarGroup> {
        Answer::of(self.its_group()).await
    }

    /// How it finds whom it books.
    async fn kind(&self) -> Kind {
        self.row().kind.into()
    }

    /// The IANA time zone in whose clocks its availability is meant, such as `Europe/Berlin`.
    async fn zone(&self) -> &str {
        &self.row().zone
    }

    /// How long a slot is, in minutes: 5 to 1,440.
    async fn slot_minutes(&self) -> i32 {
        self.row().slot_minutes
    }

    /// For how many minutes before an appointment its assignee cannot be booked.
    async fn buffer_before_minutes(&self) -> i32 {
        self.row().buffer_before_minutes
    }

    /// For how many minutes after an appointment its assignee cannot be booked.
    async fn buffer_after_minutes(&self) -> i32 {
        self.row().buffer_after_minutes
    }

    /// How many minutes ahead a slot is booked at the latest.
    async fn minimum_notice_minutes(&self) -> i32 {
        self.row().minimum_notice_minutes
    }

    /// When it is open.
    async fn availability(&self) -> Answer<AvailabilityObject> {
        let read = Availability::read(&self.row().availability);
        read.map(|availability| AvailabilityObject::from(&availability)).map_err(Failure::from).into()
    }

    /// Whether an appointment is `CONFIRMED` as soon as it is booked; otherwise it is `NEW` until somebody confirms it.
    async fn auto_confirm(&self) -> bool {
        self.row().auto_confirm
    }

    /// How many appointments fit into one slot of one member: 1, except in a calendar of the kind `CLASS`.
    async fn seats(&self) -> i32 {
        self.row().seats
    }

    /// Whether booking makes the member who is booked the owner of the contact, where the person who books may change it.
    async fn gives_contact(&self) -> bool {
        self.row().gives_contact
    }

    /// Whether a contact that has an owner keeps that one, even when `givesContact` is on.
    async fn keeps_owner(&self) -> bool {
        self.row().keeps_owner
    }

    /// Who can be booked in it, whoever is booked first in front: at most 100. Members who have left the account stay
    /// listed and are not booked.
    async fn members(&self) -> Answer<Vec<CalendarMember>> {
        Answer::of(self.its_members()).await
    }

    /// The slots that begin in a time and can still be booked, in order. They say when somebody is free, never why somebody
    /// is not: appointments and blocked slots that the viewer does not see are in the way all the same. Over all calendars
    /// of a page, an answer looks at no more than 20,000 slots.
    async fn free_slots(
        &self,
        #[graphql(desc = "The time in which the slots begin: at most 62 days.")] range: TimeRangeInput,
        #[graphql(
            desc = "The IANA time zone in which `day` and `localStart` are told, that of the calendar when left out. It does \
                    not change which slots there are."
        )]
        zone: Option<String>,
    ) -> Answer<Vec<FreeSlot>> {
        Answer::of(self.its_free_slots(range, zone)).await
    }

    /// The appointments in it that the viewer may see, the one that begins first first unless sorted otherwise. A member
    /// need not see any of them. Nested pages of a list of calendars are read together, and may hold at most 20,000 items
    /// over all calendars.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn appointments(
        &self,
        #[graphql(desc = "Only appointments that pass all of it.")] filter: Option<AppointmentFilterInput>,
        #[graphql(desc = "The order; by beginning, the earliest first, when left out.")] sort: Option<
            AppointmentSort,
        >,
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
    ) -> Answer<Connection<Appointment>> {
        Answer::of(self.its_appointments(filter, sort, Paging { first, after, last, before })).await
    }

    /// The history of the calendar itself and of what was blocked in it, newest first. Its appointments have their own.
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
    async fn viewer_access(&self) -> CalendarAccess {
        CalendarAccess::new(self.siblings.viewpoint.access(), self.seen.ties)
    }

    /// Raised by every change of the calendar, of its members too, not by what is booked or blocked in it. Give it as
    /// `expectedVersion` to be refused when somebody else was faster.
    async fn version(&self) -> i64 {
        self.row().version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.row().created_at.into()
    }

    /// When it last changed, its members included.
    async fn updated_at(&self) -> DateTime {
        self.row().updated_at.into()
    }
}

/// A member of a calendar: somebody who can be booked in it, and for whom it is there even when they are restricted.
#[derive(SimpleObject, Clone, Debug)]
pub struct CalendarMember {
    /// The person.
    user: Answer<User>,
    /// Their place, from 0: of those who are free, the lowest is booked first.
    priority: i32,
}

impl CalendarMember {
    fn of(member: &calendar_member::Model, users: &HashMap<UserId, User>) -> Self {
        let user = Ok(users.get(&member.user_id).cloned());
        Self { user: user.into(), priority: member.priority }
    }
}
