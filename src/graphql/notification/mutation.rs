//! What people do with their inboxes.

use async_graphql::{Context, Object};

use super::inputs::{
    NotificationArchiveInput, NotificationMarkAllReadInput, NotificationMarkReadInput,
    NotificationMarkUnreadInput, NotificationPreferenceSetInput, NotificationUnarchiveInput,
};
use super::payloads::{
    Kept, NotificationArchivePayload, NotificationMarkAllReadPayload, NotificationMarkReadPayload,
    NotificationMarkUnreadPayload, NotificationPreferenceSetPayload, NotificationUnarchivePayload,
};
use crate::domain::notification::{mark, mark_all_read, set_preference};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::payload::Acting;

/// The mutations of the inbox.
#[derive(Debug, Default)]
pub struct NotificationMutation;

/// The mutations of the inbox.
#[Object]
impl NotificationMutation {
    /// Marks notifications of the caller's as read. Open to everybody, for their own.
    async fn notification_mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notifications.")] input: NotificationMarkReadInput,
    ) -> Answer<NotificationMarkReadPayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || mark(acting.access(), &wish).await).await
        };
        Answer::of(async { Kept::by(acting, input.named(), act).await.map(NotificationMarkReadPayload) })
            .await
    }

    /// Marks notifications of the caller's as unread. Open to everybody, for their own.
    async fn notification_mark_unread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notifications.")] input: NotificationMarkUnreadInput,
    ) -> Answer<NotificationMarkUnreadPayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || mark(acting.access(), &wish).await).await
        };
        Answer::of(async { Kept::by(acting, input.named(), act).await.map(NotificationMarkUnreadPayload) })
            .await
    }

    /// Marks all notifications of the caller's up to a number as read. Open to everybody, for their own.
    async fn notification_mark_all_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to which.")] input: NotificationMarkAllReadInput,
    ) -> Answer<NotificationMarkAllReadPayload> {
        let acting = &Acting::of(ctx, &input);
        let act = retrying(async || mark_all_read(acting.access(), input.up_to).await);
        Answer::of(async { Kept::by(acting, Vec::new(), act).await.map(NotificationMarkAllReadPayload) })
            .await
    }

    /// Puts notifications of the caller's into the archive: they leave the inbox and its count. Open to everybody, for
    /// their own.
    async fn notification_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notifications.")] input: NotificationArchiveInput,
    ) -> Answer<NotificationArchivePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || mark(acting.access(), &wish).await).await
        };
        Answer::of(async { Kept::by(acting, input.named(), act).await.map(NotificationArchivePayload) }).await
    }

    /// Brings notifications of the caller's back from the archive. Open to everybody, for their own.
    async fn notification_unarchive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notifications.")] input: NotificationUnarchiveInput,
    ) -> Answer<NotificationUnarchivePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || mark(acting.access(), &wish).await).await
        };
        Answer::of(async { Kept::by(acting, input.named(), act).await.map(NotificationUnarchivePayload) })
            .await
    }

    /// Says whether the caller wants to be told of a kind. Open to everybody, for themselves.
    async fn notification_preference_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The kind, and whether it is wanted.")] input: NotificationPreferenceSetInput,
    ) -> Answer<NotificationPreferenceSetPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || set_preference(acting.access(), &wish).await);
        Answer::of(async { Kept::by(acting, Vec::new(), act).await.map(NotificationPreferenceSetPayload) })
            .await
    }
}
