//! Changes of appointments.

use async_graphql::{Context, Object};

use super::inputs::{
    AppointmentBookInput, AppointmentCancelInput, AppointmentDeleteInput, AppointmentReassignInput,
    AppointmentRescheduleInput, AppointmentRestoreInput, AppointmentSetStatusInput, AppointmentUpdateInput,
};
use super::payloads::{
    AppointmentBookPayload, AppointmentCancelPayload, AppointmentDeletePayload, AppointmentReassignPayload,
    AppointmentReschedulePayload, AppointmentRestorePayload, AppointmentSetStatusPayload,
    AppointmentUpdatePayload, Kept,
};
use crate::domain::appointment::{book, delete, reassign, reschedule, restore, set_status, update};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::payload::Acting;

/// The mutations of appointments.
#[derive(Debug, Default)]
pub struct AppointmentMutation;

/// The mutations of appointments.
#[Object]
impl AppointmentMutation {
    /// Books an appointment with a contact that the caller sees. Needs `VIEW_CALENDARS`, `MANAGE_APPOINTMENTS` and access
    /// to the calendar: as an admin, as somebody who is not restricted, or as one of its members. Nobody is ever booked
    /// twice at once. Where the calendar gives contacts to the members who are booked, the contact's owner changes with
    /// it if the caller may change it.
    async fn appointment_book(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment to book.")] input: AppointmentBookInput,
    ) -> Answer<AppointmentBookPayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || book(acting.access(), &wish).await).await
        };
        let which = |booked: &crate::domain::appointment::Booked| booked.appointment;
        Answer::of(async { Kept::by(acting, None, act, which).await.map(AppointmentBookPayload) }).await
    }

    /// Moves an appointment to another time, another calendar or another member. Needs to see it, `MANAGE_APPOINTMENTS`,
    /// and access to its calendar or to be its assignee.
    async fn appointment_reschedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment, and where it goes.")] input: AppointmentRescheduleInput,
    ) -> Answer<AppointmentReschedulePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || reschedule(acting.access(), &wish).await);
        let id = wish.appointment;
        Answer::of(async { Kept::by(acting, Some(id), act, |_| id).await.map(AppointmentReschedulePayload) })
            .await
    }

    /// Gives an appointment to another member of its calendar, who must be free then. Needs to see it,
    /// `MANAGE_APPOINTMENTS`, and access to its calendar or to be its assignee.
    async fn appointment_reassign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment, and whose it shall be.")] input: AppointmentReassignInput,
    ) -> Answer<AppointmentReassignPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || reassign(acting.access(), &wish).await);
        let id = wish.appointment;
        Answer::of(async { Kept::by(acting, Some(id), act, |_| id).await.map(AppointmentReassignPayload) })
            .await
    }

    /// Says what became of an appointment. Needs to see it, `MANAGE_APPOINTMENTS`, and access to its calendar or to be its
    /// assignee.
    async fn appointment_set_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment, and what became of it.")] input: AppointmentSetStatusInput,
    ) -> Answer<AppointmentSetStatusPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || set_status(acting.access(), &wish).await);
        let id = wish.appointment;
        Answer::of(async { Kept::by(acting, Some(id), act, |_| id).await.map(AppointmentSetStatusPayload) })
            .await
    }

    /// Calls an appointment off: the same as setting its status to `CANCELLED`. Needs to see it, `MANAGE_APPOINTMENTS`,
    /// and access to its calendar or to be its assignee.
    async fn appointment_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment to call off.")] input: AppointmentCancelInput,
    ) -> Answer<AppointmentCancelPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || set_status(acting.access(), &wish).await);
        let id = wish.appointment;
        Answer::of(async { Kept::by(acting, Some(id), act, |_| id).await.map(AppointmentCancelPayload) })
            .await
    }

    /// Changes what an appointment is about, where it takes place, and who takes part beside its assignee. Needs to see
    /// it, `MANAGE_APPOINTMENTS`, and access to its calendar or to be its assignee.
    async fn appointment_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: AppointmentUpdateInput,
    ) -> Answer<AppointmentUpdatePayload> {
        let acting = &Acting::of(ctx, &input);
        let id = input.appointment();
        let act = async {
            let wish = input.wish()?;
            retrying(async || update(acting.access(), &wish).await).await
        };
        Answer::of(async { Kept::by(acting, Some(id), act, |_| id).await.map(AppointmentUpdatePayload) })
            .await
    }

    /// Deletes an appointment, so that it can be restored for 60 days; its slot is free. Needs to see it,
    /// `MANAGE_APPOINTMENTS`, and access to its calendar or to be its assignee.
    async fn appointment_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment to delete.")] input: AppointmentDeleteInput,
    ) -> Answer<AppointmentDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || delete(acting.access(), &wish).await);
        let id = wish.appointment;
        Answer::of(async { Kept::by(acting, Some(id), act, |_| id).await.map(AppointmentDeletePayload) })
            .await
    }

    /// Brings back a deleted appointment; where its slot is gone, it comes back cancelled. Needs what deleting it needs;
    /// without that there is nothing to bring back.
    async fn appointment_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment to bring back.")] input: AppointmentRestoreInput,
    ) -> Answer<AppointmentRestorePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || restore(acting.access(), &wish).await);
        let id = wish.appointment;
        Answer::of(async { Kept::by(acting, Some(id), act, |_| id).await.map(AppointmentRestorePayload) })
            .await
    }
}
