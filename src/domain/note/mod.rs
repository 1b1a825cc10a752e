//! Notes on contacts and opportunities: what can be done to them, one act a file (R5).

mod create;
mod delete;
mod fields;
mod update;

use entity::NoteId;
use serde::{Deserialize, Serialize};

use super::idempotency::Outcome;
use super::record::RecordRef;
use super::unit_of_work::Committed;

pub(in crate::domain) use create::compose;
pub use create::{CreateNote, create};
pub use delete::{DeleteNote, delete};
pub use fields::{MAX_BODY, MAX_MENTIONS};
pub use update::{UpdateNote, update};

/// What an act on a note came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoteDone {
    /// The note.
    pub note: NoteId,
    /// The record that it is, or was, on.
    pub record: RecordRef,
    /// Everything that happened.
    pub committed: Committed,
}

impl Outcome for NoteDone {}
