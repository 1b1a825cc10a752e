//! Gives contacts and their opportunities one owner, over the whole account: the cure for what differs since owners were
//! separate (O9, P6).

mod part;
mod report;
mod start;

pub use part::part;
pub use report::report;
pub use start::{AT_ONCE, AlignOwners, align_owners};

use entity::ContactId;
use entity::job::StoppedBecause;
use entity::job_finding::Kind;
use policy::Action;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::error::{Error, Result};
use crate::domain::unit_of_work::UnitOfWork;

/// Whose owner wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// The contact's: its opportunities get it.
    ContactsToOpportunities,
    /// The opportunities', where they agree: their contact gets it, and those of them that have none.
    OpportunitiesToContacts,
}

/// What an alignment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Whose owner wins.
    pub direction: Direction,
    /// Whether previous owners join the followers; what the account's setting says when not given (F4).
    pub previous_owner_follows: Option<bool>,
}

/// What one part of an alignment came to.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// How many contacts it looked at.
    pub contacts: u64,
    /// The last one of them.
    pub last: Option<ContactId>,
    /// How many records got another owner.
    pub moved: i64,
    /// What is to be reported.
    pub findings: Vec<(Kind, Uuid)>,
}

/// The plan that was kept with a job.
///
/// # Errors
/// A bug: a text that no job has.
pub fn read(input: &str) -> Result<Plan> {
    serde_json::from_str(input).map_err(|error| Error::bug(format!("unreadable job: {error}")))
}

/// Why an alignment may not go on, with the rights and the settings of this moment (P4).
#[must_use]
pub fn stands_in_the_way(unit: &UnitOfWork<'_>) -> Option<StoppedBecause> {
    if !unit.access().may::<policy::Account>(Action::AlignOwners).is_granted() {
        return Some(StoppedBecause::RightsLost);
    }
    unit.account().separate_owners.then_some(StoppedBecause::OwnersAreSeparate)
}
