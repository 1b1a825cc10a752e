//! Takes off follows that have ended, a few times a minute (F7). They give no access from the instant of their end on:
//! this only writes it down.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::domain::access::Base;
use crate::domain::ownership::sweep::sweep;

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(15);

/// Runs until `stop` turns true.
pub async fn take_off_ended_follows(base: Base, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match sweep(&base).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(records = swept, "follows have ended"),
            Err(error) => tracing::error!(%error, "ended follows could not be taken off"),
        }
    }
}
