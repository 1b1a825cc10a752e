//! Deleting what can be restored, restoring it, and the end of both (A3, R4).

mod delete;
mod purge;
mod restore;

use entity::Timestamp;

pub use delete::{Along, Delete, Deleted, Taken, delete, delete_in, reach};
pub use purge::{purge, purge_of};
pub(in crate::domain) use restore::deleted_with_contact;
pub use restore::{Back, Restore, Restored, restore, restore_in};

/// For how many days a deletion can be undone.
pub const DAYS: i64 = 60;

/// The same in microseconds.
const RETENTION: i64 = DAYS * 24 * 60 * 60 * 1_000_000;

/// What was deleted until this instant can be restored no more at `now`, and is purged.
#[must_use]
pub const fn horizon(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - RETENTION)
}

/// When what was deleted at `at` can be restored no more.
#[must_use]
pub const fn end(at: Timestamp) -> Timestamp {
    Timestamp(at.0 + RETENTION)
}
