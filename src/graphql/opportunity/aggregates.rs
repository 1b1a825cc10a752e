//! How many opportunities have what in common, and what they are worth together.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};
use entity::{PipelineId, StageId, UserId};
use policy::MONETARY_VALUE;
use rust_decimal::Decimal as Amount;

use super::filter::OpportunityFilterInput;
use super::types::{Money, Status};
use crate::domain::access::{Common, Group, OpportunityGrouping};
use crate::domain::validate::currency_digits;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::gated::{gated, needs};
use crate::graphql::pipeline::{Pipeline, Stage};
use crate::graphql::scalars::Decimal;
use crate::graphql::user::User;

/// What opportunities can be grouped by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::domain::access::OpportunityGrouping")]
pub enum OpportunityGroupBy {
    /// Who owns them. Unassigned ones are a group too.
    Owner,
    /// The pipeline that they run through.
    Pipeline,
    /// The stage in which they are.
    Stage,
    /// How they stand.
    Status,
}

/// Opportunities in groups, the largest first.
#[derive(SimpleObject)]
pub struct OpportunityAggregates {
    /// At most 500 groups; those that are of one size in the order of the ids that they have in common.
    groups: Vec<OpportunityGroup>,
    /// Whether these are all groups. False when smaller ones were left out.
    is_complete: bool,
}

/// Opportunities that have something in common.
#[derive(Clone, Debug)]
pub struct OpportunityGroup {
    viewpoint: Arc<Viewpoint>,
    group: Group,
    owner: Option<User>,
    pipeline: Option<Pipeline>,
    stage: Option<Stage>,
}

/// Opportunities that have something in common: the one of `owner`, `pipeline`, `stage` and `status` that they are grouped
/// by. The other three are null.
#[Object]
impl OpportunityGroup {
    /// Who owns them, when grouped by owner. Null for those that are unassigned.
    async fn owner(&self) -> Option<&User> {
        self.owner.as_ref()
    }

    /// The pipeline that they run through, when grouped by pipeline.
    async fn pipeline(&self) -> Option<&Pipeline> {
        self.pipeline.as_ref()
    }

    /// The stage in which they are, when grouped by stage.
    async fn stage(&self) -> Option<&Stage> {
        self.stage.as_ref()
    }

    /// How they stand, when grouped by status.
    async fn status(&self) -> Option<Status> {
        match self.group.common {
            Common::Status(status) => Some(status.into()),
            _ => None,
        }
    }

    /// How many of the opportunities that the viewer may see there are, exactly.
    async fn count(&self) -> u64 {
        self.group.count
    }

    /// What they are worth together, in the account's currency; those of unknown value count nothing. Needs
    /// `VIEW_LEAD_VALUE`: without it the field is null, with one `FORBIDDEN` error for the field and list.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    async fn monetary_value(&self) -> Answer<Money<'_>> {
        let currency = &self.viewpoint.access().account().currency;
        let amount = |minor| Amount::try_from_i128_with_scale(minor, currency_digits(currency)).ok();
        let sum = self.group.value_minor.and_then(amount);
        gated(&self.viewpoint, MONETARY_VALUE, sum.map(|sum| Money { amount: Decimal(sum), currency }))
    }
}

/// The groups of the opportunities that a filter lets pass.
pub(super) async fn aggregates(
    viewpoint: &Arc<Viewpoint>,
    filter: Option<OpportunityFilterInput>,
    by: OpportunityGroupBy,
) -> Result<OpportunityAggregates, Failure> {
    let filter = filter.unwrap_or_default().decode(viewpoint)?;
    let found = viewpoint.access().opportunity_groups(&filter, OpportunityGrouping::from(by)).await?;
    let (mut owners, mut pipelines, mut stages) = (HashMap::new(), HashMap::new(), HashMap::new());
    // Asked whether there are any or not: the number of statements depends on the question alone.
    match by {
        OpportunityGroupBy::Owner => owners = User::all(viewpoint, &all(&found.groups, owner)).await?,
        OpportunityGroupBy::Pipeline => {
            pipelines = Pipeline::all(viewpoint, &all(&found.groups, pipeline)).await?;
        }
        OpportunityGroupBy::Stage => stages = Stage::all(viewpoint, &all(&found.groups, stage)).await?,
        OpportunityGroupBy::Status => {}
    }
    let group = |group: Group| OpportunityGroup {
        viewpoint: Arc::clone(viewpoint),
        owner: owner(&group.common).and_then(|id| owners.get(&id).cloned()),
        pipeline: pipeline(&group.common).and_then(|id| pipelines.get(&id).cloned()),
        stage: stage(&group.common).and_then(|id| stages.get(&id).cloned()),
        group,
    };
    Ok(OpportunityAggregates {
        groups: found.groups.into_iter().map(group).collect(),
        is_complete: found.is_complete,
    })
}

fn all<I>(groups: &[Group], id: fn(&Common) -> Option<I>) -> Vec<I> {
    groups.iter().filter_map(|group| id(&group.common)).collect()
}

const fn owner(common: &Common) -> Option<UserId> {
    match common {
        Common::Owner(owner) => *owner,
        _ => None,
    }
}

const fn pipeline(common: &Common) -> Option<PipelineId> {
    match common {
        Common::Pipeline(pipeline) => Some(*pipeline),
        _ => None,
    }
}

const fn stage(common: &Common) -> Option<StageId> {
    match common {
        Common::Stage(stage) => Some(*stage),
        _ => None,
    }
}
