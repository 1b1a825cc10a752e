//! What callers say of pipelines and stages.

use async_graphql::{ID, InputObject};
use entity::{PipelineId, StageId};

use crate::domain::error::Result;
use crate::domain::pipeline::stage::{CreateStage, DeleteStage, RenameStage, ReorderStages};
use crate::domain::pipeline::{CreatePipeline, DeletePipeline, RenamePipeline, ReorderPipelines};
use crate::graphql::id::{all_named, named};
use crate::graphql::inputs::few;
use crate::graphql::payload::IdempotencyInput;

/// A new pipeline with its stages.
#[derive(InputObject)]
pub struct PipelineCreateInput {
    /// What it is called, at most 200 characters. No other pipeline of the account may have the name, whatever its case.
    name: String,
    /// What its stages are called, in their order: 1 to 100, each name once, whatever its case.
    stages: Vec<String>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl PipelineCreateInput {
    pub(super) fn wish(self) -> CreatePipeline {
        CreatePipeline { name: self.name, stages: self.stages }
    }
}

/// Another name for a pipeline.
#[derive(InputObject)]
pub struct PipelineRenameInput {
    /// The pipeline to rename.
    id: ID,
    /// What it is called from now on, at most 200 characters. No other pipeline of the account may have the name, whatever
    /// its case.
    name: String,
    /// The `version` that the caller has seen. When the pipeline has another one by now, nothing is changed,
    /// `StaleVersion` is answered, and the payload shows the pipeline as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl PipelineRenameInput {
    pub(super) fn wish(self) -> RenamePipeline {
        RenamePipeline { pipeline: named(&self.id), name: self.name, expected_version: self.expected_version }
    }
}

/// Another order of the account's pipelines.
#[derive(InputObject)]
pub struct PipelineReorderInput {
    /// All pipelines of the account, each once, in their new order. An order that misses one, because somebody made it in
    /// the meantime, is refused.
    pipeline_ids: Vec<ID>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl PipelineReorderInput {
    pub(super) fn wish(&self) -> Result<ReorderPipelines> {
        few(&self.pipeline_ids, "pipelineIds")?;
        Ok(ReorderPipelines { pipelines: all_named(&self.pipeline_ids) })
    }
}

/// A pipeline to delete, and where its opportunities go.
#[derive(InputObject)]
pub struct PipelineDeleteInput {
    /// The pipeline to delete, with all its stages.
    id: ID,
    /// The stage of another pipeline to which all its opportunities go. It must be given even where the caller sees none:
    /// there may be some that they do not see.
    move_to: ID,
    /// The `version` that the caller has seen. When the pipeline has another one by now, nothing is changed,
    /// `StaleVersion` is answered, and the payload shows the pipeline as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl PipelineDeleteInput {
    pub(super) fn wish(&self) -> DeletePipeline {
        DeletePipeline {
            pipeline: named(&self.id),
            move_to: named(&self.move_to),
            expected_version: self.expected_version,
        }
    }
}

/// A new stage of a pipeline.
#[derive(InputObject)]
pub struct StageCreateInput {
    /// The pipeline that gets it.
    pipeline_id: ID,
    /// What it is called, at most 200 characters. No other stage of the pipeline may have the name, whatever its case.
    name: String,
    /// Its place in the pipeline, from 0; those that stand there and after it move on by one. The last one when left out.
    position: Option<i32>,
    /// The `version` of the pipeline that the caller has seen. When it has another one by now, nothing is changed,
    /// `StaleVersion` is answered, and the payload shows the pipeline as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl StageCreateInput {
    pub(super) fn pipeline(&self) -> PipelineId {
        named(&self.pipeline_id)
    }

    pub(super) fn wish(self) -> CreateStage {
        CreateStage {
            pipeline: self.pipeline(),
            name: self.name,
            position: self.position,
            expected_version: self.expected_version,
        }
    }
}

/// Another name for a stage.
#[derive(InputObject)]
pub struct StageRenameInput {
    /// The stage to rename.
    id: ID,
    /// What it is called from now on, at most 200 characters. No other stage of the pipeline may have the name, whatever
    /// its case.
    name: String,
    /// The `version` of the pipeline that the caller has seen. When it has another one by now, nothing is changed,
    /// `StaleVersion` is answered, and the payload shows the pipeline as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl StageRenameInput {
    pub(super) fn stage(&self) -> StageId {
        named(&self.id)
    }

    pub(super) fn wish(self) -> RenameStage {
        RenameStage { stage: self.stage(), name: self.name, expected_version: self.expected_version }
    }
}

/// Another order of the stages of a pipeline.
#[derive(InputObject)]
pub struct StageReorderInput {
    /// The pipeline whose stages are ordered.
    pipeline_id: ID,
    /// All stages of the pipeline, each once, in their new order. An order that misses one, because somebody made it in
    /// the meantime, is refused.
    stage_ids: Vec<ID>,
    /// The `version` of the pipeline that the caller has seen. When it has another one by now, nothing is changed,
    /// `StaleVersion` is answered, and the payload shows the pipeline as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl StageReorderInput {
    pub(super) fn pipeline(&self) -> PipelineId {
        named(&self.pipeline_id)
    }

    pub(super) fn wish(&self) -> Result<ReorderStages> {
        few(&self.stage_ids, "stageIds")?;
        Ok(ReorderStages {
            pipeline: self.pipeline(),
            stages: all_named(&self.stage_ids),
            expected_version: self.expected_version,
        })
    }
}

/// A stage to delete, and where its opportunities go.
#[derive(InputObject)]
pub struct StageDeleteInput {
    /// The stage to delete. The last one of a pipeline stays.
    id: ID,
    /// Another stage of the same pipeline, to which all its opportunities go. It must be given even where the caller sees
    /// none: there may be some that they do not see.
    move_to: ID,
    /// The `version` of the pipeline that the caller has seen. When it has another one by now, nothing is changed,
    /// `StaleVersion` is answered, and the payload shows the pipeline as it is. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl StageDeleteInput {
    pub(super) fn wish(&self) -> DeleteStage {
        DeleteStage {
            stage: named(&self.id),
            move_to: named(&self.move_to),
            expected_version: self.expected_version,
        }
    }
}
