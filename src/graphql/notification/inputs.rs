//! What callers say of their notices.

use async_graphql::{ID, InputObject};
use entity::NotificationId;

use super::kinds::NotificationKind;
use crate::domain::error::Result;
use crate::domain::notification::{Mark, MarkNotifications, SetPreference};
use crate::graphql::id::all_named;
use crate::graphql::inputs::few;
use crate::graphql::payload::IdempotencyInput;

/// The four inputs that name notices are alike.
macro_rules! marks {
    ($($(#[$doc:meta])* $name:ident as $mark:ident)*) => {$(
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $name {
            /// The notifications, at most 200, all of them the caller's own: when one is not there, nothing is changed.
            ids: Vec<ID>,
            #[graphql(flatten)]
            call: IdempotencyInput,
        }

        impl $name {
            pub(super) fn named(&self) -> Vec<NotificationId> {
                all_named(&self.ids)
            }

            pub(super) fn wish(&self) -> Result<MarkNotifications> {
                few(&self.ids, "ids")?;
                Ok(MarkNotifications { notifications: self.named(), mark: Mark::$mark })
            }
        }
    )*};
}

marks! {
    /// Notifications that the caller has read.
    NotificationMarkReadInput as Read
    /// Notifications that are to be unread again.
    NotificationMarkUnreadInput as Unread
    /// Notifications that are to leave the inbox for the archive.
    NotificationArchiveInput as Archived
    /// Notifications that are to come back from the archive.
    NotificationUnarchiveInput as Unarchived
}

/// Everything up to a number that the caller has read.
#[derive(InputObject)]
pub struct NotificationMarkAllReadInput {
    /// The `number` of the newest notification that the caller has seen: what came after it stays unread.
    pub(super) up_to: i64,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// Whether the caller wants to be told of a kind.
#[derive(InputObject)]
pub struct NotificationPreferenceSetInput {
    /// The kind.
    kind: NotificationKind,
    /// Whether to be told of it from now on. What one was told before stays in the inbox.
    wanted: bool,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl NotificationPreferenceSetInput {
    pub(super) fn wish(&self) -> SetPreference {
        SetPreference { kind: self.kind.into(), wanted: self.wanted }
    }
}
