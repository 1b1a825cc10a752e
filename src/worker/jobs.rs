//! Runs jobs that are too large for one request, batch by batch. Several servers may do so: each job has one worker.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::domain::access::Base;
use crate::domain::job::run_next;

/// How often it looks.
const PERIOD: Duration = Duration::from_secs(5);

/// How many contacts, with their opportunities, one transaction takes.
const BATCH: u64 = 200;

/// Runs until `stop` turns true; a job is then left after its current batch, for whoever comes next.
pub async fn run_jobs(base: Base, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        let stopping = stop.clone();
        loop {
            match run_next(&base, BATCH, || *stopping.borrow()).await {
                Ok(true) if !*stopping.borrow() => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(%error, "a job could not go on, and will be taken up again");
                    break;
                }
            }
        }
    }
}
