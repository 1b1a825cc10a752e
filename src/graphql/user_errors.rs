//! What the caller of a mutation can mend, as data (G2).

use std::sync::Arc;

use async_graphql::{Enum, Interface, Object};
use policy::Reason;

use super::answer::Answer;
use super::contact::Contact;
use super::context::Viewpoint;
use super::error::Failure;
use super::node::Record;
use super::opportunity::Opportunity;
use super::user::Permission;
use super::viewer_access::{AccessDenialReason, permission_of};
use crate::domain::error::{Refusal, RefusalKind};
use crate::domain::record::RecordRef;

/// The kinds of refusal, for programs. They are answered in this order: what is not there is said before what is denied,
/// that before what cannot be taken, and so on.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserErrorCode {
    /// The idempotency key belongs to another call of the caller's. It is answered before anything else.
    IdempotencyKeyReused,
    /// Something that the input names is not there, or the caller may not see it.
    NotFound,
    /// The caller may see the record, but not do this.
    PermissionDenied,
    /// The caller may see the record, but not make this change of its owner.
    OwnerChangeDenied,
    /// A value cannot be taken.
    InvalidInput,
    /// Another record, which the caller sees, is the same.
    DuplicateFound,
    /// The record has changed since the version that the caller expected.
    StaleVersion,
    /// The record has no room for the followers.
    FollowerLimitReached,
    /// Nobody can be booked at that time.
    SlotUnavailable,
    /// There is no room for one more of what the account or the caller keeps.
    LimitReached,
}

/// Why a time cannot be booked.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::error::SlotProblem")]
pub enum SlotProblem {
    /// Somebody who would have to be there is busy, or the time is blocked. With what, and by whom, is told to nobody.
    Taken,
    /// The calendar has no slot that begins and ends just then: it is closed, or its slots lie otherwise.
    NoSlot,
    /// It has begun, or begins sooner than the calendar's minimum notice allows.
    TooSoon,
}

macro_rules! user_errors {
    ($($(#[$doc:meta])* $name:ident { $($extra:ident: $type:ty),* } { $($more:tt)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            refusal: Arc<Refusal>,
            $($extra: $type,)*
        }

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The kind of refusal, for programs. It says the same as the type.
            pub async fn code(&self) -> UserErrorCode {
                UserErrorCode::$name
            }

            /// What is wrong and what to do about it, for people. It may be reworded: programs read `code`.
            pub async fn message(&self) -> String {
                self.refusal.message.to_string()
            }

            /// The path of the input field that is at fault, such as `["input", "emails", "2"]`. Just `["input"]` when no
            /// single field is.
            pub async fn field(&self) -> Option<Vec<String>> {
                Some(self.refusal.field.clone())
            }

            $($more)*
        }
    )*};
}

user_errors! {
    /// The idempotency key belongs to another call that the caller made in the last 24 hours: to another mutation, or
    /// with another input. Give every call a key of its own, and the same one only to the same call sent again.
    IdempotencyKeyReused {} {}

    /// Something that the input names is not there for the caller. A record that the caller may not see answers exactly
    /// as one that does not exist, and as a text that is no id.
    NotFound {} {}

    /// The caller may see the record, but not do this to it.
    PermissionDenied { reason: Option<Permission> } {
        /// The permission that alone would mend it. Null when the caller's relation to the record is what is missing.
        async fn permission(&self) -> Option<Permission> {
            self.reason
        }
    }

    /// The caller may see the record, but not make this change of its owner.
    OwnerChangeDenied { because: Reason } {
        /// What stands in the way.
        async fn reason(&self) -> AccessDenialReason {
            self.because.into()
        }

        /// The permission that alone would mend it. Null when no single permission would.
        async fn permission(&self) -> Option<Permission> {
            permission_of(self.because)
        }
    }

    /// A value that cannot be taken. All of them are reported together.
    InvalidInput {} {}

    /// Another record is the same, as the account looks at it: a contact with one of the e-mail addresses or phone numbers,
    /// or an open opportunity of the contact in the pipeline. One that the caller may not see never stands in the way.
    DuplicateFound { found: RecordRef, viewpoint: Option<Arc<Viewpoint>> } {
        /// The record that is there already.
        async fn record(&self) -> Answer<Record> {
            Answer::of(current(self.viewpoint.as_ref(), Some(self.found))).await
        }
    }

    /// The record, or the settings, have changed since the version that the caller expected. Nothing was changed: read
    /// the current state and decide again.
    StaleVersion { version: i64, record: Option<RecordRef>, viewpoint: Option<Arc<Viewpoint>> } {
        /// The record as it is now. Null for settings, pipelines, calendars, notes, tasks and saved views, which the payload
        /// carries itself.
        async fn current(&self) -> Answer<Record> {
            Answer::of(current(self.viewpoint.as_ref(), self.record)).await
        }

        /// The version that it has now: give it as `expectedVersion` when the change shall be made all the same.
        async fn current_version(&self) -> i64 {
            self.version
        }
    }

    /// The record has no room for the followers. The whole batch was refused.
    FollowerLimitReached { most: usize, present: usize } {
        /// How many followers a record can have beside its owner.
        async fn limit(&self) -> usize {
            self.most
        }

        /// How many it has now.
        async fn current(&self) -> usize {
            self.present
        }
    }

    /// Nobody can be booked at that time. Ask the calendar for its `freeSlots`; whoever holds `MANAGE_CALENDARS` may book
    /// against it all with `overbook`.
    SlotUnavailable { why: SlotProblem } {
        /// What stands in the way.
        async fn reason(&self) -> SlotProblem {
            self.why
        }
    }

    /// There is no room for one more: of an account's pipelines, lost reasons, calendars or
    /// groups of calendars, a pipeline's stages, a calendar's members, saved views, or blocked slots.
    LimitReached { most: usize, present: usize } {
        /// How many there can be.
        async fn limit(&self) -> usize {
            self.most
        }

        /// How many there are now.
        async fn current(&self) -> usize {
            self.present
        }
    }
}

async fn current(
    viewpoint: Option<&Arc<Viewpoint>>,
    record: Option<RecordRef>,
) -> Result<Option<Record>, Failure> {
    let (Some(viewpoint), Some(record)) = (viewpoint, record) else { return Ok(None) };
    Ok(match record {
        RecordRef::Contact(id) => Contact::one(viewpoint, id).await?.map(Record::from),
        RecordRef::Opportunity(id) => Opportunity::one(viewpoint, id).await?.map(Record::from),
    })
}

/// Why a mutation was refused. What the caller can mend is data and not an error: each kind is a type of its own, with
/// what a program needs to react.
#[derive(Interface, Clone, Debug)]
#[graphql(
    field(
        name = "code",
        ty = "UserErrorCode",
        desc = "The kind of refusal, for programs. It says the same as the type."
    ),
    field(
        name = "message",
        ty = "String",
        desc = "What is wrong and what to do about it, for people. It may be reworded: programs read `code`."
    ),
    field(
        name = "field",
        ty = "Option<Vec<String>>",
        desc = "The path of the input field that is at fault, such as `[\"input\", \"emails\", \"2\"]`. Just `[\"input\"]` when no single field is."
    )
)]
pub enum UserError {
    /// A key of another call.
    IdempotencyKeyReused(IdempotencyKeyReused),
    /// Not there.
    NotFound(NotFound),
    /// Denied.
    PermissionDenied(PermissionDenied),
    /// A change of owner that is denied.
    OwnerChangeDenied(OwnerChangeDenied),
    /// Invalid.
    InvalidInput(InvalidInput),
    /// The same as another.
    DuplicateFound(DuplicateFound),
    /// Stale.
    StaleVersion(StaleVersion),
    /// No room.
    FollowerLimitReached(FollowerLimitReached),
    /// Nobody can be booked.
    SlotUnavailable(SlotUnavailable),
    /// No room for one more.
    LimitReached(LimitReached),
}

/// Refusals as the graph tells them; what they show of records is read by `viewpoint`.
pub fn all(refusals: Vec<Refusal>, viewpoint: Option<&Arc<Viewpoint>>) -> Vec<UserError> {
    refusals.into_iter().map(|refusal| one(Arc::new(refusal), viewpoint)).collect()
}

fn one(refusal: Arc<Refusal>, viewpoint: Option<&Arc<Viewpoint>>) -> UserError {
    match refusal.kind {
        RefusalKind::IdempotencyKeyReused => IdempotencyKeyReused { refusal }.into(),
        RefusalKind::NotFound => NotFound { refusal }.into(),
        RefusalKind::PermissionDenied { permission } => {
            PermissionDenied { refusal, reason: permission.map(Permission::from) }.into()
        }
        RefusalKind::OwnerChangeDenied { reason } => OwnerChangeDenied { refusal, because: reason }.into(),
        RefusalKind::InvalidInput => InvalidInput { refusal }.into(),
        RefusalKind::DuplicateFound { record } => {
            let viewpoint = viewpoint.cloned();
            DuplicateFound { refusal, found: record, viewpoint }.into()
        }
        RefusalKind::StaleVersion { current, record } => {
            let viewpoint = viewpoint.cloned();
            StaleVersion { refusal, version: current, record, viewpoint }.into()
        }
        RefusalKind::FollowerLimitReached { limit, current } => {
            FollowerLimitReached { refusal, most: limit, present: current }.into()
        }
        RefusalKind::SlotUnavailable { reason } => SlotUnavailable { refusal, why: reason.into() }.into(),
        RefusalKind::LimitReached { limit, current } => {
            LimitReached { refusal, most: limit, present: current }.into()
        }
    }
}
