//! Works out who is told of a change: the last reaction, on owners and followers as they now stand (N2).

use super::Notice;
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// The notices of a change, one per person at most.
///
/// # Errors
/// A database that fails.
pub(in crate::domain) async fn notices(_unit: &UnitOfWork<'_>) -> Result<Vec<Notice>> {
    Ok(Vec::new())
}
