//! What the mutations of lost reasons answer.

use async_graphql::{ID, Object};
use entity::LostReasonId;

use super::LostReason;
use crate::domain;
use crate::domain::idempotency::Outcome;
use crate::graphql::account::Account;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// What an act on the list came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Listed {
    eyes: Eyes,
    done: Result<Option<LostReasonId>, Vec<UserError>>,
}

impl Listed {
    /// Runs an act; `which` says what reason it was about, if it was about one.
    ///
    /// # Errors
    /// A server that failed, and did nothing.
    pub async fn by<T: Outcome>(
        acting: &Acting,
        act: impl Future<Output = domain::error::Result<T>>,
        which: impl FnOnce(T) -> Option<LostReasonId>,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, done: done.map(which) })
    }

    fn id(&self) -> Option<ID> {
        self.done.as_ref().ok().copied().flatten().map(ID::from)
    }

    fn user_errors(&self) -> Vec<UserError> {
        self.done.as_ref().err().cloned().unwrap_or_default()
    }

    async fn all(&self) -> Result<Option<Vec<LostReason>>, Failure> {
        let Some(viewpoint) = self.eyes.as_ref().map_err(Clone::clone)? else { return Ok(None) };
        let all = viewpoint.access().lost_reasons().await?;
        Ok(Some(all.into_iter().map(LostReason::from).collect()))
    }
}

/// One payload about one reason: its id, the whole list, and `userErrors`.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub(super) Listed);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The id of the reason that the call was about. Null when it was refused, and where it was about all of them.
            async fn id(&self) -> Option<ID> {
                self.0.id()
            }

            /// The whole list as it stands after the call, also when it was refused.
            async fn lost_reasons(&self) -> Answer<Vec<LostReason>> {
                Answer::of(self.0.all()).await
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
    /// What `lostReasonCreate` came to.
    LostReasonCreatePayload
    /// What `lostReasonRename` came to. When it was called so already, nothing happened.
    LostReasonRenamePayload
    /// What `lostReasonReorder` came to. When the list stood so already, nothing happened.
    LostReasonReorderPayload
    /// What `lostReasonDelete` came to.
    LostReasonDeletePayload
}

/// What `lostReasonSettingsSave` came to.
#[derive(Debug)]
pub struct LostReasonSettingsSavePayload(pub(super) Listed);

/// What `lostReasonSettingsSave` came to. When it was so already, nothing happened.
#[Object]
impl LostReasonSettingsSavePayload {
    /// The account with its settings as they are after the call, also when it was refused.
    async fn account(&self) -> Answer<Account> {
        self.0.eyes.clone().map(|eyes| eyes.map(|viewpoint| Account::of(&viewpoint))).into()
    }

    /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was changed.
    async fn user_errors(&self) -> Vec<UserError> {
        self.0.user_errors()
    }
}
