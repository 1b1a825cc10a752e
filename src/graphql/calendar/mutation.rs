//! Changes of calendars, groups and blocked slots.

use async_graphql::{Context, Object};

use super::inputs::{
    BlockedSlotCreateInput, BlockedSlotDeleteInput, CalendarCreateInput, CalendarDeleteInput,
    CalendarGroupCreateInput, CalendarGroupDeleteInput, CalendarGroupRenameInput, CalendarSetMembersInput,
    CalendarUpdateInput,
};
use super::payloads::{
    Arranged, BlockedSlotCreatePayload, BlockedSlotDeletePayload, CalendarCreatePayload,
    CalendarDeletePayload, CalendarGroupCreatePayload, CalendarGroupDeletePayload,
    CalendarGroupRenamePayload, CalendarSetMembersPayload, CalendarUpdatePayload,
};
use crate::domain::calendar::{blocked_slot, create, delete, group, set_members, update};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::payload::Acting;

/// The mutations of calendars, groups and blocked slots.
#[derive(Debug, Default)]
pub struct CalendarMutation;

/// The mutations of calendars, groups and blocked slots.
#[Object]
impl CalendarMutation {
    /// Makes a group of calendars, with nothing in it. Needs `MANAGE_CALENDARS`. An account has at most 100.
    async fn calendar_group_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group to make.")] input: CalendarGroupCreateInput,
    ) -> Answer<CalendarGroupCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || group::create(acting.access(), &wish).await);
        Answer::of(async { Arranged::making(acting, act).await.map(CalendarGroupCreatePayload) }).await
    }

    /// Gives a group of calendars another name. Needs `MANAGE_CALENDARS`.
    async fn calendar_group_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group and its new name.")] input: CalendarGroupRenameInput,
    ) -> Answer<CalendarGroupRenamePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || group::rename(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, wish.group, act).await.map(CalendarGroupRenamePayload) })
            .await
    }

    /// Deletes a group of calendars. Its calendars, also those that the caller does not see, stand alone then. Needs
    /// `MANAGE_CALENDARS`.
    async fn calendar_group_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group to delete.")] input: CalendarGroupDeleteInput,
    ) -> Answer<CalendarGroupDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || group::delete(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, wish.group, act).await.map(CalendarGroupDeletePayload) })
            .await
    }

    /// Makes a calendar. Needs `VIEW_CALENDARS` and `MANAGE_CALENDARS`; a restricted caller must name themselves as one of
    /// its members. An account has at most 500.
    async fn calendar_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar to make.")] input: CalendarCreateInput,
    ) -> Answer<CalendarCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || create(acting.access(), &wish).await).await
        };
        Answer::of(async { Arranged::making(acting, act).await.map(CalendarCreatePayload) }).await
    }

    /// Changes a calendar. Needs to see it, and `MANAGE_CALENDARS`. Appointments that are there stay as they are.
    async fn calendar_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: CalendarUpdateInput,
    ) -> Answer<CalendarUpdatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || update(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, wish.calendar, act).await.map(CalendarUpdatePayload) }).await
    }

    /// Sets who can be booked in a calendar, and in which order: all at once. Needs to see the calendar, and
    /// `MANAGE_CALENDARS`. Appointments of whoever leaves stay theirs.
    async fn calendar_set_members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar and all its members.")] input: CalendarSetMembersInput,
    ) -> Answer<CalendarSetMembersPayload> {
        let acting = &Acting::of(ctx, &input);
        let calendar = input.calendar();
        let act = async {
            let wish = input.wish()?;
            retrying(async || set_members(acting.access(), &wish).await).await
        };
        Answer::of(async { Arranged::by(acting, calendar, act).await.map(CalendarSetMembersPayload) }).await
    }

    /// Deletes a calendar: it takes no more appointments. Those that it has stay, show its name, and are managed as before.
    /// Needs to see it, and `MANAGE_CALENDARS`.
    async fn calendar_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar to delete.")] input: CalendarDeleteInput,
    ) -> Answer<CalendarDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || delete(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, wish.calendar, act).await.map(CalendarDeletePayload) }).await
    }

    /// Blocks a time of a person, in every calendar, or of a calendar, for everybody in it. It keeps new appointments away
    /// and leaves those alone that are there. Needs `MANAGE_CALENDARS` and sight of the calendar, or for one's own time
    /// `VIEW_CALENDARS` and `MANAGE_APPOINTMENTS`; only whoever is not restricted blocks the time of others. A person and a
    /// calendar have at most 2,000 ahead.
    async fn blocked_slot_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose time, and when.")] input: BlockedSlotCreateInput,
    ) -> Answer<BlockedSlotCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || blocked_slot::create(acting.access(), &wish).await);
        Answer::of(async { Arranged::making(acting, act).await.map(BlockedSlotCreatePayload) }).await
    }

    /// Deletes a blocked slot, so that the time can be booked again. Needs to see it, and `MANAGE_CALENDARS`, or
    /// `MANAGE_APPOINTMENTS` where the time is the caller's own.
    async fn blocked_slot_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The blocked slot to delete.")] input: BlockedSlotDeleteInput,
    ) -> Answer<BlockedSlotDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || blocked_slot::delete(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, wish.slot, act).await.map(BlockedSlotDeletePayload) }).await
    }
}
