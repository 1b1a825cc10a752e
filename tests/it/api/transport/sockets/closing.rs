//! How a socket ends, by the codes that the reference client knows.

use retinue::auth::{Bearer, Tokens};
use rstest::rstest;
use serde_json::json;

use super::VIEWER;
use crate::api::client::{HOUR, TOKEN_KEY};
use crate::api::served::serve;
use crate::api::socket::{Socket, handshake, subscribe};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

fn init(token: &str) -> serde_json::Value {
    json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } })
}

#[tokio::test]
async fn who_says_nothing_is_closed_after_ten_seconds() {
    let Some(world) = World::on(Sqlite).await else { return };
    let served = serve(&world).await;
    let socket = Socket::fresh(&served).await;
    // From here on time passes as soon as everybody waits.
    tokio::time::pause();
    assert_eq!(socket.sees_it_close().await, (4408, "Connection initialisation timeout".to_owned()));
}

#[rstest]
#[tokio::test]
async fn who_shows_no_valid_token_is_closed_and_all_alike(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, gone] = world.users(["Ada", "Gone"]).await;
    let served = serve(&world).await;
    let bearer = Bearer::lasting(world.account, ada.id, world.now(), HOUR);
    let signed = |tokens: Tokens, bearer| tokens.issue(bearer, world.now()).expect("signed");
    let forged = signed(Tokens::new(b"another secret"), bearer);
    let expired = signed(Tokens::new(TOKEN_KEY), Bearer { expires_at: world.now(), ..bearer });
    let of_gone = world.token_of(&gone);
    gone.leaves().await;
    for token in ["", "garbage", &forged, &expired, &of_gone] {
        let mut socket = Socket::fresh(&served).await;
        socket.says(&[&init(token)]).await;
        assert_eq!(socket.sees_it_close().await, (4403, "Forbidden".to_owned()), "{token}");
    }
    let mut socket = Socket::fresh(&served).await;
    socket.says(&[&json!({ "type": "connection_init" })]).await;
    assert_eq!(socket.sees_it_close().await, (4403, "Forbidden".to_owned()));
}

#[tokio::test]
async fn who_does_not_keep_to_the_protocol_is_closed_with_its_code() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let served = serve(&world).await;
    let mut socket = Socket::fresh(&served).await;
    socket.starts("1", VIEWER, json!({})).await;
    assert_eq!(socket.sees_it_close().await, (4401, "Unauthorized".to_owned()));

    let mut socket = Socket::of(&ada, &served).await;
    socket.says(&[&init(&world.token_of(&ada))]).await;
    assert_eq!(socket.sees_it_close().await, (4429, "Too many initialisation requests".to_owned()));

    let mut socket = Socket::of(&ada, &served).await;
    let first = subscribe("1", VIEWER, json!({}));
    socket.says(&[&first, &first]).await;
    assert_eq!(socket.sees_it_close().await, (4409, "Subscriber already exists".to_owned()));

    let mut socket = Socket::of(&ada, &served).await;
    socket.says(&[&json!({ "type": "start", "id": "secret" })]).await;
    assert_eq!(socket.sees_it_close().await, (4400, "Invalid message received".to_owned()));
}

// N5
#[tokio::test]
async fn a_token_that_expires_ends_the_socket() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let served = serve(&world).await;
    let mut socket = Socket::of(&ada, &served).await;
    world.clock.advance_seconds(HOUR - 1);
    assert_eq!(socket.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Ada" } } }));
    world.clock.advance_seconds(1);
    assert_eq!(socket.sees_it_close().await, (4403, "Forbidden".to_owned()));
}

// N5
#[rstest]
#[tokio::test]
async fn who_is_deactivated_loses_their_sockets_and_nobody_else_does(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, finn] = world.users(["Ada", "Finn"]).await;
    let served = serve(&world).await;
    let mut stays = Socket::of(&ada, &served).await;
    let (one, two) = (Socket::of(&finn, &served).await, Socket::of(&finn, &served).await);
    finn.leaves().await;
    for socket in [one, two] {
        assert_eq!(socket.sees_it_close().await, (4403, "Forbidden".to_owned()));
    }
    assert_eq!(stays.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Ada" } } }));
}

#[tokio::test]
async fn a_server_that_stops_sends_everybody_home_and_ends() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let served = serve(&world).await;
    let sockets = [Socket::of(&ada, &served).await, Socket::fresh(&served).await];
    served.stop.send_replace(true);
    for socket in sockets {
        assert_eq!(socket.sees_it_close().await, (1001, "Going away".to_owned()));
    }
    served.ends().await;
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_who_does_not_answer() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let served = serve(&world).await;
    let silent = Socket::of(&ada, &served).await;
    served.stop.send_replace(true);
    served.ends().await;
    drop(silent);
}

#[tokio::test]
async fn a_client_that_leaves_is_said_goodbye() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let served = serve(&world).await;
    Socket::of(&ada, &served).await.leaves().await;
    let (socket, _) = Socket::open(&served, handshake(&served, &[])).await.expect("a socket");
    socket.leaves().await;
}
