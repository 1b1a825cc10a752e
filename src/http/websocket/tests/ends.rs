//! How sockets end: each code, when, and that nothing of what was received is in the reason.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::{Client, Closing, time_of};
use crate::http::MAX_BODY;
use crate::http::stand_in::{EXPIRY, StandIn, event};

#[tokio::test(start_paused = true)]
async fn who_does_not_say_who_they_are_has_ten_seconds() {
    let client = Client::connect(&StandIn::default()).await;
    let ((), waited) = time_of(client.sees_it_close_with(Closing::TOO_LATE)).await;
    assert_eq!(waited.as_secs(), 10);

    let mut client = Client::admitted(&StandIn::default()).await;
    tokio::time::advance(Duration::from_secs(15)).await;
    client.says(&json!({ "type": "ping" })).await;
    client.hears(&json!({ "type": "pong" })).await;
}

#[tokio::test(start_paused = true)]
async fn who_has_no_valid_token_is_sent_away() {
    for payload in [
        json!(null),
        json!({}),
        json!({ "Authorization": "Bearer bad" }),
        json!({ "Authorization": "good" }),
        json!({ "Authorization": ["Bearer good"] }),
        json!({ "token": "Bearer good" }),
    ] {
        let mut client = Client::connect(&StandIn::default()).await;
        client.says(&json!({ "type": "connection_init", "payload": payload })).await;
        client.sees_it_close_with(Closing::FORBIDDEN).await;
    }
    for key in ["Authorization", "authorization"] {
        let mut client = Client::connect(&StandIn::default()).await;
        client.says(&json!({ "type": "connection_init", "payload": { key: "bearer good" } })).await;
        client.hears(&json!({ "type": "connection_ack" })).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_down_is_no_reason_to_stay_away() {
    let stand_in = StandIn::default();
    stand_in.is_down();
    let mut client = Client::connect(&stand_in).await;
    client.says(&json!({ "type": "connection_init", "payload": { "Authorization": "Bearer good" } })).await;
    client.sees_it_close_with(Closing::UNAVAILABLE).await;
}

#[tokio::test(start_paused = true)]
async fn the_order_of_messages_is_kept() {
    let mut client = Client::connect(&StandIn::default()).await;
    client.subscribes("1", "once").await;
    client.sees_it_close_with(Closing::NOT_INITIALISED).await;

    let mut client = Client::admitted(&StandIn::default()).await;
    client.says(&json!({ "type": "connection_init", "payload": { "Authorization": "Bearer good" } })).await;
    client.sees_it_close_with(Closing::TWICE).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_no_message_of_the_protocol_ends_the_socket() {
    for text in
        ["secret", "[\"secret\"]", "{\"type\":\"secret\"}", "{\"type\":\"subscribe\",\"id\":\"secret\"}"]
    {
        for is_admitted in [true, false] {
            let stand_in = StandIn::default();
            let mut client = if is_admitted {
                Client::admitted(&stand_in).await
            } else {
                Client::connect(&stand_in).await
            };
            client.sends(Message::Text(text.into())).await;
            client.sees_it_close_with(Closing::BAD_MESSAGE).await;
        }
    }
    let mut client = Client::admitted(&StandIn::default()).await;
    client.sends(Message::Binary(json!({ "type": "ping" }).to_string().into_bytes().into())).await;
    client.sees_it_close_with(Closing::BAD_MESSAGE).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_has_the_limit_of_a_body() {
    let padded = |size: usize| {
        let message = json!({ "type": "ping" }).to_string();
        format!("{message}{}", " ".repeat(size - message.len()))
    };
    let mut client = Client::admitted(&StandIn::default()).await;
    client.sends(Message::Text(padded(MAX_BODY).into())).await;
    client.hears(&json!({ "type": "pong" })).await;

    // The server hangs up in the middle of it, so sending and reading go on side by side.
    let Client { socket, server, .. } = client;
    let (mut sink, mut stream) = socket.split();
    let sending =
        tokio::spawn(async move { sink.send(Message::Text(padded(MAX_BODY + 1).into())).await.ok() });
    let Some(Ok(Message::Close(Some(frame)))) = stream.next().await else { panic!("not closed") };
    assert_eq!(u16::from(frame.code), Closing::TOO_LARGE.code);
    drop((stream, sending.await));
    server.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_id_is_of_one_operation_at_a_time() {
    let stand_in = StandIn::default();
    let stream = stand_in.stream("stream");
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "stream").await;
    stream.send(event(&json!(1))).await.unwrap();
    client.gets("1", &json!(1)).await;
    client.subscribes("1", "once").await;
    client.sees_it_close_with(Closing::DUPLICATE_ID).await;
    // And what ran on the socket runs no more.
    stream.closed().await;
}

// N5
#[tokio::test(start_paused = true)]
async fn a_token_that_expires_ends_the_socket_at_that_instant() {
    let stand_in = StandIn::default();
    let stream = stand_in.stream("stream");
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "stream").await;
    stand_in.is_at(EXPIRY - 1);
    tokio::time::advance(Duration::from_secs(20)).await;
    stream.send(event(&json!(1))).await.unwrap();
    client.gets("1", &json!(1)).await;

    stand_in.is_at(EXPIRY);
    let ((), waited) = time_of(client.sees_it_close_with(Closing::FORBIDDEN)).await;
    assert!(waited <= Duration::from_millis(501), "{waited:?}");
    stream.closed().await;
}

// N5
#[tokio::test(start_paused = true)]
async fn who_has_left_is_out_within_a_second() {
    let stand_in = StandIn::default();
    let stream = stand_in.stream("stream");
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "stream").await;
    stand_in.loses_its_user();
    let ((), waited) = time_of(client.sees_it_close_with(Closing::FORBIDDEN)).await;
    assert!(waited <= Duration::from_millis(1001), "{waited:?}");
    stream.closed().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_says_so() {
    for is_admitted in [true, false] {
        let stand_in = StandIn::default();
        let client =
            if is_admitted { Client::admitted(&stand_in).await } else { Client::connect(&stand_in).await };
        let lasting = client.lasting.clone();
        lasting.stop();
        client.sees_it_close_with(Closing::GOING_AWAY).await;
        lasting.all_gone().await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_a_ping_by_the_next_is_not_there() {
    let client = Client::admitted(&StandIn::default()).await;
    // Nobody reads, so nobody answers.
    let (ended, waited) = time_of(client.server).await;
    ended.unwrap();
    assert_eq!(waited.as_secs(), 50);

    let mut client = Client::admitted(&StandIn::default()).await;
    for _ in 0..4 {
        let (message, waited) = time_of(client.socket.next()).await;
        assert!(matches!(message, Some(Ok(Message::Ping(_)))), "{message:?}");
        assert_eq!(waited.as_secs(), 25);
    }
}

#[tokio::test(start_paused = true)]
async fn who_leaves_ends_what_ran_for_them() {
    for is_polite in [true, false] {
        let stand_in = StandIn::default();
        let stream = stand_in.stream("stream");
        let mut client = Client::admitted(&stand_in).await;
        client.subscribes("1", "stream").await;
        stream.send(event(&json!(1))).await.unwrap();
        client.gets("1", &json!(1)).await;
        let Client { mut socket, server, .. } = client;
        if is_polite {
            socket.close(None).await.unwrap();
            while socket.next().await.is_some() {}
        }
        drop(socket);
        server.await.unwrap();
        stream.closed().await;
    }
}

// N6
#[tokio::test(start_paused = true)]
async fn who_asks_and_asks_and_reads_nothing_is_given_up() {
    let mut client = Client::admitted(&StandIn::default()).await;
    let ping = Message::Text(json!({ "type": "ping" }).to_string().into());
    let mut pings = 0;
    let asking = async {
        while client.socket.send(ping.clone()).await.is_ok() {
            pings += 1;
            assert!(pings < 10_000, "it goes on listening");
        }
    };
    let ((), waited) = time_of(asking).await;
    client.server.await.unwrap();
    assert_eq!(waited.as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn who_asks_much_at_once_and_reads_is_answered() {
    let mut client = Client::admitted(&StandIn::default()).await;
    let ping = Message::Text(json!({ "type": "ping" }).to_string().into());
    for _ in 0..200 {
        client.socket.feed(ping.clone()).await.unwrap();
    }
    client.socket.flush().await.unwrap();
    for _ in 0..200 {
        client.hears(&json!({ "type": "pong" })).await;
    }
}
