//! The yardstick: a server that writes the same bytes to every connection, and does nothing else.

use std::net::SocketAddr;

use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

use crate::cli::CliError;

#[derive(Debug, Args)]
pub struct BareArgs {
    /// How many bytes it writes to each connection
    #[arg(long)]
    bytes: usize,
}

/// Every connection gets one byte as soon as it is ready, and the bytes whenever any connection sends one.
pub async fn run(args: &BareArgs) -> Result<(), CliError> {
    super::socket::allow_many();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = TcpListener::bind(any).await.map_err(CliError::io("cannot listen"))?;
    let address = listener.local_addr().map_err(CliError::io("the listener has no address"))?;
    eprintln!("listening on {address}");
    let (go, _) = broadcast::channel(16);
    loop {
        let (stream, _) = listener.accept().await.map_err(CliError::io("cannot accept"))?;
        tokio::spawn(answer(stream, go.clone(), vec![b'x'; args.bytes]));
    }
}

async fn answer(stream: TcpStream, go: broadcast::Sender<()>, bytes: Vec<u8>) {
    stream.set_nodelay(true).ok();
    let mut going = go.subscribe();
    let (mut read, mut write) = stream.into_split();
    // It hears everything from here on.
    if write.write_all(b"!").await.is_err() {
        return;
    }
    tokio::spawn(async move {
        let mut byte = [0];
        while read.read_exact(&mut byte).await.is_ok() {
            go.send(()).ok();
        }
    });
    while going.recv().await.is_ok() {
        if write.write_all(&bytes).await.is_err() {
            return;
        }
    }
}
