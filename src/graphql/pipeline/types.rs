//! A pipeline and its stages.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{PipelineId, StageId, pipeline, stage};

use crate::graphql::answer::Answer;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::siblings::Once;

/// A pipeline, one of the siblings of a page.
#[derive(Clone, Debug)]
pub struct Pipeline {
    row: Arc<pipeline::Model>,
    siblings: Arc<PipelineSiblings>,
}

#[derive(Debug)]
struct PipelineSiblings {
    viewpoint: Arc<Viewpoint>,
    ids: Vec<PipelineId>,
    stages: Once<HashMap<PipelineId, Vec<Stage>>>,
}

impl Pipeline {
    /// These pipelines, siblings of one another.
    pub fn siblings(viewpoint: &Arc<Viewpoint>, rows: Vec<pipeline::Model>) -> Vec<Self> {
        let siblings = Arc::new(PipelineSiblings {
            viewpoint: Arc::clone(viewpoint),
            ids: rows.iter().map(|row| row.id).collect(),
            stages: Once::default(),
        });
        rows.into_iter().map(|row| Self { row: Arc::new(row), siblings: Arc::clone(&siblings) }).collect()
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[PipelineId],
    ) -> Result<HashMap<PipelineId, Self>, Failure> {
        let rows = viewpoint.access().find_pipelines(ids).await?.into_values().collect();
        Ok(Self::siblings(viewpoint, rows).into_iter().map(|pipeline| (pipeline.row.id, pipeline)).collect())
    }

    /// Its stages, in their order.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn its_stages(&self) -> Result<Vec<Stage>, Failure> {
        let siblings = &self.siblings;
        let stages = siblings.stages.get(Stage::of(&siblings.viewpoint, &siblings.ids)).await?;
        Ok(stages.get(&self.row.id).cloned().unwrap_or_default())
    }
}

/// An ordered list of stages that deals run through. Seeing pipelines needs `VIEW_OPPORTUNITIES` or `MANAGE_PIPELINES`;
/// everybody who may, sees all of the account.
#[Object]
impl Pipeline {
    /// The global id, `pipeline_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// What it is called; no two pipelines of the account have the same name.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Its place among the account's pipelines, from 0.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// Its stages, in the order in which deals run through them. There is at least one.
    async fn stages(&self) -> Answer<Vec<Stage>> {
        Answer::of(self.its_stages()).await
    }
}

/// A stage, one of the siblings of a page.
#[derive(Clone, Debug)]
pub struct Stage {
    row: Arc<stage::Model>,
    siblings: Arc<StageSiblings>,
}

#[derive(Debug)]
struct StageSiblings {
    viewpoint: Arc<Viewpoint>,
    pipelines: Vec<PipelineId>,
    found: Once<HashMap<PipelineId, Pipeline>>,
}

impl Stage {
    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(viewpoint: &Arc<Viewpoint>, ids: &[StageId]) -> Result<HashMap<StageId, Self>, Failure> {
        let rows = viewpoint.access().find_stages(ids).await?.into_values().collect();
        Ok(Self::siblings(viewpoint, rows).into_iter().map(|stage| (stage.row.id, stage)).collect())
    }

    /// The stages of these visible pipelines, each list in its order.
    async fn of(
        viewpoint: &Arc<Viewpoint>,
        pipelines: &[PipelineId],
    ) -> Result<HashMap<PipelineId, Vec<Self>>, Failure> {
        let rows = viewpoint.access().stages_of(pipelines).await?.into_values().flatten().collect();
        let mut stages: HashMap<PipelineId, Vec<Self>> = HashMap::new();
        for stage in Self::siblings(viewpoint, rows) {
            stages.entry(stage.row.pipeline_id).or_default().push(stage);
        }
        Ok(stages)
    }

    fn siblings(viewpoint: &Arc<Viewpoint>, rows: Vec<stage::Model>) -> Vec<Self> {
        let siblings = Arc::new(StageSiblings {
            viewpoint: Arc::clone(viewpoint),
            pipelines: rows.iter().map(|row| row.pipeline_id).collect(),
            found: Once::default(),
        });
        rows.into_iter().map(|row| Self { row: Arc::new(row), siblings: Arc::clone(&siblings) }).collect()
    }

    /// Its id.
    pub fn key(&self) -> StageId {
        self.row.id
    }

    async fn its_pipeline(&self) -> Result<Option<Pipeline>, Failure> {
        let siblings = &self.siblings;
        let found = siblings.found.get(Pipeline::all(&siblings.viewpoint, &siblings.pipelines)).await?;
        Ok(found.get(&self.row.pipeline_id).cloned())
    }
}

/// One step of a pipeline. It says how far a deal has come, not how it ended: that is its status.
#[Object]
impl Stage {
    /// The global id, `stage_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// What it is called; no two stages of a pipeline have the same name.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Its place in the pipeline, from 0.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// The pipeline that it belongs to.
    async fn pipeline(&self) -> Answer<Pipeline> {
        Answer::of(self.its_pipeline()).await
    }
}
