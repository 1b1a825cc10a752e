//! Changes of notes.

use async_graphql::{Context, Object};

use super::inputs::{NoteCreateInput, NoteDeleteInput, NoteUpdateInput};
use super::payloads::{Kept, NoteCreatePayload, NoteDeletePayload, NoteUpdatePayload};
use crate::domain::note::{create, delete, update};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::payload::Acting;

/// The mutations of notes.
#[derive(Debug, Default)]
pub struct NoteMutation;

/// The mutations of notes.
#[Object]
impl NoteMutation {
    /// Writes a note on a contact or an opportunity. Needs to be able to edit the record. Whom it mentions is told; the
    /// record itself gets no new version.
    async fn note_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note to write.")] input: NoteCreateInput,
    ) -> Answer<NoteCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || create(acting.access(), &wish).await).await
        };
        Answer::of(async { Kept::by(acting, None, act).await.map(NoteCreatePayload) }).await
    }

    /// Changes what a note says, or whom it mentions: those who are mentioned since are told. Needs to be its author, or an
    /// admin, and to be able to edit the record.
    async fn note_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: NoteUpdateInput,
    ) -> Answer<NoteUpdatePayload> {
        let acting = &Acting::of(ctx, &input);
        let note = input.note();
        let act = async {
            let wish = input.wish()?;
            retrying(async || update(acting.access(), &wish).await).await
        };
        Answer::of(async { Kept::by(acting, Some(note), act).await.map(NoteUpdatePayload) }).await
    }

    /// Deletes a note for good; the history of its record still tells of it. Needs to be its author and able to edit the
    /// record, or to hold `EDIT_CONTACTS` or `EDIT_OPPORTUNITIES`, as the record is.
    async fn note_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note to delete.")] input: NoteDeleteInput,
    ) -> Answer<NoteDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || delete(acting.access(), &wish).await);
        Answer::of(async { Kept::by(acting, Some(wish.note), act).await.map(NoteDeletePayload) }).await
    }
}
