//! What mutations of notes answer.

use async_graphql::{ID, Object};
use entity::NoteId;

use super::Note;
use crate::domain;
use crate::domain::note::NoteDone;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::hanging::Records;
use crate::graphql::node::Record;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// What an act on a note came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Kept {
    eyes: Eyes,
    named: Option<NoteId>,
    done: Result<NoteDone, Vec<UserError>>,
}

impl Kept {
    /// Runs an act on the note that it names; one that is made names itself afterwards.
    pub async fn by(
        acting: &Acting,
        named: Option<NoteId>,
        act: impl Future<Output = domain::error::Result<NoteDone>>,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named, done })
    }

    fn id(&self) -> Option<ID> {
        self.done.as_ref().ok().map(|done| ID::from(done.note))
    }

    async fn note(&self) -> Result<Option<Note>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        let which = self.done.as_ref().ok().map(|done| done.note).or(self.named);
        let (Some(viewpoint), Some(which)) = (viewpoint, which) else { return Ok(None) };
        Note::one(viewpoint, which).await
    }

    async fn record(&self) -> Result<Option<Record>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        let (Some(viewpoint), Ok(done)) = (viewpoint, &self.done) else { return Ok(None) };
        let on = done.record.by_kind();
        Records::new(viewpoint, [on].into_iter()).record(on).await
    }

    fn user_errors(&self) -> Vec<UserError> {
        self.done.as_ref().err().cloned().unwrap_or_default()
    }
}

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Kept);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The id of the note, also when it is no more. Null when the call was refused.
            async fn id(&self) -> Option<ID> {
                self.0.id()
            }

            /// The note as the caller sees it after the call, also when the call was refused. Null when there is none,
            /// and when the caller does not see it.
            async fn note(&self) -> Answer<Note> {
                Answer::of(self.0.note()).await
            }

            /// The record that it is on, as the caller sees it after the call. Null when the call was refused.
            async fn record(&self) -> Answer<Record> {
                Answer::of(self.0.record()).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors()
            }
        }
    )*};
}

payloads! {
    /// What `noteCreate` came to.
    NoteCreatePayload

    /// What `noteUpdate` came to. When it was so already, nothing happened and the version stays.
    NoteUpdatePayload

    /// What `noteDelete` came to. The note is null: it is no more.
    NoteDeletePayload
}
