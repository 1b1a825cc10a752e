//! Stopping finishes what runs and takes on nothing new.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use tokio::task::spawn_blocking;

use super::{JSON, asking};
use crate::api::served::{DEADLINE, Served, serve};
use crate::databases::Kind::Sqlite;
use crate::world::World;

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a deadline");
    stream
}

/// What arrives up to and with the end of a head.
fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("an answer in time");
        head.push(byte[0]);
    }
    String::from_utf8(head).expect("text")
}

/// Nobody listens there any more.
fn until_refused(address: SocketAddr) {
    let begun = std::time::Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(begun.elapsed() < DEADLINE, "it goes on listening");
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_whose_body_is_still_arriving_is_finished() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let token = world.token_of(&ada);
    let served = serve(&world).await;
    let (address, stop, server) = (served.address, served.stop.clone(), served.server.abort_handle());
    let client = spawn_blocking(move || {
        let body = asking("{ viewer { name } }");
        let mut stream = connect(address);
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: {JSON}\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("sent");
        // The server asks for the body only once the request runs.
        assert!(read_head(&mut stream).starts_with("HTTP/1.1 100"));
        let (first, rest) = body.split_at(7);
        stream.write_all(first.as_bytes()).expect("sent");

        stop.send_replace(true);
        until_refused(address);
        // It takes on nothing new, and waits for this one.
        for _ in 0..500 {
            assert!(TcpStream::connect(address).is_err() && !server.is_finished());
        }
        stream.write_all(rest.as_bytes()).expect("sent");
        let head = read_head(&mut stream);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the connection is closed after the answer");
        (head, answer)
    });
    let (head, answer) = client.await.expect("the client does not panic");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(answer, r#"{"data":{"viewer":{"name":"Ada"}}}"#);
    served.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_ask_nothing_do_not_hold_it_up() {
    let Some(world) = World::on(Sqlite).await else { return };
    let served = serve(&world).await;
    let address = served.address;
    let client = spawn_blocking(move || {
        let silent = connect(address);
        let mut idle = connect(address);
        idle.write_all(format!("GET /health HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).expect("sent");
        assert!(read_head(&mut idle).starts_with("HTTP/1.1 200"));
        (silent, idle)
    });
    let connections = client.await.expect("the client does not panic");
    served.stop.send_replace(true);
    served.ends().await;
    drop(connections);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_drops_the_switch_stops_it() {
    let Some(world) = World::on(Sqlite).await else { return };
    let Served { address, stop, server } = serve(&world).await;
    drop(stop);
    let ended = tokio::time::timeout(DEADLINE, server).await.expect("it ends in time");
    ended.expect("it does not panic").expect("it ends well");
    until_refused(address);
}
