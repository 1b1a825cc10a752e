//! A pipeline and its stages.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{PipelineId, StageId, pipeline, stage};

use crate::domain::access::{Count, Family};
use crate::domain::page::{Page, Window};
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::siblings::{ByArguments, Once};

/// The name of the history in cursors.
const HISTORY: &str = "activity";

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
    activity: ByArguments<Window, Family<PipelineId, Activity>>,
    activity_counts: Once<HashMap<PipelineId, Count>>,
}

impl Pipeline {
    /// These pipelines, siblings of one another.
    pub fn siblings(viewpoint: &Arc<Viewpoint>, rows: Vec<pipeline::Model>) -> Vec<Self> {
        let siblings = Arc::new(PipelineSiblings {
            viewpoint: Arc::clone(viewpoint),
            ids: rows.iter().map(|row| row.id).collect(),
            stages: Once::default(),
            activity: ByArguments::default(),
            activity_counts: Once::default(),
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

    async fn its_activity(&self, paging: Paging) -> Result<Connection<Activity>, Failure> {
        let siblings = &self.siblings;
        let window = paging.window(&siblings.viewpoint, HISTORY, siblings.ids.len())?;
        let load = async {
            let access = siblings.viewpoint.access();
            let found = access.activity_of_pipelines(&siblings.ids, &window).await?;
            Ok(Activity::families(&siblings.viewpoint, found))
        };
        let pages = siblings.activity.of(window.clone()).get(load).await?;
        let page = pages.get(&self.row.id).cloned().unwrap_or_else(Page::empty);
        let counted = self.clone();
        let counter = move || {
            let counted = counted.clone();
            Box::pin(async move { counted.count_activity().await }) as _
        };
        Ok(Connection::new(&siblings.viewpoint, HISTORY, page, Box::new(counter)))
    }

    async fn count_activity(&self) -> Result<Count, Failure> {
        let siblings = &self.siblings;
        let load =
            async { Ok(siblings.viewpoint.access().count_activity_of_pipelines(&siblings.ids).await?) };
        let counts = siblings.activity_counts.get(load).await?;
        Ok(counts.get(&self.row.id).copied().unwrap_or(Count { value: 0, is_exact: true }))
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

    /// Raised by every change of its name and of its stages; its place among the pipelines does not count. Give it as
    /// `expectedVersion` to be refused when somebody else was faster.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// The history of the pipeline and of its stages, those that are gone included, newest first. Its opportunities have
    /// their own.
    async fn activity(
        &self,
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
    ) -> Answer<Connection<Activity>> {
        Answer::of(self.its_activity(Paging { first, after, last, before })).await
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

    pub(super) async fn its_pipeline(&self) -> Result<Option<Pipeline>, Failure> {
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
