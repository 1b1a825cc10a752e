//! The board of a pipeline: which opportunities it holds, and the first cards of each stage.

use std::collections::HashMap;

use entity::{StageId, TypedId, opportunity};
use policy::Record as _;
use sea_orm::sea_query::{Expr, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, DbBackend, ExprTrait, QueryResult};
use uuid::Uuid;

use super::Access;
use super::children::{Family, Order};
use super::filter::{Filter, OpportunityFilter, PersonFilter};
use super::list::{List, placed, window_onto};
use super::record::Seen;
use super::sort::{SORTED_BY, SortKey};
use crate::domain::error::Result;
use crate::domain::page::{Page, Window};

/// SQLite unites at most 500 queries.
const MAX_UNITED: usize = 400;

/// Which opportunities a board holds; its counts and sums go by the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct BoardFilter {
    /// By owner.
    pub owner: Option<PersonFilter>,
    /// By follower.
    pub followers: Option<PersonFilter>,
    /// With one of these.
    pub statuses: Option<Vec<opportunity::Status>>,
}

impl BoardFilter {
    /// The same as a filter of a list.
    #[must_use]
    pub fn of_list(&self) -> OpportunityFilter {
        OpportunityFilter {
            owner: self.owner.clone(),
            followers: self.followers.clone(),
            statuses: self.statuses.clone(),
            ..OpportunityFilter::default()
        }
    }
}

impl Access {
    /// A page of the visible opportunities of each of these stages, in one statement. The stages must be of the account.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn opportunities_in(
        &self,
        stages: &[StageId],
        list: &List<OpportunityFilter>,
        window: &Window,
    ) -> Result<Family<StageId, Seen<policy::Opportunity>>> {
        let table = || policy::Opportunity::COLUMNS.table();
        let mut children = self.select::<policy::Opportunity>();
        children.cond_where(list.filter.condition(self));
        let by_membership =
            self.is_driven_by_membership::<policy::Opportunity>() && list.sort.key == SortKey::Updated;
        let (key, id) = if by_membership {
            // The index behind "what I own or follow" has the sort key in the membership itself.
            (Expr::col(("mine", "record_updated_at")), Expr::col(("mine", "record_id")))
        } else {
            (list.sort.key.of::<policy::Opportunity>(), Expr::col((table(), "id")))
        };
        children.expr_as(key.clone(), SORTED_BY);
        let order = Order { key, id, descending: list.sort.descending };
        let rows = self.per_stage(stages, children, order, window).await?;

        let mut found: HashMap<StageId, Vec<_>> = HashMap::new();
        for row in &rows {
            let (place, seen) = placed::<policy::Opportunity>(row, list.sort.key)?;
            found.entry(seen.row.stage_id).or_default().push((place, seen));
        }
        Ok(stages
            .iter()
            .map(|stage| (*stage, Page::of(found.remove(stage).unwrap_or_default(), window)))
            .collect())
    }

    /// The first rows of `children` for every stage. A stage holds far more than is shown of it: on SQLite, where a
    /// correlated subquery would be asked for every row of every stage, each one is a query of its own, and all of them
    /// are one statement.
    async fn per_stage(
        &self,
        stages: &[StageId],
        children: SelectStatement,
        order: Order,
        window: &Window,
    ) -> Result<Vec<QueryResult>> {
        let table = policy::Opportunity::COLUMNS.table();
        if self.base().database.backend() == DbBackend::Postgres || stages.len() > MAX_UNITED {
            let parents: Vec<Uuid> = stages.iter().map(|stage| stage.uuid()).collect();
            return self.per_parent("stage", &parents, children, (table, "stage_id"), order, window).await;
        }
        let mut selects = stages.iter().map(|stage| {
            let mut of_stage = children.clone();
            of_stage.and_where(Expr::col((table.clone(), "stage_id")).eq(*stage));
            window_onto(&mut of_stage, order.key.clone(), order.id.clone(), order.descending, window);
            Query::select().expr(Expr::cust("*")).from_subquery(of_stage, "of_stage").take()
        });
        let Some(mut all) = selects.next() else { return Ok(Vec::new()) };
        for select in selects {
            all.union(UnionType::All, select);
        }
        Ok(self.reader().query_all(&all).await?)
    }
}
