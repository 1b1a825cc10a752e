//! Deletes what is too old to be read or resumed from. Numbers go on where they were.

use entity::Timestamp;

use crate::domain::access::{Access, Base};
use crate::domain::error::Result;

/// How many rows one statement deletes.
const ROUND: u64 = 1_000;

/// Of one day.
const MICROSECONDS: i64 = 24 * 60 * 60 * 1_000_000;

/// How much was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Notices.
    pub notifications: u64,
    /// Events of streams.
    pub events: u64,
}

/// Deletes every notice, and every event of a stream, that is `days` old or older, in every account.
///
/// # Errors
/// A database that fails; what was deleted before stays so.
pub async fn forget_old(base: &Base, days: u32) -> Result<Forgotten> {
    let mut forgotten = Forgotten::default();
    for access in base.accounts().await? {
        let more = forget_old_of(&access, days).await?;
        forgotten.notifications += more.notifications;
        forgotten.events += more.events;
    }
    Ok(forgotten)
}

/// The same for one account.
///
/// # Errors
/// As [`forget_old`].
pub async fn forget_old_of(access: &Access, days: u32) -> Result<Forgotten> {
    let (base, account) = (access.base(), access.actor().account);
    let before = Timestamp(base.clock.now().0 - i64::from(days) * MICROSECONDS);
    let mut forgotten = Forgotten::default();
    loop {
        let deleted = base.delete_notifications(account, before, ROUND).await?;
        forgotten.notifications += deleted;
        if deleted < ROUND {
            break;
        }
    }
    loop {
        let deleted = base.delete_stream_events(account, before, ROUND).await?;
        forgotten.events += deleted;
        if deleted < ROUND {
            return Ok(forgotten);
        }
    }
}
