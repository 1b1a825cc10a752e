//! Carries wake-ups between the processes that serve the same database. Losing one costs a poll, never an event.

mod message;
mod nats;
mod postgres;

use std::collections::BTreeMap;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

use super::hub::Hub;
use crate::domain::wake::Touched;

pub use message::Message;

/// How many changes are carried together at most.
const TOGETHER: usize = 256;

/// Over what the processes of one database wake each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bus {
    /// Over the database itself, where it is PostgreSQL. One that a process has for itself needs no bus.
    Database,
    /// Over NATS at this address, `nats://HOST:PORT`.
    Nats(String),
}

/// Lets the hub hear of what other processes do, and them of what this one does, until `stop` turns true.
pub async fn run(hub: Hub, bus: Bus, stop: watch::Receiver<bool>) {
    if bus == Bus::Database && hub.base().database.kind() != "PostgreSQL" {
        return;
    }
    let (outward, touched) = unbounded_channel();
    hub.tell_others(outward);
    match bus {
        Bus::Database => postgres::run(hub, touched, stop).await,
        Bus::Nats(address) => {
            if let Err(error) = nats::run(hub, &address, touched, stop).await {
                tracing::error!(%error, "there is no bus: the database is polled");
            }
        }
    }
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
