//! Changes of pipelines and stages.

use async_graphql::{Context, Object};

use super::inputs::{
    PipelineCreateInput, PipelineDeleteInput, PipelineRenameInput, PipelineReorderInput, StageCreateInput,
    StageDeleteInput, StageRenameInput, StageReorderInput,
};
use super::payloads::{
    Arranged, Named, PipelineCreatePayload, PipelineDeletePayload, PipelineRenamePayload,
    PipelineReorderPayload, StageCreatePayload, StageDeletePayload, StageRenamePayload, StageReorderPayload,
};
use crate::domain::pipeline::{create, delete, rename, reorder, stage};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::payload::Acting;

/// The mutations of pipelines and stages.
#[derive(Debug, Default)]
pub struct PipelineMutation;

/// The mutations of pipelines and stages.
#[Object]
impl PipelineMutation {
    /// Makes a pipeline with its stages, as the last one of the account. Needs `MANAGE_PIPELINES`.
    async fn pipeline_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline to make.")] input: PipelineCreateInput,
    ) -> Answer<PipelineCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || create(acting.access(), &wish).await);
        Answer::of(async { Arranged::making(acting, Named::Pipelines, act).await.map(PipelineCreatePayload) })
            .await
    }

    /// Gives a pipeline another name. Needs `MANAGE_PIPELINES`.
    async fn pipeline_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline and its new name.")] input: PipelineRenameInput,
    ) -> Answer<PipelineRenamePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let named = Named::Pipeline(wish.pipeline);
        let act = retrying(async || rename(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, named, act).await.map(PipelineRenamePayload) }).await
    }

    /// Puts the account's pipelines into another order. Needs `MANAGE_PIPELINES`.
    async fn pipeline_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipelines in their new order.")] input: PipelineReorderInput,
    ) -> Answer<PipelineReorderPayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || reorder(acting.access(), &wish).await).await
        };
        Answer::of(async { Arranged::by(acting, Named::Pipelines, act).await.map(PipelineReorderPayload) })
            .await
    }

    /// Deletes a pipeline with its stages; all its opportunities go to a stage of another pipeline, and their history says
    /// so. Needs `MANAGE_PIPELINES`. The last pipeline of the account stays.
    async fn pipeline_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline, and where its opportunities go.")] input: PipelineDeleteInput,
    ) -> Answer<PipelineDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let named = Named::Pipeline(wish.pipeline);
        let act = retrying(async || delete(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, named, act).await.map(PipelineDeletePayload) }).await
    }

    /// Makes a stage of a pipeline. Needs `MANAGE_PIPELINES`.
    async fn stage_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage to make.")] input: StageCreateInput,
    ) -> Answer<StageCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let (named, wish) = (Named::Pipeline(input.pipeline()), input.wish());
        let act = retrying(async || stage::create(acting.access(), &wish).await);
        Answer::of(async { Arranged::making(acting, named, act).await.map(StageCreatePayload) }).await
    }

    /// Gives a stage another name. Needs `MANAGE_PIPELINES`.
    async fn stage_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage and its new name.")] input: StageRenameInput,
    ) -> Answer<StageRenamePayload> {
        let acting = &Acting::of(ctx, &input);
        let (named, wish) = (Named::Stage(input.stage()), input.wish());
        let act = retrying(async || stage::rename(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, named, act).await.map(StageRenamePayload) }).await
    }

    /// Puts the stages of a pipeline into another order. Needs `MANAGE_PIPELINES`.
    async fn stage_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline and its stages in their new order.")] input: StageReorderInput,
    ) -> Answer<StageReorderPayload> {
        let acting = &Acting::of(ctx, &input);
        let named = Named::Pipeline(input.pipeline());
        let act = async {
            let wish = input.wish()?;
            retrying(async || stage::reorder(acting.access(), &wish).await).await
        };
        Answer::of(async { Arranged::by(acting, named, act).await.map(StageReorderPayload) }).await
    }

    /// Deletes a stage; all its opportunities go to another stage of the same pipeline, and their history says so. Needs
    /// `MANAGE_PIPELINES`. The last stage of a pipeline stays.
    async fn stage_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage, and where its opportunities go.")] input: StageDeleteInput,
    ) -> Answer<StageDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let named = Named::Stage(wish.stage);
        let act = retrying(async || stage::delete(acting.access(), &wish).await);
        Answer::of(async { Arranged::by(acting, named, act).await.map(StageDeletePayload) }).await
    }
}
