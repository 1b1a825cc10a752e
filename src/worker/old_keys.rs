//! Deletes idempotency keys whose 24 hours are over (R6). They are free from that instant on: this only makes room.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::domain::access::Base;
use crate::domain::idempotency::forget_old;

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(10 * 60);

/// Runs until `stop` turns true.
pub async fn delete_old_keys(base: Base, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match forget_old(&base).await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, "old idempotency keys were deleted"),
            Err(error) => tracing::error!(%error, "old idempotency keys could not be deleted"),
        }
    }
}
