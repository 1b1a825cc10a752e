//! Calendars, their groups, and blocked slots.

use std::sync::Arc;

use async_graphql::{Context, ID, MaybeUndefined, Object};

use super::blocked_slot::BlockedSlot;
use super::free_slot::TimeRangeInput;
use super::group::CalendarGroup;
use super::types::Calendar;
use crate::domain::access::{BlockedSlotFilter, CalendarFilter};
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;
use crate::graphql::id::{named, required};

/// The name of the list of calendars in cursors.
const CALENDARS: &str = "calendars";

/// The name of the list of blocked slots in cursors.
const BLOCKED_SLOTS: &str = "blockedSlots";

/// The queries about calendars.
#[derive(Debug, Default)]
pub struct CalendarQuery;

/// The queries about calendars.
#[Object]
impl CalendarQuery {
    /// The calendar with this id. Null when there is none, when the viewer may not see it, and when the text is no id of a
    /// calendar: the three answer alike.
    async fn calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of a calendar, `calendar_…`.")] id: ID,
    ) -> Answer<Calendar> {
        Answer::of(Calendar::one(ctx.viewpoint(), named(&id))).await
    }

    /// The calendars that the viewer may see, by name. Empty for whoever lacks `VIEW_CALENDARS`. Counts see nothing more
    /// than the viewer does.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn calendars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only calendars of this group. Null for those that stand alone.")]
        group_id: MaybeUndefined<ID>,
        #[graphql(desc = "Only calendars that this person is a member of.")] member_id: Option<ID>,
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
    ) -> Answer<Connection<Calendar>> {
        let paging = Paging { first, after, last, before };
        Answer::of(calendars(ctx.viewpoint(), group_id, member_id, paging)).await
    }

    /// All groups of calendars, by name. Empty for whoever lacks `VIEW_CALENDARS`.
    async fn calendar_groups(&self, ctx: &Context<'_>) -> Answer<Vec<CalendarGroup>> {
        let viewpoint = ctx.viewpoint();
        let load =
            async { Ok(CalendarGroup::siblings(viewpoint, viewpoint.access().calendar_groups().await?)) };
        Answer::of(load).await
    }

    /// The blocked slots that the viewer may see, by their beginning. Empty for whoever lacks `VIEW_CALENDARS`. Counts see
    /// nothing more than the viewer does.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn blocked_slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that have a part of this time.")] range: Option<TimeRangeInput>,
        #[graphql(desc = "Only those of this calendar; those of its members are theirs.")]
        calendar_id: Option<ID>,
        #[graphql(desc = "Only those of this person.")] user_id: Option<ID>,
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
    ) -> Answer<Connection<BlockedSlot>> {
        let load = async {
            let filter = BlockedSlotFilter {
                range: range.map(TimeRangeInput::decode).transpose()?,
                calendar: calendar_id.map(|id| required(&id, "calendarId")).transpose()?,
                user: user_id.map(|id| required(&id, "userId")).transpose()?,
            };
            blocked_slots(ctx.viewpoint(), filter, Paging { first, after, last, before }).await
        };
        Answer::of(load).await
    }
}

async fn calendars(
    viewpoint: &Arc<Viewpoint>,
    group: MaybeUndefined<ID>,
    member: Option<ID>,
    paging: Paging,
) -> Result<Connection<Calendar>, Failure> {
    let filter = CalendarFilter {
        group: match group {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(id) => Some(Some(required(&id, "groupId")?)),
        },
        member: member.map(|id| required(&id, "memberId")).transpose()?,
    };
    let window = paging.window(viewpoint, CALENDARS, 1)?;
    let page = viewpoint.access().calendars(&filter, &window).await?;
    let page = Calendar::page(viewpoint, page);
    let counting = Arc::clone(viewpoint);
    let counter = move || {
        let counting = Arc::clone(&counting);
        Box::pin(async move { Ok(counting.access().count_calendars(&filter).await?) }) as _
    };
    Ok(Connection::new(viewpoint, CALENDARS, page, Box::new(counter)))
}

async fn blocked_slots(
    viewpoint: &Arc<Viewpoint>,
    filter: BlockedSlotFilter,
    paging: Paging,
) -> Result<Connection<BlockedSlot>, Failure> {
    let window = paging.window(viewpoint, BLOCKED_SLOTS, 1)?;
    let page = viewpoint.access().blocked_slots(&filter, &window).await?;
    let page = BlockedSlot::page(viewpoint, page);
    let counting = Arc::clone(viewpoint);
    let counter = move || {
        let counting = Arc::clone(&counting);
        Box::pin(async move { Ok(counting.access().count_blocked_slots(&filter).await?) }) as _
    };
    Ok(Connection::new(viewpoint, BLOCKED_SLOTS, page, Box::new(counter)))
}
