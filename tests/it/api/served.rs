//! The server on a port of its own, for what is more than a question and an answer.

use std::net::SocketAddr;
use std::time::Duration;

use retinue::http::App;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::world::World;

/// How long anything may take before the test fails.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A server that listens.
pub struct Served {
    /// Where.
    pub address: SocketAddr,
    /// What stops it.
    pub stop: watch::Sender<bool>,
    /// How it ends.
    pub server: JoinHandle<std::io::Result<()>>,
}

/// The server of a world, as `retinue serve --no-playground` has it.
pub async fn serve(world: &World) -> Served {
    serve_app(world.app()).await
}

/// A server that shares this.
pub async fn serve_app(app: App) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its number");
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(retinue::http::serve(listener, app, stopped));
    Served { address, stop, server }
}

impl Served {
    /// It has ended by itself.
    pub async fn ends(self) {
        let ended = tokio::time::timeout(DEADLINE, self.server).await.expect("it ends in time");
        ended.expect("it does not panic").expect("it ends well");
    }
}
