//! What all events of streams have in common.

use async_graphql::{Context, Enum};
use entity::ActivityId;

use crate::graphql::activity::Activity;
use crate::graphql::context::Viewing;
use crate::graphql::error::Failure;

/// What an event of a stream says.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamEventKind {
    /// The stream is open. Whatever happens from here on is told: read the list or the record now, and nothing is missed in
    /// between. It comes first, unless the subscription resumes with `after`.
    Started,
    /// Something happened; `activity` says what, who did it and why.
    Changed,
    /// Something left the stream, or the subscriber's sight: only its id is told.
    Removed,
    /// What the subscriber may see has changed as a whole, or events since the cursor are not kept any more: read again.
    Reload,
    /// The subscriber may not see what the stream is about any more, or it is gone. The stream ends with this.
    AccessEnded,
}

/// What every event of a stream carries.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What it says.
    pub kind: StreamEventKind,
    /// What happened, where that may be told.
    pub activity: Option<ActivityId>,
    /// From where a subscriber resumes who has got this.
    pub cursor: Option<String>,
}

impl Turn {
    /// What happened, through the subscriber's eyes.
    pub async fn activity(&self, ctx: &Context<'_>) -> Result<Option<Activity>, Failure> {
        let Some(id) = self.activity else { return Ok(None) };
        Ok(Activity::all(ctx.viewpoint(), &[id]).await?.remove(&id))
    }
}
