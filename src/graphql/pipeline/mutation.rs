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
use crate::graphql::context::Viewing;

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
        let (viewpoint, wish) = (ctx.viewpoint(), input.wish());
        let act = async {
            let (id, committed) = retrying(async || create(viewpoint.access(), &wish).await).await?;
            Ok((Some(Named::Pipeline(id)), committed))
        };
        Answer::of(async { Arranged::by(viewpoint, Named::Pipelines, act).await.map(PipelineCreatePayload) })
            .await
    }

    /// Gives a pipeline another name. Needs `MANAGE_PIPELINES`.
    async fn pipeline_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline and its new name.")] input: PipelineRenameInput,
    ) -> Answer<PipelineRenamePayload> {
        let (viewpoint, wish) = (ctx.viewpoint(), input.wish());
        let named = Named::Pipeline(wish.pipeline);
        let act = async { Ok((None, retrying(async || rename(viewpoint.access(), &wish).await).await?)) };
        Answer::of(async { Arranged::by(viewpoint, named, act).await.map(PipelineRenamePayload) }).await
    }

    /// Puts the account's pipelines into another order. Needs `MANAGE_PIPELINES`.
    async fn pipeline_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipelines in their new order.")] input: PipelineReorderInput,
    ) -> Answer<PipelineReorderPayload> {
        let viewpoint = ctx.viewpoint();
        let act = async {
            let wish = input.wish()?;
            Ok((None, retrying(async || reorder(viewpoint.access(), &wish).await).await?))
        };
        Answer::of(async { Arranged::by(viewpoint, Named::Pipelines, act).await.map(PipelineReorderPayload) })
            .await
    }

    /// Deletes a pipeline with its stages; all its opportunities go to a stage of another pipeline, and their history says
    /// so. Needs `MANAGE_PIPELINES`. The last pipeline of the account stays.
    async fn pipeline_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline, and where its opportunities go.")] input: PipelineDeleteInput,
    ) -> Answer<PipelineDeletePayload> {
        let (viewpoint, wish) = (ctx.viewpoint(), input.wish());
        let named = Named::Pipeline(wish.pipeline);
        let act = async { Ok((None, retrying(async || delete(viewpoint.access(), &wish).await).await?)) };
        Answer::of(async { Arranged::by(viewpoint, named, act).await.map(PipelineDeletePayload) }).await
    }

    /// Makes a stage of a pipeline. Needs `MANAGE_PIPELINES`.
    async fn stage_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage to make.")] input: StageCreateInput,
    ) -> Answer<StageCreatePayload> {
        let viewpoint = ctx.viewpoint();
        let (named, wish) = (Named::Pipeline(input.pipeline()), input.wish());
        let act = async {
            let (id, committed) = retrying(async || stage::create(viewpoint.access(), &wish).await).await?;
            Ok((Some(Named::Stage(id)), committed))
        };
        Answer::of(async { Arranged::by(viewpoint, named, act).await.map(StageCreatePayload) }).await
    }

    /// Gives a stage another name. Needs `MANAGE_PIPELINES`.
    async fn stage_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage and its new name.")] input: StageRenameInput,
    ) -> Answer<StageRenamePayload> {
        let viewpoint = ctx.viewpoint();
        let (named, wish) = (Named::Stage(input.stage()), input.wish());
        let act =
            async { Ok((None, retrying(async || stage::rename(viewpoint.access(), &wish).await).await?)) };
        Answer::of(async { Arranged::by(viewpoint, named, act).await.map(StageRenamePayload) }).await
    }

    /// Puts the stages of a pipeline into another order. Needs `MANAGE_PIPELINES`.
    async fn stage_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pipeline and its stages in their new order.")] input: StageReorderInput,
    ) -> Answer<StageReorderPayload> {
        let viewpoint = ctx.viewpoint();
        let named = Named::Pipeline(input.pipeline());
        let act = async {
            let wish = input.wish()?;
            Ok((None, retrying(async || stage::reorder(viewpoint.access(), &wish).await).await?))
        };
        Answer::of(async { Arranged::by(viewpoint, named, act).await.map(StageReorderPayload) }).await
    }

    /// Deletes a stage; all its opportunities go to another stage of the same pipeline, and their history says so. Needs
    /// `MANAGE_PIPELINES`. The last stage of a pipeline stays.
    async fn stage_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The stage, and where its opportunities go.")] input: StageDeleteInput,
    ) -> Answer<StageDeletePayload> {
        let (viewpoint, wish) = (ctx.viewpoint(), input.wish());
        let named = Named::Stage(wish.stage);
        let act =
            async { Ok((None, retrying(async || stage::delete(viewpoint.access(), &wish).await).await?)) };
        Answer::of(async { Arranged::by(viewpoint, named, act).await.map(StageDeletePayload) }).await
    }
}
