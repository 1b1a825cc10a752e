//! What callers say of notes.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::NoteId;

use crate::domain::error::Result;
use crate::domain::note::{CreateNote, DeleteNote, UpdateNote};
use crate::domain::patch::Patch;
use crate::graphql::hanging::named_record;
use crate::graphql::id::named;
use crate::graphql::inputs::{people, plain};
use crate::graphql::payload::IdempotencyInput;

/// A new note.
#[derive(InputObject)]
pub struct NoteCreateInput {
    /// The contact or opportunity to write it on, which the caller sees. It stays for good.
    record_id: ID,
    /// What it says: plain text on one or several lines, at most 20,000 characters, not empty.
    body: String,
    /// Colleagues to mention, at most 50: active users who may see the record. Anybody else is answered as an unknown one.
    mention_ids: Option<Vec<ID>>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl NoteCreateInput {
    pub(super) fn wish(self) -> Result<CreateNote> {
        Ok(CreateNote {
            record: named_record(&self.record_id),
            body: self.body,
            mentions: people(self.mention_ids.as_deref().unwrap_or_default(), "mentionIds")?,
        })
    }
}

/// Changes of a note. What is left out stays as it is.
#[derive(InputObject)]
pub struct NoteUpdateInput {
    /// The note to change.
    id: ID,
    /// What it says: plain text on one or several lines, at most 20,000 characters; neither empty nor null.
    body: MaybeUndefined<String>,
    /// The colleagues whom it mentions, all of them, at most 50: active users who may see the record, and those whom it
    /// mentions already. Null mentions nobody.
    mention_ids: MaybeUndefined<Vec<ID>>,
    /// The version that the caller has seen; the call is refused when the note has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl NoteUpdateInput {
    pub(super) fn note(&self) -> NoteId {
        named(&self.id)
    }

    pub(super) fn wish(self) -> Result<UpdateNote> {
        Ok(UpdateNote {
            note: named(&self.id),
            body: plain(self.body),
            mentions: match self.mention_ids {
                MaybeUndefined::Undefined => Patch::Keep,
                MaybeUndefined::Null => Patch::Clear,
                MaybeUndefined::Value(ids) => Patch::Set(people(&ids, "mentionIds")?),
            },
            expected_version: self.expected_version,
        })
    }
}

/// A note to delete.
#[derive(InputObject)]
pub struct NoteDeleteInput {
    /// The note to delete.
    id: ID,
    /// The version that the caller has seen; the call is refused when the note has changed since.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl NoteDeleteInput {
    pub(super) fn wish(&self) -> DeleteNote {
        DeleteNote { note: named(&self.id), expected_version: self.expected_version }
    }
}
