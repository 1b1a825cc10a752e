//! Bulk acts on contacts.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::ContactId;

use super::inputs::{Wished, bulk_input, in_bulk, named_records};
use super::outcome::{BulkOutcome, One, Told, bulk_payload};
use crate::domain::access::ContactFilter;
use crate::domain::bulk::{
    BulkAddFollowers, BulkChangeOwner, BulkDelete, BulkRemoveFollowers, BulkRestore, BulkTag, add_followers,
    change_owner, delete, remove_followers, restore, tag,
};
use crate::graphql::answer::Answer;
use crate::graphql::contact::{Contact, ContactFilterInput};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::follower::{AddFollowersInput, FollowChange, RemoveFollowersInput};
use crate::graphql::inputs::{few, wished_owner};
use crate::graphql::payload::{Acting, IdempotencyInput};
use crate::graphql::user_errors::UserError;

bulk_input! {
    /// A new owner for many contacts, or none.
    ContactBulkChangeOwnerInput of ContactId, ContactFilterInput => ContactFilter {
        /// The new owner of all of them, an active user of the account. Null clears their owners; it must be given either
        /// way.
        owner_id: MaybeUndefined<ID>,
        /// Whether previous owners, if still active, stay on as followers of every record that changes hands. Left out, the
        /// account's setting `previousOwnerFollows` decides.
        previous_owner_follows: Option<bool>,
    }
}

bulk_input! {
    /// Followers to add to many contacts.
    ContactBulkAddFollowersInput of ContactId, ContactFilterInput => ContactFilter {
        #[graphql(flatten)]
        followers: AddFollowersInput,
    }
}

bulk_input! {
    /// Followers to take off many contacts: give exactly one of `userIds`, `causes` and `all`.
    ContactBulkRemoveFollowersInput of ContactId, ContactFilterInput => ContactFilter {
        #[graphql(flatten)]
        followers: RemoveFollowersInput,
    }
}

bulk_input! {
    /// Tags that many contacts shall have, and tags that they shall not have. At least one must be given.
    ContactBulkTagInput of ContactId, ContactFilterInput => ContactFilter {
        #[graphql(flatten)]
        tags: TagsInput,
    }
}

/// Tags to add and to remove.
#[derive(InputObject)]
pub struct TagsInput {
    /// Tags to add, without regard to case: a contact keeps the writing that it has. A contact has at most 20; one that
    /// would get more is refused.
    #[graphql(default)]
    add: Vec<String>,
    /// Tags to remove, without regard to case.
    #[graphql(default)]
    remove: Vec<String>,
}

bulk_input! {
    /// Many contacts to delete.
    ContactBulkDeleteInput of ContactId, ContactFilterInput => ContactFilter {}
}

/// Many deleted contacts to bring back.
#[derive(InputObject)]
pub struct ContactBulkRestoreInput {
    /// The contacts to bring back, at most 500. One that is named twice is answered once; one that is not there, or that the
    /// viewer may not restore, answers `NotFound`, each for itself.
    ids: Vec<ID>,
    #[graphql(flatten)]
    idempotency: IdempotencyInput,
}

impl ContactBulkChangeOwnerInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkChangeOwner<ContactFilter>>, Failure> {
        let previous_owner_follows = self.previous_owner_follows;
        Ok(self.chosen(viewpoint)?.and_then(|(asked, choice)| {
            let owner = wished_owner(self.owner_id)?;
            Ok((asked, BulkChangeOwner { choice, owner, previous_owner_follows }))
        }))
    }
}

impl ContactBulkAddFollowersInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkAddFollowers<ContactFilter>>, Failure> {
        Ok(self.chosen(viewpoint)?.and_then(|(asked, choice)| {
            let (users, until) = self.followers.people()?;
            Ok((asked, BulkAddFollowers { choice, users, until }))
        }))
    }
}

impl ContactBulkRemoveFollowersInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkRemoveFollowers<ContactFilter>>, Failure> {
        Ok(self.chosen(viewpoint)?.and_then(|(asked, choice)| {
            Ok((asked, BulkRemoveFollowers { choice, whom: self.followers.whom()? }))
        }))
    }
}

impl ContactBulkTagInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkTag<ContactFilter>>, Failure> {
        Ok(self.chosen(viewpoint)?.and_then(|(asked, choice)| {
            let TagsInput { add, remove } = self.tags;
            few(&add, "add")?;
            few(&remove, "remove")?;
            Ok((asked, BulkTag { choice, add, remove }))
        }))
    }
}

impl ContactBulkDeleteInput {
    fn wish(self, viewpoint: &Viewpoint) -> Result<Wished<BulkDelete<ContactFilter>>, Failure> {
        Ok(self.chosen(viewpoint)?.map(|(asked, choice)| (asked, BulkDelete { choice })))
    }
}

impl ContactBulkRestoreInput {
    #[expect(clippy::unnecessary_wraps, reason = "like the wishes that read a filter")]
    fn wish(self, _: &Viewpoint) -> Result<Wished<BulkRestore>, Failure> {
        Ok(named_records::<ContactId>(&self.ids).map(|(asked, records)| (asked, BulkRestore { records })))
    }
}

bulk_payload! {
    /// What a bulk act on contacts came to, for each of them.
    ContactBulkPayload,
    /// What became of one contact of a bulk act.
    ContactBulkResult of policy::Contact: Contact
}

/// The bulk acts on contacts.
#[derive(Debug, Default)]
pub struct ContactBulkMutation;

/// The bulk acts on contacts.
#[Object]
impl ContactBulkMutation {
    /// Gives up to 500 contacts a new owner, or none, in one transaction. Needs `BULK_ACTIONS`, and for each contact what
    /// `contactChangeOwner` needs: each is authorized as things stood before the call, and those that are refused are
    /// answered and left out.
    async fn contact_bulk_change_owner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts and their new owner.")] input: ContactBulkChangeOwnerInput,
    ) -> Answer<ContactBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(ContactBulkPayload, acting, input, |wish| change_owner::<policy::Contact>(
            acting.access(),
            &wish
        ))
    }

    /// Adds followers to up to 500 contacts in one transaction, or changes when their follow ends. Needs `BULK_ACTIONS` and
    /// the right to edit each contact. One without room for all of them gets none of them, and answers
    /// `FollowerLimitReached`.
    async fn contact_bulk_add_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts and whom to add.")] input: ContactBulkAddFollowersInput,
    ) -> Answer<ContactBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(ContactBulkPayload, acting, input, |wish| add_followers::<policy::Contact>(
            acting.access(),
            &wish
        ))
    }

    /// Takes followers off up to 500 contacts in one transaction. Needs `BULK_ACTIONS`, and `EDIT_CONTACTS` of one's own
    /// unless one takes only oneself off.
    async fn contact_bulk_remove_followers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts and whom to take off.")] input: ContactBulkRemoveFollowersInput,
    ) -> Answer<ContactBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(ContactBulkPayload, acting, input, |wish| remove_followers::<policy::Contact>(
            acting.access(),
            &wish
        ))
    }

    /// Adds tags to up to 500 contacts and removes tags from them, in one transaction. Needs `BULK_ACTIONS` and the right
    /// to edit each contact.
    async fn contact_bulk_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts, the tags to add and the tags to remove.")] input: ContactBulkTagInput,
    ) -> Answer<ContactBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(ContactBulkPayload, acting, input, |wish| tag(acting.access(), &wish))
    }

    /// Deletes up to 500 contacts with their opportunities in one transaction; for 60 days they can be restored. Needs `BULK_ACTIONS`, to see
    /// each contact, and `DELETE_CONTACTS`.
    async fn contact_bulk_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts to delete.")] input: ContactBulkDeleteInput,
    ) -> Answer<ContactBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(ContactBulkPayload, acting, input, |wish| delete::<policy::Contact>(acting.access(), &wish))
    }

    /// Brings up to 500 deleted contacts back in one transaction; what went with a contact comes back with it. Needs
    /// `BULK_ACTIONS` and what deleting each contact needs.
    async fn contact_bulk_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contacts to bring back.")] input: ContactBulkRestoreInput,
    ) -> Answer<ContactBulkPayload> {
        let acting = &Acting::of(ctx, &input);
        in_bulk!(ContactBulkPayload, acting, input, |wish| restore::<policy::Contact>(acting.access(), &wish))
    }
}
