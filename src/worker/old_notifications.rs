//! Deletes notifications, and events of streams, that were kept for long enough (N4).

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::domain::access::Base;
use crate::domain::notification::{Forgotten, forget_old};

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(10 * 60);

/// Runs until `stop` turns true; what is `days` old goes.
pub async fn delete_old_notifications(base: Base, days: u32, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match forget_old(&base, days).await {
            Ok(Forgotten { notifications: 0, events: 0 }) => {}
            Ok(Forgotten { notifications, events }) => {
                tracing::info!(notifications, events, "old notifications and events were deleted");
            }
            Err(error) => tracing::error!(%error, "old notifications could not be deleted"),
        }
    }
}
