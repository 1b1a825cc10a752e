//! Bulk acts on opportunities.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::OpportunityId;

use super::inputs::{Wished, bulk_input, in_bulk, named_records};
use super::outcome::{BulkOutcome, One, Told, bulk_payload};
use crate::domain::access::OpportunityFilter;
use crate::domain::bulk::{
    BulkAddFollowers, BulkChangeOwner, BulkDelete, BulkMoveStage, BulkRemoveFollowers, BulkRestore,
    add_followers, change_owner, delete, move_stage, remove_followers, restore,
};
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::follower::{AddFollowersInput, FollowChange, RemoveFollowersInput};
use crate::graphql::id::named;
use crate::graphql::inputs::wished_owner;
use crate::graphql::opportunity::{Opportunity, OpportunityFilterInput};
use crate::graphql::payload::{Acting, IdempotencyInput};
use crate::graphql::user_errors::UserError;

bulk_input! {
    /// A new owner for many opportunities, or none.
    OpportunityBulkChangeOwnerInput of OpportunityId, OpportunityFilterInput => OpportunityFilter {
        /// The new owner of all of them, an active user of the account. Null clears their owners; it must be given either
        /// way.
        owner_id: MaybeUndefined<ID>,
        /// Whether previous owners, if still active, stay on as followers of every record that changes hands. Left out, the
        /// account's setting `previousOwnerFollows` decides.
        previous_owner_follows: Option<bool>,
    }
}

bulk_input! {
    /// Followers to add to many opportunities.
    OpportunityBulkAddFollowersInput of OpportunityId, OpportunityFilterInput => OpportunityFilter {
        #[graphql(flatten)]
        followers: AddFollowersInput,
    }
}

bulk_input! {
    /// Followers to take off many opportunities: give exactly one of `userIds`, `causes` and `all`.
    OpportunityBulkRemoveFollowersInput of OpportunityId, OpportunityFilterInput => OpportunityFilter {
        #[graphql(flatten)]
        followers: RemoveFollowersInput,
    }
}

bulk_input! {
    /// Another stage for many opportunities.
    OpportunityBulkMoveStageInput of OpportunityId, OpportunityFilterInput => OpportunityFilter {
        /// The stage to move them to.
        stage_id: ID,
        /// The pipeline of that stage: opportunities of other pipelines move there. Left out, those of other pipelines are
        /// refused.
        pipeline_id: Option<ID>,
    }
}

bulk_input! {
    /// Many opportunities to delete.
    OpportunityBulkDeleteInput of OpportunityId, OpportunityFilterInput => OpportunityFilter {}
}

/// Many deleted opportunities to bring back.
#[derive(InputObject)]
pub struct OpportunityBulkRestoreInput {
    /// The opportunities to bring back, at most 500. One that is named twice is answered once; one that is not there, or that the
    /// viewer may not restore, answers `NotFound`, each for itself.
    ids: Vec<ID>,
    #[graphql(flatten)]
    idempotency: IdempotencyInput,
}

impl OpportunityBulkChangeOwnerInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkChangeOwner<OpportunityFilter>>, Failure> {
        let previous_owner_follows = self.previous_owner_follows;
        Ok(self.chosen(viewpoint)?.and_then(|(asked, choice)| {
            let owner = wished_owner(self.owner_id)?;
            Ok((asked, BulkChangeOwner { choice, owner, previous_owner_follows }))
        }))
    }
}

impl OpportunityBulkAddFollowersInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkAddFollowers<OpportunityFilter>>, Failure> {
        Ok(self.chosen(viewpoint)?.and_then(|(asked, choice)| {
            let (users, until) = self.followers.people()?;
            Ok((asked, BulkAddFollowers { choice, users, until }))
        }))
    }
}

impl OpportunityBulkRemoveFollowersInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkRemoveFollowers<OpportunityFilter>>, Failure> {
        Ok(self.chosen(viewpoint)?.and_then(|(asked, choice)| {
            Ok((asked, BulkRemoveFollowers { choice, whom: self.followers.whom()? }))
        }))
    }
}

impl OpportunityBulkMoveStageInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkMoveStage<OpportunityFilter>>, Failure> {
        let (stage, pipeline) = (named(&self.stage_id), self.pipeline_id.as_ref().map(named));
        Ok(self.chosen(viewpoint)?.map(|(asked, choice)| (asked, BulkMoveStage { choice, stage, pipeline })))
    }
}

impl OpportunityBulkDeleteInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkDelete<OpportunityFilter>>, Failure> {
        Ok(self.chosen(viewpoint)?.map(|(asked, choice)| (asked, BulkDelete { choice })))
    }
}

impl OpportunityBulkRestoreInput {
    #[expect(clippy::unnecessary_wraps, reason = "like the wishes that read a filter")]
    fn wish(self, _: &Viewpoint) -> Result<Wished<BulkRestore>, Failure> {
        Ok(named_records::<OpportunityId>(&self.ids).map(|(asked, records)| (asked, BulkRestore { records })))
    }
}

bulk_payload! {
    /// What a bulk act on opportunities came to, for each of them.
    OpportunityBulkPayload,
    /// What became of one opportunity of a bulk act.
    OpportunityBulkResult of policy::Opportunity: Opportunity
}

/// The bulk acts on opportunities.
#[derive(Debug, Default)]
pub struct OpportunityBulkMutation;

/// The bulk acts on opportunities.
#[Object]
impl OpportunityBulkMutation {
    /// Gives up to 500 opportunities a new owner, or none, in one transaction. Needs `BULK_ACTIONS`, and for each opportunity what
    /// `opportunityChangeOwner` needs: each is authorized as things stood before the call, and those that are refused are
    /// answered and left out.
    async fn opportunity_bulk_change_owner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities and their new owner.")] input: OpportunityBulkChangeOwnerInput,
    ) -> Answer<OpportunityBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(OpportunityBulkPayload, acting, input, |wish| change_owner::<policy::Opportunity>(
            acting.access(),
            &wish
        ))
    }

    /// Adds followers to up to 500 opportunities in one transaction, or changes when their follow ends. Needs `BULK_ACTIONS` and
    /// the right to edit each opportunity. One without room for all of them gets none of them, and answers
    /// `FollowerLimitReached`.
    async fn opportunity_bulk_add_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities and whom to add.")] input: OpportunityBulkAddFollowersInput,
    ) -> Answer<OpportunityBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(OpportunityBulkPayload, acting, input, |wish| add_followers::<policy::Opportunity>(
            acting.access(),
            &wish
        ))
    }

    /// Takes followers off up to 500 opportunities in one transaction. Needs `BULK_ACTIONS`, and `EDIT_OPPORTUNITIES` of one's own
    /// unless one takes only oneself off.
    async fn opportunity_bulk_remove_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities and whom to take off.")]
        input: OpportunityBulkRemoveFollowersInput,
    ) -> Answer<OpportunityBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(OpportunityBulkPayload, acting, input, |wish| remove_followers::<policy::Opportunity>(
            acting.access(),
            &wish
        ))
    }

    /// Moves up to 500 opportunities to a stage in one transaction. Needs `BULK_ACTIONS` and the right to edit each
    /// opportunity.
    async fn opportunity_bulk_move_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities and their stage.")] input: OpportunityBulkMoveStageInput,
    ) -> Answer<OpportunityBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(OpportunityBulkPayload, acting, input, |wish| move_stage(acting.access(), &wish))
    }

    /// Deletes up to 500 opportunities in one transaction; for 60 days they can be restored. Needs `BULK_ACTIONS`, to see
    /// each opportunity, and `DELETE_OPPORTUNITIES`.
    async fn opportunity_bulk_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities to delete.")] input: OpportunityBulkDeleteInput,
    ) -> Answer<OpportunityBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(OpportunityBulkPayload, acting, input, |wish| delete::<policy::Opportunity>(
            acting.access(),
            &wish
        ))
    }

    /// Brings up to 500 deleted opportunities back in one transaction. One whose contact is deleted is refused: restore the contact. Needs
    /// `BULK_ACTIONS` and what deleting each opportunity needs.
    async fn opportunity_bulk_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunities to bring back.")] input: OpportunityBulkRestoreInput,
    ) -> Answer<OpportunityBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(OpportunityBulkPayload, acting, input, |wish| restore::<policy::Opportunity>(
            acting.access(),
            &wish
        ))
    }
}
