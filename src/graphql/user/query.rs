//! The viewer and their colleagues.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::User;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;

/// The name of the list of colleagues in cursors.
const LIST: &str = "users";

/// The queries about people.
#[derive(Debug, Default)]
pub struct UserQuery;

/// The queries about people.
#[Object]
impl UserQuery {
    /// The person on whose behalf the request runs, with the rights of this moment.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<User> {
        let viewpoint = ctx.viewpoint();
        viewpoint.access().viewer().map(|row| User::new(viewpoint, row.clone()))
    }

    /// The active people of the account, by name: whom one can make owner or follower. Open to every user of the
    /// account, restricted ones included.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
    ) -> Answer<Connection<User>> {
        Answer::of(users(ctx.viewpoint(), Paging { first, after, last, before })).await
    }
}

async fn users(viewpoint: &Arc<Viewpoint>, paging: Paging) -> Result<Connection<User>, Failure> {
    let window = paging.window(viewpoint, LIST, 1)?;
    let page = viewpoint.access().colleagues(&window).await?;
    let page = User::page(viewpoint, page);
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_colleagues().await?) }) as _
    };
    Ok(Connection::new(viewpoint, LIST, page, Box::new(counter)))
}
