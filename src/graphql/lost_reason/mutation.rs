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
use crate::graphql::payload::Acting;

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
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || create(acting.access(), &wish).await);
        Answer::of(async { Listed::by(acting, act, |(id, _)| Some(id)).await.map(LostReasonCreatePayload) })
            .await
    }

    /// Gives a reason other words; opportunities that were lost for it keep the old ones. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason and its new words.")] input: LostReasonRenameInput,
    ) -> Answer<LostReasonRenamePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || rename(acting.access(), &wish).await);
        Answer::of(async {
            Listed::by(acting, act, |_| Some(wish.reason)).await.map(LostReasonRenamePayload)
        })
        .await
    }

    /// Puts the list into another order. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reasons in their new order.")] input: LostReasonReorderInput,
    ) -> Answer<LostReasonReorderPayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || reorder(acting.access(), &wish).await).await
        };
        Answer::of(async { Listed::by(acting, act, |_| None).await.map(LostReasonReorderPayload) }).await
    }

    /// Takes a reason off the list; opportunities that were lost for it keep its words. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reason to offer no more.")] input: LostReasonDeleteInput,
    ) -> Answer<LostReasonDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let reason = input.reason();
        let act = retrying(async || delete(acting.access(), reason).await);
        Answer::of(async { Listed::by(acting, act, |_| Some(reason)).await.map(LostReasonDeletePayload) })
            .await
    }

    /// Says whether people may give reasons that are not on the list. Needs `MANAGE_PIPELINES`.
    async fn lost_reason_settings_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The setting to save.")] input: LostReasonSettingsSaveInput,
    ) -> Answer<LostReasonSettingsSavePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = retrying(async || save_settings(acting.access(), input.only_listed).await);
        Answer::of(async { Listed::by(acting, act, |_| None).await.map(LostReasonSettingsSavePayload) }).await
    }
}
