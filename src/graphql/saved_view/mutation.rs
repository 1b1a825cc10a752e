//! Changes of saved views, and what they answer.

use async_graphql::{Context, ID, Object};
use entity::SavedViewId;

use super::SavedView;
use super::inputs::{SavedViewCreateInput, SavedViewDeleteInput, SavedViewUpdateInput};
use crate::domain;
use crate::domain::idempotency::Outcome;
use crate::domain::retry::retrying;
use crate::domain::saved_view::{create, delete, update};
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// The mutations of saved views.
#[derive(Debug, Default)]
pub struct SavedViewMutation;

/// The mutations of saved views.
#[Object]
impl SavedViewMutation {
    /// Saves a view of the caller's own, private or shared with the account. Needs `VIEW_CONTACTS` or
    /// `VIEW_OPPORTUNITIES`, as its kind says. A person keeps at most 100 views, and an account shares at most 200 of each
    /// kind.
    async fn saved_view_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view to save.")] input: SavedViewCreateInput,
    ) -> Answer<SavedViewCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish(acting)?;
            retrying(async || create(acting.access(), &wish).await).await
        };
        Answer::of(async { Saved::by(acting, None, act, |made| made).await.map(SavedViewCreatePayload) })
            .await
    }

    /// Changes a view. Needs to be its owner, or an admin where it is shared.
    async fn saved_view_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: SavedViewUpdateInput,
    ) -> Answer<SavedViewUpdatePayload> {
        let acting = &Acting::of(ctx, &input);
        let view = input.view();
        let act = async {
            // How its parts are read hangs on its kind, which never changes.
            let seen = acting.access().find_saved_views(&[view]).await?;
            let wish = input.wish(acting, seen.get(&view).map(|view| view.kind))?;
            retrying(async || update(acting.access(), &wish).await).await
        };
        let which = |()| view;
        Answer::of(async { Saved::by(acting, Some(view), act, which).await.map(SavedViewUpdatePayload) })
            .await
    }

    /// Deletes a view; the records that it lists stay as they are. Needs to be its owner, or an admin where it is shared.
    async fn saved_view_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view to delete.")] input: SavedViewDeleteInput,
    ) -> Answer<SavedViewDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || delete(acting.access(), &wish).await);
        let which = |_| wish.view;
        Answer::of(async { Saved::by(acting, Some(wish.view), act, which).await.map(SavedViewDeletePayload) })
            .await
    }
}

/// What an act on a view came to, read through the caller's eyes as they are after it.
#[derive(Debug)]
pub struct Saved {
    eyes: Eyes,
    named: Option<SavedViewId>,
    done: Result<SavedViewId, Vec<UserError>>,
}

impl Saved {
    async fn by<T: Outcome>(
        acting: &Acting,
        named: Option<SavedViewId>,
        act: impl Future<Output = domain::error::Result<T>>,
        which: impl FnOnce(T) -> SavedViewId,
    ) -> Result<Self, Failure> {
        let (done, eyes) = settled(acting, act.await).await?;
        Ok(Self { eyes, named, done: done.map(which) })
    }

    fn id(&self) -> Option<ID> {
        self.done.as_ref().ok().copied().map(ID::from)
    }

    async fn view(&self) -> Result<Option<SavedView>, Failure> {
        let viewpoint = self.eyes.as_ref().map_err(Clone::clone)?;
        let view = self.done.as_ref().ok().copied().or(self.named);
        match (viewpoint, view) {
            (Some(viewpoint), Some(view)) => SavedView::one(viewpoint, view).await,
            _ => Ok(None),
        }
    }
}

/// The three payloads are alike.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(Saved);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// The id of the view. Null when the call was refused.
            async fn id(&self) -> Option<ID> {
                self.0.id()
            }

            /// The view as the caller sees it after the call, also when it was refused. Null when there is none.
            async fn saved_view(&self) -> Answer<SavedView> {
                Answer::of(self.0.view()).await
            }

            /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was
            /// changed.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.done.as_ref().err().cloned().unwrap_or_default()
            }
        }
    )*};
}

payloads! {
    /// What `savedViewCreate` came to.
    SavedViewCreatePayload
    /// What `savedViewUpdate` came to. When it was so already, nothing happened and the version stays.
    SavedViewUpdatePayload
    /// What `savedViewDelete` came to.
    SavedViewDeletePayload
}
