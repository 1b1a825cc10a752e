//! What can go wrong: refusals are the caller's to mend, breakage is ours.

use std::borrow::Cow;
use std::fmt;

use policy::{Permission, Reason};
use sea_orm::DbErr;

use super::idempotency::Remembered;
use super::record::RecordRef;

/// The result of whatever the business does.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an act did not happen.
#[derive(Debug)]
pub enum Error {
    /// The caller asked for something that cannot be. Never empty; nothing was changed.
    Refused(Vec<Refusal>),
    /// The same call was made before under the same idempotency key; this is what it came to. Nothing was changed (R6).
    Replayed(Remembered),
    /// The server failed. The caller learns nothing but that; the source goes to the log.
    Broken(Breakage),
}

/// What failed inside the server.
#[derive(Debug)]
pub enum Breakage {
    /// The database.
    Database(DbErr),
    /// Something that must not happen.
    Bug(Cow<'static, str>),
}

/// One thing that the caller can mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub kind: RefusalKind,
    /// For people: lower case, no final stop, with the next step where there is one.
    pub message: Cow<'static, str>,
    /// The input field, as a path: `["input", "followerIds", "2"]`.
    pub field: Vec<String>,
}

/// The kinds of refusal, in the order in which they are answered (O7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The idempotency key belongs to another call of the same user (R6).
    IdempotencyKeyReused,
    /// It does not exist, or the caller may not know that it does (A7).
    NotFound,
    /// The caller may see it, but not do this.
    PermissionDenied {
        /// The permission that alone would mend it.
        permission: Option<Permission>,
    },
    /// The caller may not make this change of owner.
    OwnerChangeDenied {
        /// Why.
        reason: Reason,
    },
    /// A value cannot be taken.
    InvalidInput,
    /// Another record, which the caller sees, is the same (R3).
    DuplicateFound {
        /// That one.
        record: RecordRef,
    },
    /// The record has changed since the version that the caller expected.
    StaleVersion {
        /// The version that it has now.
        current: i64,
        /// The record; none for the account's settings.
        record: Option<RecordRef>,
    },
    /// The record has no room for the followers (F1).
    FollowerLimitReached {
        /// Ten.
        limit: usize,
        /// How many it has.
        current: usize,
    },
    /// Nobody can be booked then (C7).
    SlotUnavailable {
        /// Why.
        reason: SlotProblem,
    },
    /// There is no room for one more of what the account or the caller keeps.
    LimitReached {
        /// The most that there can be.
        limit: usize,
        /// How many there are.
        current: usize,
    },
}

/// Why a time cannot be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotProblem {
    /// Somebody is busy then. With what is told to nobody.
    Taken,
    /// The calendar has no slot that begins and ends so.
    NoSlot,
    /// It begins too soon, or has begun.
    TooSoon,
}

impl Refusal {
    /// A refusal about one input field.
    pub fn new(kind: RefusalKind, field: &str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), field: path(field) }
    }

    /// A value that cannot be taken.
    pub fn invalid(field: &str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefusalKind::InvalidInput, field, message)
    }

    /// Something that is not there, for this caller.
    #[must_use]
    pub fn not_found(field: &str) -> Self {
        Self::new(RefusalKind::NotFound, field, "there is no such record, or you may not see it")
    }

    /// An act that the caller may not do.
    #[must_use]
    pub fn denied(field: &str, reason: Option<Reason>) -> Self {
        let permission = match reason {
            Some(Reason::MissingPermission(permission)) => Some(permission),
            _ => None,
        };
        let message = match permission {
            Some(permission) => Cow::Owned(format!("you need the permission `{permission}` for this")),
            None => Cow::Borrowed("your relation to this record does not cover this"),
        };
        Self::new(RefusalKind::PermissionDenied { permission }, field, message)
    }
}

fn path(field: &str) -> Vec<String> {
    let mut path = vec!["input".to_owned()];
    path.extend(field.split('.').filter(|step| !step.is_empty()).map(str::to_owned));
    path
}

impl Error {
    /// Something that must not happen.
    pub fn bug(message: impl Into<Cow<'static, str>>) -> Self {
        Error::Broken(Breakage::Bug(message.into()))
    }

    /// Whether the same act may succeed when it is run again: a deadlock, a serialization failure, a busy file.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Error::Broken(Breakage::Database(error)) = self else { return false };
        let text = error.to_string();
        ["40001", "40P01", "deadlock detected", "could not serialize", "database is locked"]
            .iter()
            .any(|sign| text.contains(sign))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(vec![refusal])
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Error::Broken(Breakage::Database(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(refusals) => {
                for (place, refusal) in refusals.iter().enumerate() {
                    let separator = if place == 0 { "" } else { "; " };
                    write!(formatter, "{separator}{}", refusal.message)?;
                }
                Ok(())
            }
            Error::Replayed(_) => write!(formatter, "this call was made before"),
            Error::Broken(Breakage::Database(error)) => write!(formatter, "database: {error}"),
            Error::Broken(Breakage::Bug(message)) => write!(formatter, "bug: {message}"),
        }
    }
}

impl std::error::Error for Error {}
