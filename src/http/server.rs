//! Listens, answers, and stops without cutting anybody off.

use std::io;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::App;

/// How long running requests may take to finish once the server was told to stop.
const GRACE: Duration = Duration::from_secs(30);

/// Serves until `stop` turns true, then finishes running requests and sends everybody home who has a connection open.
///
/// # Errors
/// A listener that fails.
pub async fn serve(listener: TcpListener, app: App, mut stop: watch::Receiver<bool>) -> io::Result<()> {
    let mut stopped = stop.clone();
    let lasting = app.lasting.clone();
    let telling = lasting.clone();
    // An event is small, and must not wait for the next one.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps small writes back");
        }
    });
    let server = axum::serve(listener, super::router(app)).with_graceful_shutdown(async move {
        wait_for(&mut stopped).await;
        telling.stop();
    });
    let served = async {
        server.await?;
        // Sockets have left the server's count when they were upgraded.
        lasting.all_gone().await;
        Ok(())
    };
    tokio::select! {
        result = served => result,
        () = async { wait_for(&mut stop).await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("some requests did not finish in time and were cut off");
            Ok(())
        }
    }
}

/// Waits for the signal; a sender that is gone is one too.
async fn wait_for(stop: &mut watch::Receiver<bool>) {
    stop.wait_for(|stop| *stop).await.ok();
}
