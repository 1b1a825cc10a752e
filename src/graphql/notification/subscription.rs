//! The viewer's inbox, as it fills.

use async_graphql::{Context, Subscription};
use entity::{TypedId as _, UserId};
use futures_util::stream::BoxStream;
use uuid::Uuid;

use super::Notification;
use crate::graphql::context::Viewing;
use crate::graphql::live::{Listening, Wanted, occasion};

/// The subscription to one's own inbox.
#[derive(Debug, Default)]
pub struct NotificationSubscription;

/// The subscription to one's own inbox.
#[Subscription]
impl NotificationSubscription {
    /// Everything that the viewer is told, in the order of the numbers and without a gap: the same that
    /// `viewer.notifications` lists. What may no longer be seen comes with its number and nothing else.
    async fn notification_added(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Resume after the notification with this `number`; 0 tells all that are kept. Left out, only new ones come."
        )]
        after: Option<i64>,
    ) -> BoxStream<'static, Notification> {
        let viewer = ctx.viewpoint().access().actor().user;
        let wanted = Wanted::Inbox(viewer.unwrap_or(UserId::from_uuid(Uuid::nil())));
        occasion(ctx, Listening { wanted, after: after.map(|after| after.to_string()) })
    }
}
