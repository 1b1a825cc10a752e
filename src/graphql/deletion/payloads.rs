//! What deletions and restores answer.

use crate::domain::deletion::{Deleted, Restored};
use crate::graphql::contact::Contact;
use crate::graphql::opportunity::Opportunity;
use crate::graphql::payload::payload;

payload! {
    /// What `contactDelete` came to. The contact is null: it is deleted, and nobody sees it.
    ContactDeletePayload(Deleted) of policy::Contact as contact: Contact {
        /// How many opportunities that the caller could see went with it. Others went too. Null when the call was refused.
        async fn opportunity_count(&self) -> Option<usize> {
            self.0.done().map(|deleted| deleted.opportunities.len())
        }

        /// How many appointments that the caller could see went with it. Others went too. Null when the call was refused.
        async fn appointment_count(&self) -> Option<usize> {
            self.0.done().map(|deleted| deleted.appointments.len())
        }
    }
}

payload! {
    /// What `opportunityDelete` came to. The opportunity is null: it is deleted, and nobody sees it.
    OpportunityDeletePayload(Deleted) of policy::Opportunity as opportunity: Opportunity {}
}

payload! {
    /// What `contactRestore` came to.
    ContactRestorePayload(Restored) of policy::Contact as contact: Contact {
        /// How many opportunities that the caller sees came back with it. Others may have too. Null when the call was
        /// refused.
        async fn opportunity_count(&self) -> Option<usize> {
            self.0.done().map(|restored| restored.opportunities.len())
        }

        /// How many appointments that the caller sees came back with it, those that came back cancelled because their slot
        /// was gone among them. Null when the call was refused.
        async fn appointment_count(&self) -> Option<usize> {
            self.0.done().map(|restored| restored.appointments.len())
        }
    }
}

payload! {
    /// What `opportunityRestore` came to.
    OpportunityRestorePayload(Restored) of policy::Opportunity as opportunity: Opportunity {}
}
