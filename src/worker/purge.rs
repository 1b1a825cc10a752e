//! Purges what was deleted for so long that nobody can restore it (R4).

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::domain::access::Base;
use crate::domain::deletion::purge;

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(10 * 60);

/// Runs until `stop` turns true.
pub async fn purge_deleted(base: Base, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match purge(&base).await {
            Ok(0) => {}
            Ok(records) => tracing::info!(records, "deleted records were purged"),
            Err(error) => tracing::error!(%error, "deleted records could not be purged"),
        }
    }
}
