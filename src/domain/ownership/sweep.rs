//! Takes off follows that have come to their end (F7). They counted for nothing since that instant already; the sweep
//! writes it into the history and frees the rows.

use crate::domain::access::{Access, Base};
use crate::domain::error::{Error, Result};
use crate::domain::record::RecordRef;
use crate::domain::retry::retrying;
use crate::domain::unit_of_work::{Committed, Reach};

/// How many records one round takes.
const ROUND: u64 = 500;

/// Takes off every follow that has ended; answers from how many records.
///
/// # Errors
/// A database that fails; what was taken off before stays so.
pub async fn sweep(base: &Base) -> Result<usize> {
    let mut swept = 0;
    let mut stuck = Vec::new();
    loop {
        let ended = base.ended_follows(base.clock.now(), ROUND).await?;
        if ended.is_empty() {
            return Ok(swept);
        }
        // Another sweep, or a change of the record, may be faster; what is still there after that cannot be taken off.
        if ended == stuck {
            return Err(Error::bug("follows have ended, but none could be taken off"));
        }
        let mut taken_off = 0;
        for (account, record) in &ended {
            let Some(access) = base.account(&account.to_string()).await? else { continue };
            if !retrying(|| take_off(&access, *record)).await?.events.is_empty() {
                taken_off += 1;
            }
        }
        swept += taken_off;
        stuck = if taken_off == 0 { ended } else { Vec::new() };
    }
}

async fn take_off(access: &Access, record: RecordRef) -> Result<Committed> {
    let mut unit = access.begin().await?;
    // Holding a record takes off what has ended.
    unit.hold(record, Reach::Alone, "id").await?;
    unit.commit().await
}
