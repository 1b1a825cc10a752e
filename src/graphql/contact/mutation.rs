//! Changes of contacts.

use async_graphql::{Context, Object};
use entity::ContactId;

use super::inputs::{
    ContactAddFollowersInput, ContactChangeOwnerInput, ContactCreateInput, ContactRemoveFollowersInput,
    ContactSetMutedInput, ContactUpdateInput,
};
use super::payloads::{
    ContactAddFollowersPayload, ContactChangeOwnerPayload, ContactCreatePayload,
    ContactRemoveFollowersPayload, ContactSetMutedPayload, ContactUpdatePayload,
};
use crate::domain::contact::{create, update};
use crate::domain::ownership::follow::{add_followers, remove_followers};
use crate::domain::ownership::mute::set_muted;
use crate::domain::ownership::transfer::change_owner;
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::id::named;
use crate::graphql::payload::{Acting, answered};

/// The mutations of contacts.
#[derive(Debug, Default)]
pub struct ContactMutation;

/// The mutations of contacts.
#[Object]
impl ContactMutation {
    /// Makes a contact. Needs `VIEW_CONTACTS` and `EDIT_CONTACTS` of one's own.
    async fn contact_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact to make.")] input: ContactCreateInput,
    ) -> Answer<ContactCreatePayload> {
        let acting = &Acting::of(ctx, &input);
        let act = async {
            let wish = input.wish()?;
            retrying(async || create(acting.access(), &wish).await).await
        };
        answered(acting, act, |(contact, _)| *contact).await
    }

    /// Changes a contact's own fields. Needs to see it and `EDIT_CONTACTS`, or to follow it with the owner's right to edit.
    async fn contact_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: ContactUpdateInput,
    ) -> Answer<ContactUpdatePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || update(acting.access(), &wish).await);
        answered(acting, act, |_| wish.contact).await
    }

    /// Gives a contact a new owner, or none. Needs to be an admin, or its owner with the right to edit it, or to hold
    /// `CHANGE_OWNERS` without following it; a contact without an owner may be claimed with `EDIT_CONTACTS`. Where
    /// contacts and opportunities have one owner, its opportunities move with it.
    async fn contact_change_owner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact and its new owner.")] input: ContactChangeOwnerInput,
    ) -> Answer<ContactChangeOwnerPayload> {
        let acting = &Acting::of(ctx, &input);
        let contact = input.contact();
        let act = async {
            let wish = input.wish()?;
            retrying(async || change_owner(acting.access(), &wish).await).await
        };
        answered(acting, act, |_| contact).await
    }

    /// Adds followers to a contact, or changes when their follow ends. Needs the right to edit it.
    async fn contact_add_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact and whom to add.")] input: ContactAddFollowersInput,
    ) -> Answer<ContactAddFollowersPayload> {
        let acting = &Acting::of(ctx, &input);
        let contact: ContactId = named(&input.id);
        let act = async {
            let wish = input.followers.wish(contact.into())?;
            retrying(async || add_followers(acting.access(), &wish).await).await
        };
        answered(acting, act, |_| contact).await
    }

    /// Takes followers off a contact. Needs `EDIT_CONTACTS` of one's own; whoever sees the contact may take themselves
    /// off.
    async fn contact_remove_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact and whom to take off.")] input: ContactRemoveFollowersInput,
    ) -> Answer<ContactRemoveFollowersPayload> {
        let acting = &Acting::of(ctx, &input);
        let contact: ContactId = named(&input.id);
        let act = async {
            let wish = input.followers.wish(contact.into())?;
            retrying(async || remove_followers(acting.access(), &wish).await).await
        };
        answered(acting, act, |_| contact).await
    }

    /// Silences the notices about a contact for the viewer, or lets them be heard again. Needs to own or follow it; access
    /// stays the same.
    async fn contact_set_muted(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact, and whether to mute it.")] input: ContactSetMutedInput,
    ) -> Answer<ContactSetMutedPayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let act = retrying(async || set_muted(acting.access(), &wish).await);
        answered(acting, act, |()| input.contact()).await
    }
}
