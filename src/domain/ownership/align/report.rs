//! Writes down what an alignment has to report.

use entity::{ContactId, JobId, job_finding};
use sea_orm::Set;

use super::Part;
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// How many rows one statement inserts: more does not fit one TLS record.
const INSERTED: usize = 40;

/// Keeps the findings of a part with its job; answers how far the job has come.
///
/// # Errors
/// A database that fails.
pub async fn report(unit: &UnitOfWork<'_>, job: JobId, part: &Part) -> Result<Option<ContactId>> {
    let account = unit.account().id;
    for findings in part.findings.chunks(INSERTED) {
        let row = |(kind, record): &(job_finding::Kind, uuid::Uuid)| job_finding::ActiveModel {
            job_id: Set(job),
            kind: Set(*kind),
            record_id: Set(*record),
            account_id: Set(account),
        };
        unit.insert_many(findings.iter().map(row).collect()).await?;
    }
    Ok(part.last)
}
