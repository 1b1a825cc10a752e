//! What the mutations of contacts answer.

use entity::ContactId;

use super::Contact;
use crate::domain::ownership::{FollowersAdded, FollowersRemoved, OwnerChanged};
use crate::domain::unit_of_work::Committed;
use crate::graphql::answer::Answer;
use crate::graphql::follower::{FollowChange, Follower, SkippedFollower};
use crate::graphql::payload::record_payloads;
use crate::graphql::user::User;

record_payloads! {
    policy::Contact as contact: Contact;
    /// What `contactCreate` came to.
    create: ContactCreatePayload((ContactId, Committed));
    /// What `contactUpdate` came to. When every field had its value already, nothing happened and the version stays.
    update: ContactUpdatePayload;
    /// What `contactChangeOwner` came to, for the contact and for whatever moved with it.
    change_owner: ContactChangeOwnerPayload;
    /// What `contactAddFollowers` came to.
    add_followers: ContactAddFollowersPayload;
    /// What `contactRemoveFollowers` came to.
    remove_followers: ContactRemoveFollowersPayload;
    /// What `contactSetMuted` came to.
    set_muted: ContactSetMutedPayload;
}
