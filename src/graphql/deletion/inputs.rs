//! What callers say of deletions.

use async_graphql::{ID, InputObject};
use entity::{ContactId, OpportunityId};

use crate::domain::deletion::{Delete, Restore};
use crate::graphql::id::named;
use crate::graphql::payload::IdempotencyInput;

/// A contact to delete, with its opportunities.
#[derive(InputObject)]
pub struct ContactDeleteInput {
    /// The contact to delete.
    id: ID,
    /// The `version` that the caller has seen. When the contact has another one by now, nothing is deleted and
    /// `StaleVersion` answers with the current state. Left out, it is deleted whatever it has become.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// A deleted contact to bring back.
#[derive(InputObject)]
pub struct ContactRestoreInput {
    /// A contact of `deletedContacts`.
    id: ID,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// An opportunity to delete.
#[derive(InputObject)]
pub struct OpportunityDeleteInput {
    /// The opportunity to delete.
    id: ID,
    /// The `version` that the caller has seen. When the opportunity has another one by now, nothing is deleted and
    /// `StaleVersion` answers with the current state. Left out, it is deleted whatever it has become.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// A deleted opportunity to bring back.
#[derive(InputObject)]
pub struct OpportunityRestoreInput {
    /// An opportunity of `deletedOpportunities` that was deleted without its contact.
    id: ID,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl ContactDeleteInput {
    pub(super) fn contact(&self) -> ContactId {
        named(&self.id)
    }

    pub(super) fn wish(&self) -> Delete {
        Delete { record: self.contact().into(), expected_version: self.expected_version }
    }
}

impl ContactRestoreInput {
    pub(super) fn contact(&self) -> ContactId {
        named(&self.id)
    }

    pub(super) fn wish(&self) -> Restore {
        Restore { record: self.contact().into() }
    }
}

impl OpportunityDeleteInput {
    pub(super) fn opportunity(&self) -> OpportunityId {
        named(&self.id)
    }

    pub(super) fn wish(&self) -> Delete {
        Delete { record: self.opportunity().into(), expected_version: self.expected_version }
    }
}

impl OpportunityRestoreInput {
    pub(super) fn opportunity(&self) -> OpportunityId {
        named(&self.id)
    }

    pub(super) fn wish(&self) -> Restore {
        Restore { record: self.opportunity().into() }
    }
}
