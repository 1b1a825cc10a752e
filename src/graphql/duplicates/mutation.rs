//! Dismisses what was flagged.

use async_graphql::{Context, ID, InputObject, Object};
use entity::DuplicateFlagId;

use crate::domain::duplicates::{DismissFlag, dismiss};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::id::named;
use crate::graphql::payload::{Acting, IdempotencyInput, settled};
use crate::graphql::user_errors::UserError;

/// The mutations about duplicates.
#[derive(Debug, Default)]
pub struct DuplicateMutation;

/// A flag to take off the list.
#[derive(InputObject)]
pub struct DuplicateFlagDismissInput {
    /// A flag of `duplicateFlags`.
    id: ID,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// The mutations about duplicates.
#[Object]
impl DuplicateMutation {
    /// Takes a flag off the list of `duplicateFlags`, for good: the two records stay as they are and are not flagged again
    /// for the same. Needs to be an admin.
    async fn duplicate_flag_dismiss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The flag to take off the list.")] input: DuplicateFlagDismissInput,
    ) -> Answer<DuplicateFlagDismissPayload> {
        let acting = &Acting::of(ctx, &input);
        let flag: DuplicateFlagId = named(&input.id);
        let dismissing = async {
            let done = retrying(async || dismiss(acting.access(), &DismissFlag { flag }).await).await;
            let (done, _) = settled(acting, done).await?;
            let id = done.is_ok().then_some(flag);
            Ok(DuplicateFlagDismissPayload { id, user_errors: done.err().unwrap_or_default() })
        };
        Answer::of(dismissing).await
    }
}

/// What `duplicateFlagDismiss` came to.
#[derive(Debug)]
pub struct DuplicateFlagDismissPayload {
    id: Option<DuplicateFlagId>,
    user_errors: Vec<UserError>,
}

/// What `duplicateFlagDismiss` came to. When it was off the list already, nothing happened.
#[Object]
impl DuplicateFlagDismissPayload {
    /// The id of the flag. Null when the call was refused.
    async fn id(&self) -> Option<ID> {
        self.id.map(ID::from)
    }

    /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was changed.
    async fn user_errors(&self) -> Vec<UserError> {
        self.user_errors.clone()
    }
}
