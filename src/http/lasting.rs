//! What outlives its request: sockets and event streams, which the server tells to go when it stops, and waits for.

use std::sync::Arc;

use tokio::sync::watch;

/// The connections that stay open. Clones speak of the same ones.
#[derive(Clone, Debug)]
pub struct Lasting(Arc<watch::Sender<bool>>);

impl Default for Lasting {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Lasting {
    /// A connection that stays; it counts until this is dropped.
    pub(super) fn stays(&self) -> Stay {
        Stay(self.0.subscribe())
    }

    /// Tells every connection to go, those that are still to come too.
    pub(super) fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Waits until all are gone.
    pub(super) async fn all_gone(&self) {
        self.0.closed().await;
    }
}

/// One connection that stays open.
#[derive(Debug)]
pub struct Stay(watch::Receiver<bool>);

impl Stay {
    /// Waits until the server stops.
    pub async fn until_stopped(&mut self) {
        // A sender that is gone is a server that is.
        self.0.wait_for(|stopping| *stopping).await.ok();
    }
}
