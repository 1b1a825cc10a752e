//! The account's list of lost reasons.

use async_graphql::{Context, Object};

use super::LostReason;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;

/// The queries about lost reasons.
#[derive(Debug, Default)]
pub struct LostReasonQuery;

/// The queries about lost reasons.
#[Object]
impl LostReasonQuery {
    /// The reasons that the account offers for what was lost, in their order. Empty for whoever holds neither
    /// `VIEW_OPPORTUNITIES` nor `MANAGE_PIPELINES`. `Account.onlyListedLostReasons` says whether others are taken too.
    async fn lost_reasons(&self, ctx: &Context<'_>) -> Answer<Vec<LostReason>> {
        let access = ctx.viewpoint().access();
        let load = async { Ok(access.lost_reasons().await?.into_iter().map(LostReason::from).collect()) };
        Answer::of::<Vec<LostReason>>(load).await
    }
}
