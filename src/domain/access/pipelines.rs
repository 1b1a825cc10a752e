//! Pipelines and stages.

use std::collections::HashMap;

use entity::{PipelineId, StageId, TypedId, pipeline, stage};
use policy::Action;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};

use super::Access;
use crate::domain::error::Result;
use crate::domain::record::RecordTable;

impl Access {
    /// How many of these records the viewer sees.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_visible<R: RecordTable>(&self, ids: &[R::Id]) -> Result<u64> {
        let mut select = Query::select();
        self.scope_from::<R>(&mut select);
        select
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .and_where(Expr::col((R::COLUMNS.table(), "id")).is_in(ids.iter().map(|id| id.uuid())));
        let row = self.reader().query_one(&select).await?;
        let counted: i64 = row.map_or(Ok(0), |row| row.try_get("", "counted"))?;
        Ok(u64::try_from(counted).unwrap_or_default())
    }

    /// The account's pipelines in their order; none for whoever may see none.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn pipelines(&self) -> Result<Vec<pipeline::Model>> {
        if !self.may::<policy::Pipeline>(Action::View).is_granted() {
            return Ok(Vec::new());
        }
        Ok(pipeline::Entity::find()
            .filter(pipeline::Column::AccountId.eq(self.actor().account))
            .order_by_asc(pipeline::Column::Position)
            .order_by_asc(pipeline::Column::Id)
            .all(self.reader())
            .await?)
    }

    /// The visible ones among these pipelines.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_pipelines(&self, ids: &[PipelineId]) -> Result<HashMap<PipelineId, pipeline::Model>> {
        if !self.may::<policy::Pipeline>(Action::View).is_granted() {
            return Ok(HashMap::new());
        }
        let rows = pipeline::Entity::find()
            .filter(pipeline::Column::AccountId.eq(self.actor().account))
            .filter(pipeline::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// The stages of these pipelines, each list in its order. The pipelines must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn stages_of(
        &self,
        pipelines: &[PipelineId],
    ) -> Result<HashMap<PipelineId, Vec<stage::Model>>> {
        let rows = stage::Entity::find()
            .filter(stage::Column::AccountId.eq(self.actor().account))
            .filter(stage::Column::PipelineId.is_in(pipelines.iter().copied()))
            .order_by_asc(stage::Column::Position)
            .order_by_asc(stage::Column::Id)
            .all(self.reader())
            .await?;
        let mut stages: HashMap<PipelineId, Vec<stage::Model>> = HashMap::new();
        for row in rows {
            stages.entry(row.pipeline_id).or_default().push(row);
        }
        Ok(stages)
    }

    /// These stages, where the viewer may see pipelines at all.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_stages(&self, ids: &[StageId]) -> Result<HashMap<StageId, stage::Model>> {
        if !self.may::<policy::Pipeline>(Action::View).is_granted() {
            return Ok(HashMap::new());
        }
        let rows = stage::Entity::find()
            .filter(stage::Column::AccountId.eq(self.actor().account))
            .filter(stage::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}
