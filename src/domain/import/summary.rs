//! What an import came to.

use std::collections::BTreeSet;

use entity::{Timestamp, UserId, member};
use serde::Serialize;

use super::take::{Outcome, Taken};
use crate::domain::activity::{Event, Subject, What};
use crate::domain::record::RecordRef;

/// What an import came to. `read` is always `created + unchanged + updated + rejected`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Rows of the file.
    pub read: u64,
    /// Rows that became an opportunity.
    pub created: u64,
    /// Rows that an earlier run took in, and that have not changed since.
    pub unchanged: u64,
    /// Rows that an earlier run took in, and whose opportunity changed with them now.
    pub updated: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Contacts made.
    pub contacts_created: u64,
    /// Times that a contact that was there got tags.
    pub contacts_updated: u64,
    /// People made.
    pub users_created: u64,
    /// Pipelines made.
    pub pipelines_created: u64,
    /// Stages made.
    pub stages_created: u64,
    /// Notes put on opportunities.
    pub notes_added: u64,
    /// Followers whom the file names, added.
    pub followers_added: u64,
    /// Followers whom the account's settings added (AF1, AF2).
    pub auto_followers_added: u64,
    /// Times that a setting would have added somebody to a record that had its ten followers (AF4).
    pub auto_followers_skipped: u64,
    /// The same, each person and record counted once.
    pub auto_followers_left_out: u64,
    /// Whether the import switched `separateOwners` on.
    pub separate_owners_switched_on: bool,
    /// How long it took.
    pub seconds: f64,
    #[serde(skip)]
    left_out: BTreeSet<(RecordRef, UserId)>,
}

impl Summary {
    /// Whether the file is wholly as an earlier run left it.
    #[must_use]
    pub const fn changed_nothing(&self) -> bool {
        self.created + self.updated == 0
    }

    pub(super) fn add(&mut self, taken: &Taken) {
        for outcome in &taken.outcomes {
            self.read += 1;
            match outcome {
                Outcome::Created => self.created += 1,
                Outcome::Unchanged => self.unchanged += 1,
                Outcome::Updated => self.updated += 1,
                Outcome::Rejected(_) => self.rejected += 1,
            }
        }
        self.pipelines_created += taken.pipelines_made;
        self.stages_created += taken.stages_made;
        taken.events.iter().for_each(|event| self.note(event));
        self.auto_followers_left_out = self.left_out.len() as u64;
    }

    pub(super) fn set_duration(&mut self, begun: Timestamp, ended: Timestamp) {
        self.seconds = (ended.0 - begun.0) as f64 / 1e6;
    }

    fn note(&mut self, event: &Event) {
        use member::Cause::{ContactOwnerFollowsOpportunities, OpportunityOwnerFollowsContact};
        match (event.subject, event.what) {
            (Subject::Record(RecordRef::Contact(_)), What::Created) => self.contacts_created += 1,
            (Subject::Record(RecordRef::Contact(_)), What::Updated) => self.contacts_updated += 1,
            (Subject::User(_), What::Created) => self.users_created += 1,
            (Subject::Note { .. }, What::Created) => self.notes_added += 1,
            (_, What::FollowerAdded { cause: member::Cause::Import, .. }) => self.followers_added += 1,
            (
                _,
                What::FollowerAdded {
                    cause: OpportunityOwnerFollowsContact | ContactOwnerFollowsOpportunities,
                    ..
                },
            ) => self.auto_followers_added += 1,
            (Subject::Record(record), What::FollowerSkipped { user, .. }) => {
                self.auto_followers_skipped += 1;
                self.left_out.insert((record, user));
            }
            _ => {}
        }
    }
}
