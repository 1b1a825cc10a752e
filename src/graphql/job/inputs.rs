//! What callers say of jobs.

use async_graphql::{Enum, ID, InputObject};

use crate::domain::ownership::align::{AT_ONCE, AlignOwners, Direction, Plan};
use crate::graphql::payload::IdempotencyInput;

/// Whose owner wins where a contact and its opportunities differ.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Direction")]
pub enum AlignDirection {
    /// The contact's owner gets its opportunities. A contact without an owner changes nothing.
    ContactsToOpportunities,
    /// The owner of the opportunities gets their contact, and those of them that have no owner. Where the opportunities
    /// have several owners, nothing is moved and the contact is reported.
    OpportunitiesToContacts,
}

/// How to give contacts and their opportunities one owner.
#[derive(InputObject)]
pub struct AccountAlignOwnersInput {
    /// Whose owner wins.
    direction: AlignDirection,
    /// Whether previous owners, if still active, stay on as followers of every record that changes hands. Left out, the
    /// account's setting `previousOwnerFollows` decides.
    previous_owner_follows: Option<bool>,
    #[graphql(flatten)]
    idempotency: IdempotencyInput,
}

impl AccountAlignOwnersInput {
    pub(super) fn wish(&self) -> AlignOwners {
        let direction = self.direction.into();
        let plan = Plan { direction, previous_owner_follows: self.previous_owner_follows };
        AlignOwners { plan, at_once: AT_ONCE }
    }
}

/// A job to call off.
#[derive(InputObject)]
pub struct JobCancelInput {
    /// The job, one's own or, for admins, anybody's.
    pub(super) id: ID,
    #[graphql(flatten)]
    idempotency: IdempotencyInput,
}
