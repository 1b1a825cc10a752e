//! Deletes keys that are free again.

use super::LIFETIME_MICROSECONDS;
use crate::domain::access::Base;
use crate::domain::error::Result;
use entity::Timestamp;

/// How many keys one statement deletes.
const ROUND: u64 = 1_000;

/// Deletes every key whose 24 hours are over; answers how many. They counted for nothing since that instant already.
///
/// # Errors
/// A database that fails; what was deleted before stays so.
pub async fn forget_old(base: &Base) -> Result<u64> {
    let before = Timestamp(base.clock.now().0 - LIFETIME_MICROSECONDS);
    let mut forgotten = 0;
    loop {
        let deleted = base.delete_keys(before, ROUND).await?;
        forgotten += deleted;
        if deleted < ROUND {
            return Ok(forgotten);
        }
    }
}
