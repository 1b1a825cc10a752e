//! The bus over NATS, for fleets whose wake-ups would be too many for their database.

use std::sync::Arc;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectError, ConnectOptions, Event};
use futures_util::StreamExt;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;
use uuid::Uuid;

use super::{Message, gathered};
use crate::domain::wake::Touched;
use crate::realtime::hub::Hub;

/// Under which subject the processes meet. Ids of accounts tell several databases on one NATS apart.
const SUBJECT: &str = "retinue";

/// The longest text of one message, in bytes.
const LIMIT: usize = 64 * 1024;

/// How long the last wake-ups may take to go out when the server stops; the others poll.
const FAREWELL_LIMIT: Duration = Duration::from_secs(1);

/// Carries wake-ups in both directions until `stop` turns true. It connects, and connects again, by itself; whatever was
/// missed meanwhile is found by looking.
///
/// # Errors
/// An address that is none.
pub async fn run(
    hub: Hub,
    address: &str,
    touched: UnboundedReceiver<Touched>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), ConnectError> {
    let own = Uuid::new_v4();
    let connected = Arc::new(Notify::new());
    let tell = Arc::clone(&connected);
    let options = ConnectOptions::new().name("retinue").retry_on_initial_connect();
    let options = options.event_callback(move |event| {
        let tell = Arc::clone(&tell);
        async move {
            match event {
                Event::Connected => tell.notify_one(),
                other => {
                    tracing::warn!(event = %other, "the bus has trouble: the database is polled meanwhile")
                }
            }
        }
    });
    let client = options.connect(address).await?;
    tokio::select! {
        () = inward(&hub, &client, own, &connected) => {}
        () = outward(&client, own, touched) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    timeout(FAREWELL_LIMIT, client.flush()).await.ok();
    Ok(())
}

/// Wakes the hub for whatever other processes have touched, and for everything each time it hears itself again: only
/// then is it sure to hear the others.
async fn inward(hub: &Hub, client: &Client, own: Uuid, connected: &Notify) {
    let mut messages = match client.subscribe(SUBJECT).await {
        Ok(messages) => messages,
        Err(error) => {
            tracing::error!(%error, "wake-ups of other processes are not heard: the database is polled");
            return std::future::pending().await;
        }
    };
    let hello = own.to_string();
    loop {
        let message = tokio::select! {
            message = messages.next() => message,
            () = connected.notified() => {
                if let Err(error) = client.publish(SUBJECT, hello.clone().into()).await {
                    tracing::warn!(%error, "the bus is not greeted: the database is polled");
                }
                continue;
            }
        };
        let Some(message) = message else { return std::future::pending().await };
        let text = std::str::from_utf8(&message.payload).unwrap_or_default();
        if text == hello {
            hub.wake_all();
        } else if let Some(message) = Message::read(text).filter(|message| message.from != own) {
            hub.wake_here(&message.touched);
        }
    }
}

/// Tells the others whatever has gathered meanwhile. While there is no connection nothing is kept for later: whoever
/// connects again looks for themselves.
async fn outward(client: &Client, own: Uuid, mut touched: UnboundedReceiver<Touched>) {
    while let Some(changes) = gathered(&mut touched).await {
        if client.connection_state() != State::Connected {
            continue;
        }
        for text in changes.iter().flat_map(|touched| Message::write(own, touched, LIMIT)) {
            if let Err(error) = client.publish(SUBJECT, text.into()).await {
                tracing::warn!(%error, "a wake-up was not sent: the others find out by polling");
            }
        }
    }
    std::future::pending().await
}
