//! Carries wake-ups between the processes that serve the same database. Losing one costs a poll, never an event.

mod message;
mod postgres;

use std::collections::BTreeMap;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

use super::hub::Hub;
use crate::domain::wake::Touched;

pub use message::Message;

/// How many changes are carried together at most.
const TOGETHER: usize = 256;

/// Lets the hub hear of what other processes do, and them of what this one does, until `stop` turns true. A database that
/// one process has for itself needs no bus.
pub async fn over_postgres(hub: Hub, stop: watch::Receiver<bool>) {
    if hub.base().database.kind() != "PostgreSQL" {
        return;
    }
    let (outward, touched) = unbounded_channel();
    hub.tell_others(outward);
    postgres::run(hub, touched, stop).await;
}

/// What this process has touched since it was last asked: waits for the first change, and takes along what is there.
async fn gathered(touched: &mut UnboundedReceiver<Touched>) -> Option<Vec<Touched>> {
    let mut found = Vec::new();
    if touched.recv_many(&mut found, TOGETHER).await == 0 {
        return None;
    }
    let mut by_account: BTreeMap<_, Touched> = BTreeMap::new();
    for touched in found {
        let all = by_account.entry(touched.account).or_insert_with(|| Touched {
            account: touched.account,
            topics: Vec::new(),
            access: false,
        });
        all.access |= touched.access;
        all.topics.extend(touched.topics);
    }
    for touched in by_account.values_mut() {
        touched.topics.sort_unstable();
        touched.topics.dedup();
    }
    Some(by_account.into_values().collect())
}
