//! Changes of the list of lost reasons.

use async_graphql::{Context, Object};

use super::inputs::{
    LostReasonCreateInput, LostReasonDeleteInput, LostReasonRenameInput, LostReasonReorderInput,
    LostReasonSettingsSaveInput,
};
use super::payloads::{
    Listed, LostReasonCreatePayload, LostReasonDeletePayload, LostReasonRenamePayload,
    LostReasonReorderPayload, LostReasonSettingsSavePayload,
};
use crate::domain::lost_reason::{create, delete, rename, reorder, save_settings};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;

/// The mutations of lost reasons.
#[derive(Debug, Default)]
pub struct LostReasonMutation;

/// The mutations of lost reasons.
#[Object]
impl LostReasonMutation {
    /// Offers a reason for what was lost. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason to offer.")] input: LostReasonCreateInput,
    ) -> Answer<LostReasonCreatePayload> {
        let (access, wish) = (ctx.viewpoint().access(), input.wish());
        let act = async { Ok(Some(retrying(async || create(access, &wish).await).await?.0)) };
        Answer::of(async { Listed::by(ctx.viewpoint(), act).await.map(LostReasonCreatePayload) }).await
    }

    /// Gives a reason other words; opportunities that were lost for it keep the old ones. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason and its new words.")] input: LostReasonRenameInput,
    ) -> Answer<LostReasonRenamePayload> {
        let (access, wish) = (ctx.viewpoint().access(), input.wish());
        let act = async {
            retrying(async || rename(access, &wish).await).await?;
            Ok(Some(wish.reason))
        };
        Answer::of(async { Listed::by(ctx.viewpoint(), act).await.map(LostReasonRenamePayload) }).await
    }

    /// Puts the list into another order. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reasons in their new order.")] input: LostReasonReorderInput,
    ) -> Answer<LostReasonReorderPayload> {
        let access = ctx.viewpoint().access();
        let act = async {
            let wish = input.wish()?;
            retrying(async || reorder(access, &wish).await).await?;
            Ok(None)
        };
        Answer::of(async { Listed::by(ctx.viewpoint(), act).await.map(LostReasonReorderPayload) }).await
    }

    /// Takes a reason off the list; opportunities that were lost for it keep its words. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason to offer no more.")] input: LostReasonDeleteInput,
    ) -> Answer<LostReasonDeletePayload> {
        let (access, reason) = (ctx.viewpoint().access(), input.reason());
        let act = async {
            retrying(async || delete(access, reason).await).await?;
            Ok(Some(reason))
        };
        Answer::of(async { Listed::by(ctx.viewpoint(), act).await.map(LostReasonDeletePayload) }).await
    }

    /// Says whether people may give reasons that are not on the list. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_settings_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The setting to save.")] input: LostReasonSettingsSaveInput,
    ) -> Answer<LostReasonSettingsSavePayload> {
        let access = ctx.viewpoint().access();
        let act = async {
            retrying(async || save_settings(access, input.only_listed).await).await?;
            Ok(None)
        };
        Answer::of(async { Listed::by(ctx.viewpoint(), act).await.map(LostReasonSettingsSavePayload) }).await
    }
}
