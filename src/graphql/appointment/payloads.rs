//! What mutations of appointments answer.

use async_graphql::{Enum, ID, Object, SimpleObject};
use entity::AppointmentId;

use super::Appointment;
use crate::domain;
use crate::domain::appointment::{Booked, ContactOwner, Restored};
use crate::domain::unit_of_work::Committed;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::follower::{self, FollowChange};
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user::Permission;
use crate::graphql::user_errors::UserError;
use crate::graphql::viewer_access::{AccessDenialReason, permission_of};

/// What an act on an appointment came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Kept<T> {
    eyes: Eyes,
    named: Option<AppointmentId>,
    done: Result<(AppointmentId, T), Vec<UserError>>,
}

impl<T: domain::idempotency::Outcome> Kept<T> {
    /// Runs an act on the appointment that it names; one that is booked names itself afterwards.
    pub async fn by(
        acting: &Acting,
        named: Option<AppointmentId>,
        act: impl Future<Output = domain::error::Result<T>>,
        which: impl FnOnce(&T) -> AppointmentId,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named, done: done.map(|done| (which(&done), done)) })
    }

    fn id(&self) -> Option<ID> {
        self.done.as_ref().ok().map(|(id, _)| ID::from(*id))
    }

    fn done(&self) -> Option<&T> {
        self.done.as_ref().ok().map(|(_, done)| done)
    }

    async fn appointment(&self) -> Result<Option<Appointment>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        let which = self.done.as_ref().ok().map(|(id, _)| *id).or(self.named);
        let (Some(viewpoint), Some(which)) = (viewpoint, which) else { return Ok(None) };
        Appointment::one(viewpoint, which).await
    }

    async fn follow_changes(
        &self,
        committed: impl FnOnce(&T) -> &Committed,
    ) -> Result<Vec<FollowChange>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        let (Some(viewpoint), Some(done)) = (viewpoint, self.done()) else { return Ok(Vec::new()) };
        follower::follow_changes(viewpoint, &committed(done).events).await
    }

    fn user_errors(&self) -> Vec<UserError> {
        self.done.as_ref().err().cloned().unwrap_or_default()
    }
}

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident($done:ty) { $($more:tt)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Kept<$done>);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The id of the appointment, also when the call itself ended the caller's sight of it. Null when the call was
            /// refused.
            async fn id(&self) -> Option<ID> {
                self.0.id()
            }

            /// The appointment as the caller sees it after the call, also when the call was refused. Null when the caller
            /// does not see it, or no more.
            async fn appointment(&self) -> Answer<Appointment> {
                Answer::of(self.0.appointment()).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors()
            }

            $($more)*
        }
    )*};
}

payloads! {
    /// What `appointmentBook` came to.
    AppointmentBookPayload(Booked) {
        /// What the booking meant for the owner of the contact. Null when the call was refused.
        async fn contact_owner(&self) -> Option<BookedContactOwner> {
            self.0.done().map(|booked| BookedContactOwner::from(&booked.contact_owner))
        }

        /// What the call did to followers of records that the caller sees, where the contact got another owner.
        async fn follow_changes(&self) -> Answer<Vec<FollowChange>> {
            Answer::of(self.0.follow_changes(|booked| &booked.committed)).await
        }
    }

    /// What `appointmentReschedule` came to.
    AppointmentReschedulePayload(Committed) {}

    /// What `appointmentReassign` came to.
    AppointmentReassignPayload(Committed) {}

    /// What `appointmentSetStatus` came to.
    AppointmentSetStatusPayload(Committed) {}

    /// What `appointmentCancel` came to.
    AppointmentCancelPayload(Committed) {}

    /// What `appointmentUpdate` came to.
    AppointmentUpdatePayload(Committed) {}

    /// What `appointmentDelete` came to. The appointment is null: it is deleted, and nobody sees it.
    AppointmentDeletePayload(Committed) {}

    /// What `appointmentRestore` came to.
    AppointmentRestorePayload(Restored) {
        /// Whether its slot was gone meanwhile, so that it came back as `CANCELLED`. Null when the call was refused.
        async fn slot_was_gone(&self) -> Option<bool> {
            self.0.done().map(|restored| restored.slot_was_gone)
        }
    }
}

/// What a booking may do to the owner of the contact.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookedContactOwnerOutcome {
    /// The calendar gives no contacts away.
    NotGiven,
    /// The assignee owns the contact now.
    Given,
    /// The assignee owned the contact already.
    OwnedAlready,
    /// The contact has an owner, and the calendar leaves it there.
    KeptOwner,
    /// Whoever booked may not make this change of owner: the booking stands, and the owner stays.
    Denied,
}

/// What a booking meant for the owner of the contact, where the calendar gives contacts to the members who are booked.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct BookedContactOwner {
    /// What happened.
    outcome: BookedContactOwnerOutcome,
    /// Why the change of owner was denied. Null for every other outcome.
    reason: Option<AccessDenialReason>,
    /// The permission that alone would have allowed it. Null when no single permission would.
    permission: Option<Permission>,
}

impl From<&ContactOwner> for BookedContactOwner {
    fn from(owner: &ContactOwner) -> Self {
        let outcome = match owner {
            ContactOwner::NotGiven => BookedContactOwnerOutcome::NotGiven,
            ContactOwner::Given => BookedContactOwnerOutcome::Given,
            ContactOwner::OwnedAlready => BookedContactOwnerOutcome::OwnedAlready,
            ContactOwner::KeptOwner => BookedContactOwnerOutcome::KeptOwner,
            ContactOwner::Denied { .. } => BookedContactOwnerOutcome::Denied,
        };
        let reason = owner.denied_because();
        Self {
            outcome,
            reason: reason.map(AccessDenialReason::from),
            permission: reason.and_then(permission_of),
        }
    }
}
