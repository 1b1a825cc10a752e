//! Lists of what is deleted and can be restored.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::types::{DeletedContact, DeletedOpportunity};
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;

/// The queries about what is deleted.
#[derive(Debug, Default)]
pub struct DeletionQuery;

/// The queries about what is deleted.
#[Object]
impl DeletionQuery {
    /// The deleted contacts that the viewer may restore, the latest deletion first. Empty for whoever lacks
    /// `DELETE_CONTACTS`; a restricted user finds those that they owned or followed.
    async fn deleted_contacts(
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
    ) -> Answer<Connection<DeletedContact>> {
        Answer::of(contacts(ctx.viewpoint(), Paging { first, after, last, before })).await
    }

    /// The deleted opportunities that the viewer could restore, the latest deletion first, those too that went with their
    /// contact and come back with it only. Empty for whoever lacks `DELETE_OPPORTUNITIES`; a restricted user finds those
    /// that they owned or followed.
    async fn deleted_opportunities(
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
    ) -> Answer<Connection<DeletedOpportunity>> {
        Answer::of(opportunities(ctx.viewpoint(), Paging { first, after, last, before })).await
    }
}

async fn contacts(viewpoint: &Arc<Viewpoint>, paging: Paging) -> Result<Connection<DeletedContact>, Failure> {
    let window = paging.window(viewpoint, DeletedContact::NAME, 1)?;
    let page = viewpoint.access().deleted::<policy::Contact>(&window).await?;
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_deleted::<policy::Contact>().await?) }) as _
    };
    let page = DeletedContact::page(viewpoint, page);
    Ok(Connection::new(viewpoint, DeletedContact::NAME, page, Box::new(counter)))
}

async fn opportunities(
    viewpoint: &Arc<Viewpoint>,
    paging: Paging,
) -> Result<Connection<DeletedOpportunity>, Failure> {
    let window = paging.window(viewpoint, DeletedOpportunity::NAME, 1)?;
    let page = viewpoint.access().deleted::<policy::Opportunity>(&window).await?;
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_deleted::<policy::Opportunity>().await?) }) as _
    };
    let page = DeletedOpportunity::page(viewpoint, page);
    Ok(Connection::new(viewpoint, DeletedOpportunity::NAME, page, Box::new(counter)))
}
