//! The bus over NATS, for fleets whose wake-ups would be too many for their database.

use async_nats::{ConnectError, ConnectOptions, Event};
use futures_util::StreamExt;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use uuid::Uuid;

use super::{Message, gathered};
use crate::domain::wake::Touched;
use crate::realtime::hub::Hub;

/// Under which subject the processes meet. Ids of accounts tell several databases on one NATS apart.
const SUBJECT: &str = "retinue";

/// The longest text of one message, in bytes.
const LIMIT: usize = 64 * 1024;

/// Carries wake-ups in both directions until `stop` turns true. It connects, and connects again, by itself; whatever was
/// missed meanwhile is found by looking.
///
/// # Errors
/// An address that is none.
pub async fn run(
    hub: Hub,
    address: &str,
    mut touched: UnboundedReceiver<Touched>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), ConnectError> {
    let own = Uuid::new_v4();
    let looking = hub.clone();
    let options = ConnectOptions::new().name("retinue").retry_on_initial_connect().event_callback(move |event| {
        let hub = looking.clone();
        async move {
            match event {
                Event::Connected => hub.wake_all(),
                other => tracing::warn!(event = %other, "the bus has trouble: the database is polled meanwhile"),
            }
        }
    });
    let client = options.connect(address).await?;
    let inward = async {
        match client.subscribe(SUBJECT).await {
            Ok(mut messages) => {
                while let Some(message) = messages.next().await {
                    let text = std::str::from_utf8(&message.payload).unwrap_or_default();
                    if let Some(message) = Message::read(text).filter(|message| message.from != own) {
                        hub.wake_here(&message.touched);
                    }
                }
            }
            Err(error) => {
                tracing::error!(%error, "wake-ups of other processes are not heard: the database is polled")
            }
        }
    };
    let outward = async {
        while let Some(changes) = gathered(&mut touched).await {
            for text in changes.iter().flat_map(|touched| Message::write(own, touched, LIMIT)) {
                if let Err(error) = client.publish(SUBJECT, text.into()).await {
                    tracing::warn!(%error, "a wake-up was not sent: the others find out by polling");
                }
            }
        }
    };
    tokio::select! {
        () = async { tokio::join!(inward, outward); } => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    client.flush().await.ok();
    Ok(())
}
