//! What callers say of settings.

use async_graphql::InputObject;

use super::types::ContactDuplicates;
use crate::domain::account::SaveSettings;
use crate::graphql::payload::IdempotencyInput;

/// The ownership settings to save, all of them together. What is left out stays as it is.
#[derive(InputObject)]
pub struct OwnershipSettingsSaveInput {
    /// *Allow different owners for contacts and its opportunities.* Switching it changes no owner; after switching it
    /// off, records that differ stay so until their next change.
    separate_owners: Option<bool>,
    /// *Automatically make opportunity owner follower of contact.* Switching it on adds nobody yet.
    opportunity_owner_follows_contact: Option<bool>,
    /// *Automatically make contact owner follower of opportunity.* Switching it on adds nobody yet.
    contact_owner_follows_opportunities: Option<bool>,
    /// Whether the previous owner of a record stays on as a follower where the call does not say.
    previous_owner_follows: Option<bool>,
    /// Whether a contact may have several open opportunities in one pipeline. Switching it off changes nothing that is
    /// there.
    allow_duplicate_opportunities: Option<bool>,
    /// By what contacts are told to be the same. It changes nothing that is there.
    contact_duplicates: Option<ContactDuplicates>,
    /// The `version` of the settings that the caller has seen. When they have another one by now, nothing is saved and
    /// `StaleVersion` is answered.
    expected_version: i64,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl OwnershipSettingsSaveInput {
    pub(super) fn wish(&self) -> SaveSettings {
        SaveSettings {
            separate_owners: self.separate_owners,
            opportunity_owner_follows_contact: self.opportunity_owner_follows_contact,
            contact_owner_follows_opportunities: self.contact_owner_follows_opportunities,
            previous_owner_follows: self.previous_owner_follows,
            allow_duplicate_opportunities: self.allow_duplicate_opportunities,
            contact_duplicates: self.contact_duplicates.map(Into::into),
            expected_version: self.expected_version,
        }
    }
}
