//! The account's pipelines.

use async_graphql::{Context, Object};

use super::Pipeline;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;

/// The queries about pipelines.
#[derive(Debug, Default)]
pub struct PipelineQuery;

/// The queries about pipelines.
#[Object]
impl PipelineQuery {
    /// All pipelines of the account, in their order. Empty for whoever holds neither `VIEW_OPPORTUNITIES` nor
    /// `MANAGE_PIPELINES`.
    async fn pipelines(&self, ctx: &Context<'_>) -> Answer<Vec<Pipeline>> {
        let viewpoint = ctx.viewpoint();
        let load = async { Ok(Pipeline::siblings(viewpoint, viewpoint.access().pipelines().await?)) };
        Answer::of(load).await
    }
}
