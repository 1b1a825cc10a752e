//! The list of checks.

use policy::{Record as _, RecordColumns};

use super::{memberships, owners, totals};
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// One thing that is maintained beside the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The owner of each contact, as its membership in slot 0 says.
    ContactOwners,
    /// The owner of each opportunity, likewise.
    OpportunityOwners,
    /// The sort key and the mark of deletion in the memberships of contacts.
    ContactMemberships,
    /// The same of opportunities.
    OpportunityMemberships,
    /// How many opportunities each stage has, and what they are worth.
    StageTotals,
    /// How many of them each person owns and follows.
    PeopleTotals,
}

/// Something that is kept otherwise than it is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// What it is about: ids, and what else names the row.
    pub about: String,
    /// What is kept.
    pub kept: String,
    /// What it should be.
    pub truth: String,
}

impl Check {
    /// Every check, in the order in which they are made: each may build on those before it.
    pub const ALL: [Check; 6] = [
        Check::ContactOwners,
        Check::OpportunityOwners,
        Check::ContactMemberships,
        Check::OpportunityMemberships,
        Check::StageTotals,
        Check::PeopleTotals,
    ];

    /// A stable word for programs, `stage-totals`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Check::ContactOwners => "contact-owners",
            Check::OpportunityOwners => "opportunity-owners",
            Check::ContactMemberships => "contact-memberships",
            Check::OpportunityMemberships => "opportunity-memberships",
            Check::StageTotals => "stage-totals",
            Check::PeopleTotals => "people-totals",
        }
    }

    /// What differs at this moment, in one statement.
    pub(super) async fn differences(self, unit: &UnitOfWork<'_>) -> Result<Vec<Difference>> {
        match self {
            Check::ContactOwners => owners::differences(unit, CONTACTS).await,
            Check::OpportunityOwners => owners::differences(unit, OPPORTUNITIES).await,
            Check::ContactMemberships => memberships::differences(unit, CONTACTS).await,
            Check::OpportunityMemberships => memberships::differences(unit, OPPORTUNITIES).await,
            Check::StageTotals => totals::differences_of_stages(unit).await,
            Check::PeopleTotals => totals::differences_of_people(unit).await,
        }
    }

    /// Makes what is kept what it should be, as sets.
    pub(super) async fn mend(self, unit: &UnitOfWork<'_>) -> Result<()> {
        match self {
            Check::ContactOwners => owners::mend(unit, CONTACTS).await,
            Check::OpportunityOwners => owners::mend(unit, OPPORTUNITIES).await,
            Check::ContactMemberships => memberships::mend(unit, CONTACTS).await,
            Check::OpportunityMemberships => memberships::mend(unit, OPPORTUNITIES).await,
            Check::StageTotals => totals::mend_stages(unit).await,
            Check::PeopleTotals => totals::mend_people(unit).await,
        }
    }
}

const CONTACTS: RecordColumns = policy::Contact::COLUMNS;
const OPPORTUNITIES: RecordColumns = policy::Opportunity::COLUMNS;
