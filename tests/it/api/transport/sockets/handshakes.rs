//! Who gets a socket.

use std::sync::Arc;

use retinue::http::{AllowedOrigins, App, Session};
use serde_json::{Value, json};

use super::VIEWER;
use crate::api::served::{serve, serve_app};
use crate::api::socket::{PROTOCOL, Socket, handshake};
use crate::databases::Kind::Sqlite;
use crate::world::World;

/// The status and the code of a refused handshake.
async fn refused(
    served: &super::super::super::served::Served,
    headers: &[(&'static str, &str)],
) -> (u16, String) {
    let Err(response) = Socket::open(served, handshake(served, headers)).await else { panic!("{headers:?}") };
    let status = response.status().as_u16();
    let body: Value = serde_json::from_slice(&response.into_body().unwrap_or_default()).unwrap_or_default();
    (status, body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_socket_speaks_the_protocol_that_was_offered() {
    let Some(world) = World::on(Sqlite).await else { return };
    let served = serve(&world).await;
    for protocols in [PROTOCOL, "graphql-ws, graphql-transport-ws", "graphql-transport-ws,x"] {
        let request = handshake(&served, &[("sec-websocket-protocol", protocols)]);
        // The client itself refuses an answer with another protocol than it offered.
        let (_, response) = Socket::open(&served, request).await.expect("a socket");
        assert_eq!(response.headers()["sec-websocket-protocol"], PROTOCOL, "{protocols}");
        assert_eq!(response.headers()["x-request-id"].len(), 36);
    }
    for protocols in ["graphql-ws", "", "graphql-transport-ws2"] {
        let answer = refused(&served, &[("sec-websocket-protocol", protocols)]).await;
        assert_eq!(answer, (400, "BAD_REQUEST".to_owned()), "{protocols}");
    }
    for wrong in [("sec-websocket-version", "8"), ("connection", "keep-alive")] {
        assert_eq!(refused(&served, &[wrong]).await, (400, "BAD_REQUEST".to_owned()), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_page_of_another_site_gets_no_socket() {
    let Some(world) = World::on(Sqlite).await else { return };
    let allowed_origins = AllowedOrigins::of(&["https://crm.example".to_owned()]).expect("an origin");
    let served = serve_app(App { allowed_origins, ..world.app() }).await;
    let own = format!("http://{}", served.address);
    for origin in [own.as_str(), "https://crm.example", "HTTPS://CRM.example:443", ""] {
        Socket::open(&served, handshake(&served, &[("origin", origin)])).await.expect(origin);
    }
    for origin in ["https://evil.example", "null", "http://crm.example", "http://127.0.0.1:1"] {
        let answer = refused(&served, &[("origin", origin)]).await;
        assert_eq!(answer, (403, "FORBIDDEN".to_owned()), "{origin}");
    }
    // The name that a page was loaded under may be any: without one of its own, the server cannot know better.
    let headers = [("host", "api.example"), ("origin", "https://api.example")];
    Socket::open(&served, handshake(&served, &headers)).await.expect("a socket");
}

#[tokio::test]
async fn the_demo_opens_sockets_for_this_machine_alone() {
    let Some(world) = World::on(Sqlite).await else { return };
    let session = Session::demo(Vec::new(), Vec::new());
    // What the setting allows, the demo does not.
    let allowed_origins = AllowedOrigins::of(&["https://crm.example".to_owned()]).expect("an origin");
    let app = App { playground: Some(Arc::new(session)), allowed_origins, ..world.app() };
    let served = serve_app(app).await;
    Socket::open(&served, handshake(&served, &[])).await.expect("a socket");
    for wrong in [
        &[("host", "api.example")][..],
        &[("host", "api.example"), ("origin", "http://api.example")],
        &[("origin", "https://crm.example")],
    ] {
        assert_eq!(refused(&served, wrong).await, (403, "FORBIDDEN".to_owned()), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_token_in_the_handshake_will_do() {
    let Some(world) = World::on(Sqlite).await else { return };
    let [ada, finn] = world.users(["Ada", "Finn"]).await;
    let served = serve(&world).await;
    let init = json!({ "type": "connection_init" });
    let header = format!("Bearer {}", world.token_of(&ada));
    let request = handshake(&served, &[("authorization", &header)]);
    let (mut socket, _) = Socket::open(&served, request.clone()).await.expect("a socket");
    socket.says(&[&init]).await;
    socket.hears(&json!({ "type": "connection_ack" })).await;
    assert_eq!(socket.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Ada" } } }));

    // What the message says goes before.
    let (mut socket, _) = Socket::open(&served, request).await.expect("a socket");
    let payload = json!({ "authorization": format!("Bearer {}", world.token_of(&finn)) });
    socket.says(&[&json!({ "type": "connection_init", "payload": payload })]).await;
    socket.hears(&json!({ "type": "connection_ack" })).await;
    assert_eq!(socket.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Finn" } } }));

    let request = handshake(&served, &[("authorization", "Bearer garbage")]);
    let (mut socket, _) = Socket::open(&served, request).await.expect("a socket");
    socket.says(&[&init]).await;
    assert_eq!(socket.sees_it_close().await, (4403, "Forbidden".to_owned()));
}
