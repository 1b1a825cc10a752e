//! Compares what is maintained beside the records with the records themselves, and mends what differs.
//!
//! Nothing here should ever find anything: totals and memberships are written in the transaction of each change. It is
//! there for a restored backup, a hand that wrote into the tables, and a bug. A new thing that is maintained gets a line in
//! [`Check::ALL`].

mod check;
mod memberships;
mod owners;
mod totals;

use super::access::Access;
use super::error::Result;
use super::unit_of_work::UnitOfWork;

pub use check::{Check, Difference};

/// How many differences of a check are told one by one.
const EXAMPLES: usize = 20;

/// What a check found in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: Check,
    /// How many differences.
    pub differences: usize,
    /// The first of them.
    pub examples: Vec<Difference>,
    /// How many are left: as many as there were, or none after a repair that worked.
    pub remaining: usize,
}

/// Looks at everything, and changes nothing. Each check is one statement, so that it compares one moment with itself
/// whatever is written meanwhile.
///
/// # Errors
/// A database that fails.
pub async fn examine(access: &Access) -> Result<Vec<Finding>> {
    let unit = access.begin().await?;
    let mut findings = Vec::new();
    for check in Check::ALL {
        findings.push(look(&unit, check).await?);
    }
    Ok(findings)
}

/// Looks at everything and mends what differs, in one transaction beside which no change of the account runs. A check
/// builds on those before it: totals are counted from memberships that are right.
///
/// # Errors
/// A database that fails: then nothing was mended. Run it again when the database chose it to give way.
pub async fn repair(access: &Access) -> Result<Vec<Finding>> {
    let unit = UnitOfWork::begin_alone(access).await?;
    let mut findings = Vec::new();
    for check in Check::ALL {
        let mut finding = look(&unit, check).await?;
        if finding.differences > 0 {
            check.mend(&unit).await?;
            finding.remaining = check.differences(&unit).await?.len();
        }
        findings.push(finding);
    }
    unit.commit().await?;
    Ok(findings)
}

async fn look(unit: &UnitOfWork<'_>, check: Check) -> Result<Finding> {
    let mut found = check.differences(unit).await?;
    let differences = found.len();
    found.truncate(EXAMPLES);
    Ok(Finding { check, differences, examples: found, remaining: differences })
}
