//! Saved views, one and all.

use async_graphql::{Context, ID, Object};

use super::SavedView;
use super::types::Kind;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;
use crate::graphql::id::named;

/// The queries about saved views.
#[derive(Debug, Default)]
pub struct SavedViewQuery;

/// The queries about saved views.
#[Object]
impl SavedViewQuery {
    /// The views of one kind that the viewer sees, by name: their own and those that the account shares. Empty for whoever
    /// may not see such records at all.
    async fn saved_views(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the views list.")] kind: Kind,
    ) -> Answer<Vec<SavedView>> {
        let viewpoint = ctx.viewpoint();
        let load = async {
            let rows = viewpoint.access().saved_views(kind.into()).await?;
            Ok(SavedView::siblings(viewpoint, rows))
        };
        Answer::of(load).await
    }

    /// The view with this id. Null when there is none, when the viewer may not see it, and when the text is no id of a
    /// view: the three answer alike.
    async fn saved_view(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of a view, `savedview_…`.")] id: ID,
    ) -> Answer<SavedView> {
        Answer::of(SavedView::one(ctx.viewpoint(), named(&id))).await
    }
}
