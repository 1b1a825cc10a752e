//! Changes of opportunities.

use async_graphql::{Context, Object};
use entity::OpportunityId;

use super::inputs::{
    OpportunityAddFollowersInput, OpportunityChangeOwnerInput, OpportunityCreateInput,
    OpportunityMoveStageInput, OpportunityRemoveFollowersInput, OpportunitySetMutedInput,
    OpportunitySetStatusInput, OpportunityUpdateInput,
};
use super::payloads::{
    OpportunityAddFollowersPayload, OpportunityChangeOwnerPayload, OpportunityCreatePayload,
    OpportunityMoveStagePayload, OpportunityRemoveFollowersPayload, OpportunitySetMutedPayload,
    OpportunitySetStatusPayload, OpportunityUpdatePayload,
};
use crate::domain::opportunity::{create, move_stage, set_status, update};
use crate::domain::ownership::follow::{add_followers, remove_followers};
use crate::domain::ownership::mute::set_muted;
use crate::domain::ownership::transfer::change_owner;
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::id::named;
use crate::graphql::payload::{Acting, answered};

/// The mutations of opportunities.
#[derive(Debug, Default)]
pub struct OpportunityMutation;

/// The mutations of opportunities.
#[Object]
impl OpportunityMutation {
    /// Makes an opportunity of a contact that the caller sees. Needs `VIEW_OPPORTUNITIES` and `EDIT_OPPORTUNITIES` of one's
    /// own.
    async fn opportunity_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity to make.")] input: OpportunityCreateInput,
    ) -> Answer<OpportunityCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || create(acting.access(), &wish).await).await
        };
        answered(acting, act, |(opportunity, _)| *opportunity).await
    }

    /// Changes an opportunity's own fields. Needs to see it and `EDIT_OPPORTUNITIES`, or to follow it with the owner's
    /// right to edit.
    async fn opportunity_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: OpportunityUpdateInput,
    ) -> Answer<OpportunityUpdatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || update(acting.access(), &wish).await);
        answered(acting, act, |_| wish.opportunity).await
    }

    /// Gives an opportunity a new owner, or none. Needs to be an admin, or its owner with the right to edit it, or to hold
    /// `CHANGE_OWNERS` without following it; one without an owner may be claimed with `EDIT_OPPORTUNITIES`. Where contacts
    /// and opportunities have one owner, the contact and its other opportunities move with it, and it needs the right to
    /// that too.
    async fn opportunity_change_owner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and its new owner.")] input: OpportunityChangeOwnerInput,
    ) -> Answer<OpportunityChangeOwnerPayload> {
        let acting = &Acting::of(ctx, &input);
        let opportunity = input.opportunity();
        let act = async {
            let wish = input.wish()?;
            retrying(async || change_owner(acting.access(), &wish).await).await
        };
        answered(acting, act, |_| opportunity).await
    }

    /// Adds followers to an opportunity, or changes when their follow ends. Needs the right to edit it.
    async fn opportunity_add_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and whom to add.")] input: OpportunityAddFollowersInput,
    ) -> Answer<OpportunityAddFollowersPayload> {
        let acting = &Acting::of(ctx, &input);
        let opportunity: OpportunityId = named(&input.id);
        let act = async {
            let wish = input.followers.wish(opportunity.into())?;
            retrying(async || add_followers(acting.access(), &wish).await).await
        };
        answered(acting, act, |_| opportunity).await
    }

    /// Takes followers off an opportunity. Needs `EDIT_OPPORTUNITIES` of one's own; whoever sees the opportunity may take
    /// themselves off.
    async fn opportunity_remove_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and whom to take off.")] input: OpportunityRemoveFollowersInput,
    ) -> Answer<OpportunityRemoveFollowersPayload> {
        let acting = &Acting::of(ctx, &input);
        let opportunity: OpportunityId = named(&input.id);
        let act = async {
            let wish = input.followers.wish(opportunity.into())?;
            retrying(async || remove_followers(acting.access(), &wish).await).await
        };
        answered(acting, act, |_| opportunity).await
    }

    /// Silences the notices about an opportunity for the viewer, or lets them be heard again. Needs to own or follow it;
    /// access stays the same.
    async fn opportunity_set_muted(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity, and whether to mute it.")] input: OpportunitySetMutedInput,
    ) -> Answer<OpportunitySetMutedPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || set_muted(acting.access(), &wish).await);
        answered(acting, act, |()| input.opportunity()).await
    }

    /// Moves an opportunity to another stage, of its own pipeline or of another one. Needs the right to edit it.
    async fn opportunity_move_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and its new stage.")] input: OpportunityMoveStageInput,
    ) -> Answer<OpportunityMoveStagePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || move_stage(acting.access(), &wish).await);
        answered(acting, act, |_| wish.opportunity).await
    }

    /// Wins, loses, gives up or reopens an opportunity; its stage stays. Needs the right to edit it.
    async fn opportunity_set_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity and how it stands.")] input: OpportunitySetStatusInput,
    ) -> Answer<OpportunitySetStatusPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || set_status(acting.access(), &wish).await);
        answered(acting, act, |_| wish.opportunity).await
    }
}
