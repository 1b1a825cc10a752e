//! Deletes a note, for good (R5). Its history stays until its record is purged.

use entity::{NoteId, note, note_mention};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::NoteDone;
use crate::domain::access::Access;
use crate::domain::activity::{Subject, What};
use crate::domain::error::Result;
use crate::domain::unit_of_work::{require_granted, require_version_of};

/// The wish to delete a note.
#[derive(Clone, Copy, Debug)]
pub struct DeleteNote {
    /// Which.
    pub note: NoteId,
    /// The version that the caller has seen (R6).
    pub expected_version: Option<i64>,
}

/// Deletes a note.
///
/// # Errors
/// Not found, denied, stale.
pub async fn delete(access: &Access, wish: &DeleteNote) -> Result<NoteDone> {
    let mut unit = access.begin().await?;
    let held = unit.hold_note(wish.note, "id").await?;
    require_granted(&unit.decide_note(&held, Action::Delete)?, "id")?;
    require_version_of("note", held.row.version, wish.expected_version)?;

    let (note, record) = (wish.note, held.on);
    unit.delete(note_mention::Entity::delete_many().filter(note_mention::Column::NoteId.eq(note))).await?;
    unit.delete(note::Entity::delete_many().filter(note::Column::Id.eq(note))).await?;
    unit.record(Subject::Note { note, on: record }, What::Deleted, Vec::new(), None);
    unit.commit_as(|committed| NoteDone { note, record, committed }).await
}
