//! Deletes and restores.

use async_graphql::{Context, Object};

use super::inputs::{
    ContactDeleteInput, ContactRestoreInput, OpportunityDeleteInput, OpportunityRestoreInput,
};
use super::payloads::{
    ContactDeletePayload, ContactRestorePayload, OpportunityDeletePayload, OpportunityRestorePayload,
};
use crate::domain::deletion::{delete, restore};
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::payload::{Acting, answered};

/// The mutations that delete and restore.
#[derive(Debug, Default)]
pub struct DeletionMutation;

/// The mutations that delete and restore.
#[Object]
impl DeletionMutation {
    /// Deletes a contact with all its opportunities, those too that the caller may not see. They are out of everybody's
    /// sight at once; `contactRestore` brings them back within 60 days. Needs to see the contact and `DELETE_CONTACTS`
    /// of one's own.
    async fn contact_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact to delete.")] input: ContactDeleteInput,
    ) -> Answer<ContactDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || delete(acting.access(), &wish).await);
        answered(acting, act, |_| input.contact()).await
    }

    /// Brings a deleted contact back, with the opportunities that its deletion took, their followers and their owners.
    /// An owner who has left since does not come back: the record has none then or, where contacts and opportunities
    /// have one owner, the contact's. Needs `DELETE_CONTACTS` of one's own, and that one would see the contact if it
    /// were there; for anybody else there is no such contact.
    async fn contact_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact to bring back.")] input: ContactRestoreInput,
    ) -> Answer<ContactRestorePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || restore(acting.access(), &wish).await);
        answered(acting, act, |_| input.contact()).await
    }

    /// Deletes an opportunity. It is out of everybody's sight at once; `opportunityRestore` brings it back within 60
    /// days. Needs to see the opportunity and `DELETE_OPPORTUNITIES` of one's own.
    async fn opportunity_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity to delete.")] input: OpportunityDeleteInput,
    ) -> Answer<OpportunityDeletePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || delete(acting.access(), &wish).await);
        answered(acting, act, |_| input.opportunity()).await
    }

    /// Brings a deleted opportunity back, with its followers and its owner. An owner who has left since does not come
    /// back: it has none then or, where contacts and opportunities have one owner, its contact's. One whose contact is
    /// deleted comes back with the contact only. Needs `DELETE_OPPORTUNITIES` of one's own, and that one would see the
    /// opportunity if it were there; for anybody else there is no such opportunity.
    async fn opportunity_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The opportunity to bring back.")] input: OpportunityRestoreInput,
    ) -> Answer<OpportunityRestorePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || restore(acting.access(), &wish).await);
        answered(acting, act, |_| input.opportunity()).await
    }
}
