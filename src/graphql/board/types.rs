//! A board, and its stages as siblings of one another.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Object;
use entity::{PipelineId, StageId};
use policy::MONETARY_VALUE;

use crate::domain::access::{BoardFilter, Count, Family, List, OpportunityFilter, StageTotal};
use crate::domain::page::{Page, Window};
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::gated::needs;
use crate::graphql::lists::OpportunitySort;
use crate::graphql::opportunity::{Money, Opportunity};
use crate::graphql::pipeline::{Pipeline, Stage};
use crate::graphql::siblings::{ByArguments, Once};

type Cards = ByArguments<(List<OpportunityFilter>, Window), Family<StageId, Opportunity>>;

/// What a board and its stages share.
#[derive(Debug)]
struct Shared {
    viewpoint: Arc<Viewpoint>,
    pipeline: Pipeline,
    filter: BoardFilter,
    totals: Once<HashMap<StageId, StageTotal>>,
    cards: Cards,
}

/// The board of a visible pipeline.
#[derive(Clone, Debug)]
pub struct Board(Arc<Shared>);

/// A stage of a board.
#[derive(Clone, Debug)]
pub struct BoardStage {
    stage: Stage,
    board: Board,
}

impl Board {
    /// The board of this pipeline, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find(
        viewpoint: &Arc<Viewpoint>,
        id: PipelineId,
        filter: BoardFilter,
    ) -> Result<Option<Self>, Failure> {
        let pipeline = Pipeline::all(viewpoint, &[id]).await?.remove(&id);
        let shared = |pipeline| Shared {
            viewpoint: Arc::clone(viewpoint),
            pipeline,
            filter,
            totals: Once::default(),
            cards: ByArguments::default(),
        };
        Ok(pipeline.map(|pipeline| Self(Arc::new(shared(pipeline)))))
    }

    async fn stage_ids(&self) -> Result<Vec<StageId>, Failure> {
        Ok(self.0.pipeline.its_stages().await?.iter().map(Stage::key).collect())
    }

    async fn totals(&self) -> Result<Arc<HashMap<StageId, StageTotal>>, Failure> {
        let load = async {
            let stages = self.stage_ids().await?;
            Ok(self.0.viewpoint.access().stage_totals(&stages, &self.0.filter).await?)
        };
        self.0.totals.get(load).await
    }

    async fn total_of(&self, stage: StageId) -> Result<StageTotal, Failure> {
        Ok(self.totals().await?.get(&stage).copied().unwrap_or_default())
    }

    async fn its_stages(&self) -> Result<Vec<BoardStage>, Failure> {
        let stages = self.0.pipeline.its_stages().await?;
        Ok(stages.into_iter().map(|stage| BoardStage { stage, board: self.clone() }).collect())
    }

    /// A sum of money for whoever may see what opportunities are worth; for nobody else is it read (A9).
    async fn money(&self, sum: impl Future<Output = Result<i64, Failure>>) -> Result<Money<'_>, Failure> {
        let access = self.0.viewpoint.access();
        if !access.actor().holds(MONETARY_VALUE.needs) {
            return Err(Failure::Forbidden(MONETARY_VALUE));
        }
        Ok(Money::of(sum.await?, &access.account().currency))
    }

    async fn whole_value(&self) -> Result<i64, Failure> {
        Ok(self.totals().await?.values().map(|total| total.value_minor).sum())
    }
}

/// A pipeline at work, as the viewer sees it: its stages side by side, with the opportunities in each.
#[Object]
impl Board {
    /// The pipeline that it shows.
    async fn pipeline(&self) -> Answer<Pipeline> {
        Ok(self.0.pipeline.clone()).into()
    }

    /// How many opportunities it holds, in all stages together.
    async fn count(&self) -> Answer<u64> {
        Answer::of(async { Ok(self.totals().await?.values().map(|total| total.opportunities).sum::<u64>()) })
            .await
    }

    /// What they are worth together, in the account's currency; those whose worth is not known add nothing. Needs
    /// `VIEW_LEAD_VALUE`: without it the field is null, with one `FORBIDDEN` error.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    async fn value(&self) -> Answer<Money<'_>> {
        Answer::of(self.money(self.whole_value())).await
    }

    /// Its stages, in the order in which deals run through them, empty ones too.
    async fn stages(&self) -> Answer<Vec<BoardStage>> {
        Answer::of(self.its_stages()).await
    }
}

impl BoardStage {
    async fn its_value(&self) -> Result<i64, Failure> {
        Ok(self.board.total_of(self.stage.key()).await?.value_minor)
    }

    async fn its_opportunities(
        &self,
        sort: Option<OpportunitySort>,
        paging: Paging,
    ) -> Result<Connection<Opportunity>, Failure> {
        let Shared { viewpoint, filter, cards, .. } = &*self.board.0;
        let stages = self.board.stage_ids().await?;
        let (sort, name) = OpportunitySort::order(viewpoint, Opportunity::LIST, sort)?;
        let window = paging.window(viewpoint, &name, stages.len())?;
        let list = List { filter: filter.of_list(), sort };

        let cell = cards.of((list.clone(), window.clone()));
        let load = async {
            let pages = viewpoint.access().opportunities_in(&stages, &list, &window).await?;
            Ok(Opportunity::families(viewpoint, pages))
        };
        let page = cell.get(load).await?.get(&self.stage.key()).cloned().unwrap_or_else(Page::empty);
        let counted = self.clone();
        let counter = move || {
            let counted = counted.clone();
            Box::pin(async move {
                let value = counted.board.total_of(counted.stage.key()).await?.opportunities;
                Ok(Count { value, is_exact: true })
            }) as _
        };
        Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
    }
}

/// A stage of a board, with what it holds of the opportunities that the viewer may see and that pass the board's filter.
#[Object]
impl BoardStage {
    /// The stage itself.
    async fn stage(&self) -> Answer<Stage> {
        Ok(self.stage.clone()).into()
    }

    /// How many opportunities are in it, however many of them are shown. Always exact.
    async fn count(&self) -> Answer<u64> {
        Answer::of(async { Ok(self.board.total_of(self.stage.key()).await?.opportunities) }).await
    }

    /// What they are worth together, in the account's currency; those whose worth is not known add nothing. Needs
    /// `VIEW_LEAD_VALUE`: without it the field is null, with one `FORBIDDEN` error for all stages.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    async fn value(&self) -> Answer<Money<'_>> {
        Answer::of(self.board.money(self.its_value())).await
    }

    /// Its opportunities, most recently updated first unless sorted otherwise. The pages of all stages are read together,
    /// and may hold at most 20,000 items. A cursor from here goes on in the query `opportunities`, given the same sort, the
    /// board's filter and this stage in `stageIds`.
    async fn opportunities(
        &self,
        #[graphql(desc = "The order of the cards; most recently updated first when left out.")] sort: Option<
            OpportunitySort,
        >,
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
    ) -> Answer<Connection<Opportunity>> {
        Answer::of(self.its_opportunities(sort, Paging { first, after, last, before })).await
    }
}
