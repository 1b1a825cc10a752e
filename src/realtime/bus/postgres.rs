//! The bus over the database itself: no other service is needed.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::time::sleep;
use uuid::Uuid;

use super::{Message, gathered};
use crate::domain::database::{Database, MAX_WAKEUP, Wakeup};
use crate::domain::wake::Touched;
use crate::realtime::hub::Hub;

/// On which channel the processes meet. A channel belongs to one database of the server.
const CHANNEL: &str = "retinue";

/// How long it waits before it tries again to reach a database that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Carries wake-ups in both directions until `stop` turns true.
pub async fn run(hub: Hub, touched: UnboundedReceiver<Touched>, mut stop: watch::Receiver<bool>) {
    let own = Uuid::new_v4();
    let database = hub.base().database.clone();
    let inward = inward(&hub, &database, own);
    let outward = outward(&database, own, touched);
    tokio::select! {
        () = inward => {}
        () = outward => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

/// Wakes the hub for whatever other processes have touched.
async fn inward(hub: &Hub, database: &Database, own: Uuid) {
    loop {
        match database.wakeups(CHANNEL).await {
            Ok(Some(mut wakeups)) => {
                // Whatever happened before the first word is found by looking.
                hub.wake_all();
                loop {
                    match wakeups.next().await {
                        Ok(Wakeup::Text(text)) => {
                            let message = Message::read(&text).filter(|message| message.from != own);
                            if let Some(message) = message {
                                hub.wake_here(&message.touched);
                            }
                        }
                        Ok(Wakeup::Missed) => hub.wake_all(),
                        Err(error) => {
                            tracing::warn!(%error, "wake-ups of other processes are not heard: the database is polled");
                            break;
                        }
                    }
                }
            }
            Ok(None) => return std::future::pending().await,
            Err(error) => {
                tracing::warn!(%error, "wake-ups of other processes are not heard: the database is polled")
            }
        }
        sleep(PATIENCE).await;
    }
}

/// Tells the others, one statement for whatever has gathered meanwhile.
async fn outward(database: &Database, own: Uuid, mut touched: UnboundedReceiver<Touched>) {
    while let Some(changes) = gathered(&mut touched).await {
        for text in changes.iter().flat_map(|touched| Message::write(own, touched, MAX_WAKEUP)) {
            if let Err(error) = database.send_wakeup(CHANNEL, &text).await {
                tracing::warn!(%error, "a wake-up was not sent: the others find out by polling");
            }
        }
    }
    std::future::pending().await
}
