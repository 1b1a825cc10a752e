//! What another program does over the same database counts for the streams that a server has open: `retinue user set`
//! (P4, N5).

use rstest::rstest;
use serde_json::json;
use tokio::net::TcpStream;

use super::ear::document;
use super::fleet::{Fleet, world_apart};
use crate::api::socket::Socket;
use crate::databases::Kind::{self, Postgres, Sqlite};

// P4, N5
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_command_line_takes_away_ends_streams_and_sockets(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = world_apart(on).await else { return };
    let [oda, uma] = world.users(["Oda", "Uma"]).await;
    let record = world.contact().owned_by(&oda).create().await;
    let mine = world.contact().owned_by(&uma).create().await;
    let fleet = Fleet::of(&world, 1).await;
    let token = fleet.token_of(&uma);
    let stream = TcpStream::connect(fleet.address_of(0)).await.expect("it listens");
    let mut socket = Socket::through(stream, &token).await;
    let listen = document("contactChanged", "id", "contactId contact { id }");
    for (id, contact) in [("other", &record), ("mine", &mine)] {
        socket.starts(id, &listen, json!({ "id": contact })).await;
        assert_eq!(socket.result_of(id).await["data"]["heard"]["kind"], "STARTED");
    }

    let id = uma.id.to_string();
    fleet.runs(&["user", "set", &id, "--only-assigned-data", "on"]).await;
    let over = socket.result_of("other").await["data"]["heard"].take();
    assert_eq!(
        (&over["kind"], &over["contactId"], &over["contact"]),
        (&json!("ACCESS_ENDED"), &json!(record), &json!(null))
    );
    assert_eq!(socket.end_of("other").await, Vec::<String>::new());

    // What she owns goes on until she has left, and then the socket is closed for good.
    fleet.runs(&["user", "set", &id, "--active", "off"]).await;
    let stream = TcpStream::connect(fleet.address_of(0)).await.expect("it listens");
    assert_eq!(socket.sees_it_close().await, (4403, "Forbidden".to_owned()));
    assert_eq!(Socket::closing(stream, &token).await, (4403, "Forbidden".to_owned()));
}
