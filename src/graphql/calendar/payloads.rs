//! What the mutations of calendars, groups and blocked slots answer.

use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{BlockedSlotId, CalendarGroupId, CalendarId};

use super::blocked_slot::BlockedSlot;
use super::group::CalendarGroup;
use super::types::Calendar;
use crate::domain;
use crate::domain::idempotency::Outcome;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// What an act on one thing came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Arranged<I> {
    eyes: Eyes,
    named: Option<I>,
    done: Result<I, Vec<UserError>>,
}

impl<I: Copy> Arranged<I> {
    /// Runs an act that makes something.
    ///
    /// # Errors
    /// A server that failed, and did nothing.
    pub async fn making(
        acting: &Acting,
        act: impl Future<Output = domain::error::Result<I>>,
    ) -> Result<Self, Failure>
    where
        I: Outcome,
    {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named: None, done })
    }

    /// Runs an act on what is named.
    ///
    /// # Errors
    /// A server that failed, and did nothing.
    pub async fn by(
        acting: &Acting,
        named: I,
        act: impl Future<Output = domain::error::Result<()>>,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named: Some(named), done: done.map(|()| named) })
    }

    fn id(&self) -> Option<ID>
    where
        I: Into<ID>,
    {
        self.done.as_ref().ok().copied().map(Into::into)
    }

    fn seen(&self) -> Result<Option<(&Arc<Viewpoint>, I)>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        Ok(viewpoint.as_ref().zip(self.done.as_ref().ok().copied().or(self.named)))
    }
}

/// One payload: its id, the thing itself, and `userErrors`.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident of $id:ty as $field:ident: $object:ident { $(#[$on_field:meta])* })*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub(super) Arranged<$id>);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The id of what the call is about, also when the call itself ended the caller's sight of it. Null when the
            /// call was refused.
            async fn id(&self) -> Option<ID> {
                self.0.id()
            }

            $(#[$on_field])*
            async fn $field(&self) -> Answer<$object> {
                let load = async {
                    match self.0.seen()? {
                        Some((viewpoint, id)) => $object::one(viewpoint, id).await,
                        None => Ok(None),
                    }
                };
                Answer::of(load).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.done.as_ref().err().cloned().unwrap_or_default()
            }
        }
    )*};
}

payloads! {
    /// What `calendarGroupCreate` came to.
    CalendarGroupCreatePayload of CalendarGroupId as calendar_group: CalendarGroup {
        /// The new group, with nothing in it. Null when the call was refused.
    }
    /// What `calendarGroupRename` came to. When it was called so already, nothing happened and the version stays.
    CalendarGroupRenamePayload of CalendarGroupId as calendar_group: CalendarGroup {
        /// The group as it is after the call, also when it was refused.
    }
    /// What `calendarGroupDelete` came to.
    CalendarGroupDeletePayload of CalendarGroupId as calendar_group: CalendarGroup {
        /// The group as it is, when the call was refused. Null when it is no more.
    }
    /// What `calendarCreate` came to.
    CalendarCreatePayload of CalendarId as calendar: Calendar {
        /// The new calendar. Null when the call was refused.
    }
    /// What `calendarUpdate` came to. When it was so already, nothing happened and the version stays.
    CalendarUpdatePayload of CalendarId as calendar: Calendar {
        /// The calendar as it is after the call, also when it was refused.
    }
    /// What `calendarSetMembers` came to. When they were its members in this order already, nothing happened and the version
    /// stays.
    CalendarSetMembersPayload of CalendarId as calendar: Calendar {
        /// The calendar as it is after the call, also when it was refused. Null, without an error, when the call itself
        /// ended the caller's sight of it.
    }
    /// What `calendarDelete` came to.
    CalendarDeletePayload of CalendarId as calendar: Calendar {
        /// The calendar as it is, when the call was refused. Null when it is no more.
    }
    /// What `blockedSlotCreate` came to.
    BlockedSlotCreatePayload of BlockedSlotId as blocked_slot: BlockedSlot {
        /// The new blocked slot. Null when the call was refused.
    }
    /// What `blockedSlotDelete` came to.
    BlockedSlotDeletePayload of BlockedSlotId as blocked_slot: BlockedSlot {
        /// The blocked slot, when the call was refused. Null when it is no more.
    }
}
