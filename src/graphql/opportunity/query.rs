//! One opportunity, and lists of them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::aggregates::{OpportunityAggregates, OpportunityGroupBy, aggregates};
use super::{Opportunity, OpportunityFilterInput};
use crate::domain::access::List;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;
use crate::graphql::id::named;
use crate::graphql::lists::OpportunitySort;

/// The queries about opportunities.
#[derive(Debug, Default)]
pub struct OpportunityQuery;

/// The queries about opportunities.
#[Object]
impl OpportunityQuery {
    /// The opportunity with this id. Null when there is none, when the viewer may not see it, and when the text is no id
    /// of an opportunity: the three answer alike.
    async fn opportunity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of an opportunity, `opportunity_…`.")] id: ID,
    ) -> Answer<Opportunity> {
        Answer::of(Opportunity::one(ctx.viewpoint(), named(&id))).await
    }

    /// The opportunities that the viewer may see, most recently updated first unless sorted otherwise. Empty for whoever
    /// lacks `VIEW_OPPORTUNITIES`. Filters and counts see nothing more than the viewer does.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn opportunities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only opportunities that pass all of it.")] filter: Option<OpportunityFilterInput>,
        #[graphql(desc = "The order; most recently updated first when left out.")] sort: Option<
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
        Answer::of(opportunities(ctx.viewpoint(), filter, sort, Paging { first, after, last, before })).await
    }

    /// How many of the opportunities that the viewer may see have what in common, and what they are worth together, the
    /// largest groups first. Goes through all of them: ask for it where it is shown.
    async fn opportunity_aggregates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only opportunities that pass all of it.")] filter: Option<OpportunityFilterInput>,
        #[graphql(desc = "What the opportunities of a group have in common.")] by: OpportunityGroupBy,
    ) -> Answer<OpportunityAggregates> {
        Answer::of(aggregates(ctx.viewpoint(), filter, by)).await
    }
}

async fn opportunities(
    viewpoint: &Arc<Viewpoint>,
    filter: Option<OpportunityFilterInput>,
    sort: Option<OpportunitySort>,
    paging: Paging,
) -> Result<Connection<Opportunity>, Failure> {
    let filter = filter.unwrap_or_default().decode(viewpoint)?;
    let (sort, name) = OpportunitySort::order(viewpoint, Opportunity::LIST, sort)?;
    let window = paging.window(viewpoint, &name, 1)?;
    let list = List { filter, sort };
    let page = viewpoint.access().page::<policy::Opportunity>(&list, &window).await?;
    let page = Opportunity::page(viewpoint, page);
    let (counted, filter) = (Arc::clone(viewpoint), list.filter);
    let counter = move || {
        let (viewpoint, filter) = (Arc::clone(&counted), filter.clone());
        Box::pin(async move { Ok(viewpoint.access().count::<policy::Opportunity>(&filter).await?) }) as _
    };
    Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
}
