//! What the mutations of the inbox answer.

use async_graphql::Object;
use entity::NotificationId;

use super::{Notification, Wanted, preferences, unread_count};
use crate::domain;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// What an act on one's inbox came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Kept {
    eyes: Eyes,
    named: Vec<NotificationId>,
    user_errors: Vec<UserError>,
}

impl Kept {
    /// Runs an act on the notices that are named.
    ///
    /// # Errors
    /// A server that failed, and did nothing.
    pub async fn by(
        acting: &Acting,
        named: Vec<NotificationId>,
        act: impl Future<Output = domain::error::Result<()>>,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named, user_errors: done.err().unwrap_or_default() })
    }

    async fn notifications(&self) -> Result<Option<Vec<Notification>>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        // A refused call says nothing of those among them that are the caller's own.
        let named = if self.user_errors.is_empty() { self.named.as_slice() } else { &[] };
        let mut all = Notification::all(viewpoint, named).await?;
        Ok(Some(named.iter().filter_map(|id| all.remove(id)).collect()))
    }

    async fn unread_count(&self) -> Result<Option<u64>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        unread_count(viewpoint).await.map(Some)
    }

    async fn preferences(&self) -> Result<Option<Vec<Wanted>>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        preferences(viewpoint).await.map(Some)
    }
}

/// The payloads about named notices are alike.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub(super) Kept);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The notifications that were named, each once, as they are after the call. Empty when it was refused.
            async fn notifications(&self) -> Answer<Vec<Notification>> {
                Answer::of(self.0.notifications()).await
            }

            /// How many notifications of the caller's are neither read nor archived after the call, also when it was
            /// refused.
            async fn unread_count(&self) -> Answer<u64> {
                Answer::of(self.0.unread_count()).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors.clone()
            }
        }
    )*};
}

payloads! {
    /// What `notificationMarkRead` came to. What was read already stays as it was.
    NotificationMarkReadPayload
    /// What `notificationMarkUnread` came to. What was unread already stays as it was.
    NotificationMarkUnreadPayload
    /// What `notificationArchive` came to. What was archived already stays as it was.
    NotificationArchivePayload
    /// What `notificationUnarchive` came to. What was in the inbox already stays as it was.
    NotificationUnarchivePayload
}

/// What `notificationMarkAllRead` came to.
#[derive(Debug)]
pub struct NotificationMarkAllReadPayload(pub(super) Kept);

/// What `notificationMarkAllRead` came to.
#[Object]
impl NotificationMarkAllReadPayload {
    /// How many notifications of the caller's are neither read nor archived after the call.
    async fn unread_count(&self) -> Answer<u64> {
        Answer::of(self.0.unread_count()).await
    }

    /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was changed.
    async fn user_errors(&self) -> Vec<UserError> {
        self.0.user_errors.clone()
    }
}

/// What `notificationPreferenceSet` came to.
#[derive(Debug)]
pub struct NotificationPreferenceSetPayload(pub(super) Kept);

/// What `notificationPreferenceSet` came to. When it was so already, nothing happened.
#[Object]
impl NotificationPreferenceSetPayload {
    /// Of every kind, whether the caller wants it after the call.
    async fn preferences(&self) -> Answer<Vec<Wanted>> {
        Answer::of(self.0.preferences()).await
    }

    /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was changed.
    async fn user_errors(&self) -> Vec<UserError> {
        self.0.user_errors.clone()
    }
}
