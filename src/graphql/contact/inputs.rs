//! What callers say of contacts.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::ContactId;

use super::types::Channel;
use crate::domain::contact::{ContactFields, CreateContact, UpdateContact};
use crate::domain::error::Result;
use crate::domain::ownership::ChangeOwner;
use crate::domain::ownership::mute::SetMuted;
use crate::graphql::follower::{AddFollowersInput, RemoveFollowersInput};
use crate::graphql::id::named;
use crate::graphql::inputs::{patch, people, plain, wished_owner};
use crate::graphql::payload::IdempotencyInput;

/// The fields of a contact.
#[derive(InputObject)]
pub struct ContactFieldsInput {
    /// The given name, at most 200 characters. Null leaves it empty; an empty text is refused.
    first_name: MaybeUndefined<String>,
    /// The family name, at most 200 characters. Null leaves it empty; an empty text is refused.
    last_name: MaybeUndefined<String>,
    /// The company that the contact is or works for, at most 200 characters. Null leaves it empty; an empty text is
    /// refused.
    company: MaybeUndefined<String>,
    /// All e-mail addresses, the primary one first; at most 20. Null or an empty list means none.
    emails: MaybeUndefined<Vec<String>>,
    /// All phone numbers, the primary one first; at most 20. Kept in E.164; a number without a country code is read as
    /// one of the account's country. Null or an empty list means none.
    phones: MaybeUndefined<Vec<String>>,
    /// Street and house number, at most 200 characters. Null leaves it empty; an empty text is refused.
    street: MaybeUndefined<String>,
    /// The city or town, at most 200 characters. Null leaves it empty; an empty text is refused.
    city: MaybeUndefined<String>,
    /// The state, province or region, at most 200 characters. Null leaves it empty; an empty text is refused.
    region: MaybeUndefined<String>,
    /// The postal code, as written in its country. Null leaves it empty; an empty text is refused.
    postal_code: MaybeUndefined<String>,
    /// The country, as two letters of ISO 3166-1, such as `DE`. Null leaves it empty.
    country: MaybeUndefined<String>,
    /// All tags; at most 20. Two that differ in case are one. Null or an empty list means none.
    tags: MaybeUndefined<Vec<String>>,
    /// Where the contact came from, at most 200 characters. Null leaves it empty; an empty text is refused.
    source: MaybeUndefined<String>,
    /// All channels on which the contact must not be disturbed. Null or an empty list opens all of them.
    do_not_disturb: MaybeUndefined<Vec<Channel>>,
}

impl ContactFieldsInput {
    fn decode(self) -> ContactFields {
        let channels = |channels: Vec<Channel>| channels.into_iter().map(Into::into).collect();
        ContactFields {
            first_name: plain(self.first_name),
            last_name: plain(self.last_name),
            company: plain(self.company),
            emails: plain(self.emails),
            phones: plain(self.phones),
            street: plain(self.street),
            city: plain(self.city),
            region: plain(self.region),
            postal_code: plain(self.postal_code),
            country: plain(self.country),
            tags: plain(self.tags),
            source: plain(self.source),
            do_not_disturb: patch(self.do_not_disturb, channels),
        }
    }
}

/// A new contact. It needs no name: without one it is called by its company, or `Unnamed contact`.
#[derive(InputObject)]
pub struct ContactCreateInput {
    #[graphql(flatten)]
    fields: ContactFieldsInput,
    /// Who will own it: any active user of the account. Null makes it unassigned. Left out, it is unassigned too, except
    /// that a restricted user owns what they make.
    owner_id: MaybeUndefined<ID>,
    /// Who will follow it: active users of the account, at most 10. A restricted user who would not see the contact
    /// otherwise follows it too, and takes one of the places.
    follower_ids: Option<Vec<ID>>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl ContactCreateInput {
    pub(super) fn wish(self) -> Result<CreateContact> {
        Ok(CreateContact {
            followers: people(self.follower_ids.as_deref().unwrap_or_default(), "followerIds")?,
            owner: patch(self.owner_id, |id| named(&id)),
            fields: self.fields.decode(),
            ..CreateContact::default()
        })
    }
}

/// Changes of a contact's own fields. A field that is left out stays as it is, null empties it. The owner and the
/// followers are changed by mutations of their own.
#[derive(InputObject)]
pub struct ContactUpdateInput {
    /// The contact to change.
    id: ID,
    #[graphql(flatten)]
    fields: ContactFieldsInput,
    /// The `version` that the caller has seen. When the contact has another one by now, nothing is changed and
    /// `StaleVersion` answers with the current state. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl ContactUpdateInput {
    pub(super) fn wish(self) -> UpdateContact {
        let (contact, expected_version) = (named(&self.id), self.expected_version);
        UpdateContact { contact, fields: self.fields.decode(), expected_version }
    }
}

/// A new owner for a contact, or none.
#[derive(InputObject)]
pub struct ContactChangeOwnerInput {
    /// The contact to give away.
    id: ID,
    /// The new owner, an active user of the account. Null clears the owner; it must be given either way.
    owner_id: MaybeUndefined<ID>,
    /// Whether the previous owner, if still active, stays on as a follower of every record that changes hands. Left out,
    /// the account's setting `previousOwnerFollows` decides.
    previous_owner_follows: Option<bool>,
    /// The `version` that the caller has seen. When the contact has another one by now, nothing is changed and
    /// `StaleVersion` answers with the current state. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl ContactChangeOwnerInput {
    pub(super) fn contact(&self) -> ContactId {
        named(&self.id)
    }

    pub(super) fn wish(self) -> Result<ChangeOwner> {
        Ok(ChangeOwner {
            record: self.contact().into(),
            owner: wished_owner(self.owner_id)?,
            previous_owner_follows: self.previous_owner_follows,
            expected_version: self.expected_version,
        })
    }
}

/// Followers to add to a contact.
#[derive(InputObject)]
pub struct ContactAddFollowersInput {
    /// The contact to follow.
    pub(super) id: ID,
    #[graphql(flatten)]
    pub(super) followers: AddFollowersInput,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// Followers to take off a contact: give exactly one of `userIds`, `causes` and `all`.
#[derive(InputObject)]
pub struct ContactRemoveFollowersInput {
    /// The contact to leave.
    pub(super) id: ID,
    #[graphql(flatten)]
    pub(super) followers: RemoveFollowersInput,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// Whether the viewer wants notices about a contact.
#[derive(InputObject)]
pub struct ContactSetMutedInput {
    /// A contact that the viewer owns or follows.
    id: ID,
    /// True for no notices about the contact, false for all of them.
    muted: bool,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl ContactSetMutedInput {
    pub(super) fn contact(&self) -> ContactId {
        named(&self.id)
    }

    pub(super) fn wish(&self) -> SetMuted {
        SetMuted { record: self.contact().into(), muted: self.muted }
    }
}
