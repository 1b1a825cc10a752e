//! The list of what was flagged.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::types::DuplicateFlag;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;

/// The queries about duplicates.
#[derive(Debug, Default)]
pub struct DuplicateQuery;

/// The queries about duplicates.
#[Object]
impl DuplicateQuery {
    /// Records that are the same as another one which their maker could not see, the latest first. For admins; empty for
    /// everybody else.
    async fn duplicate_flags(
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
    ) -> Answer<Connection<DuplicateFlag>> {
        Answer::of(flags(ctx.viewpoint(), Paging { first, after, last, before })).await
    }
}

async fn flags(viewpoint: &Arc<Viewpoint>, paging: Paging) -> Result<Connection<DuplicateFlag>, Failure> {
    let window = paging.window(viewpoint, DuplicateFlag::NAME, 1)?;
    let page = viewpoint.access().duplicate_flags(&window).await?;
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_duplicate_flags().await?) }) as _
    };
    let page = DuplicateFlag::page(viewpoint, page);
    Ok(Connection::new(viewpoint, DuplicateFlag::NAME, page, Box::new(counter)))
}
