//! How operations come and go on a socket.

use std::time::Duration;

use serde_json::json;

use super::{Client, time_of};
use crate::graphql::{Reply, Sent};
use crate::http::stand_in::{StandIn, event};
use crate::http::websocket::operations::MAX_OPERATIONS;

#[tokio::test(start_paused = true)]
async fn an_operation_that_answers_once_is_a_result_and_an_end() {
    let mut client = Client::admitted(&StandIn::default()).await;
    // The id is free as soon as the client has heard of the end.
    for number in 0..3 {
        let payload = json!({ "query": "once", "variables": { "number": number } });
        client.says(&json!({ "type": "subscribe", "id": "a\"b", "payload": payload })).await;
        client.gets("a\"b", &json!({ "number": number })).await;
        assert_eq!(client.sees_end_of("a\"b").await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_an_error_of_its_operation_alone() {
    let stand_in = StandIn::default();
    let stream = stand_in.stream("stream");
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("stream", "stream").await;
    for (query, code) in
        [("wrong", "GRAPHQL_VALIDATION_FAILED"), ("broken", "BAD_REQUEST"), ("panic", "INTERNAL")]
    {
        client.subscribes("1", query).await;
        assert_eq!(client.sees_end_of("1").await.as_deref(), Some(code), "{query}");
    }
    stream.send(event(&json!(1))).await.unwrap();
    client.gets("stream", &json!(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_when_it_is_over_or_says_why_it_cannot_go_on() {
    let stand_in = StandIn::default();
    let (over, failing) = (stand_in.stream("over"), stand_in.stream("failing"));
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "over").await;
    over.send(event(&json!(1))).await.unwrap();
    client.gets("1", &json!(1)).await;
    over.send(event(&json!(2))).await.unwrap();
    client.gets("1", &json!(2)).await;
    drop(over);
    assert_eq!(client.sees_end_of("1").await, None);

    client.subscribes("2", "failing").await;
    let json = Reply::refused("RESUME", "too slow", None).json.into();
    failing.send(Sent::Failed { json }).await.unwrap();
    assert_eq!(client.sees_end_of("2").await.as_deref(), Some("RESUME"));
}

#[tokio::test(start_paused = true)]
async fn complete_drops_an_operation_at_once() {
    let stand_in = StandIn::default();
    let (first, other) = (stand_in.stream("stream"), stand_in.stream("other"));
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "stream").await;
    client.subscribes("2", "other").await;
    first.send(event(&json!("first"))).await.unwrap();
    client.gets("1", &json!("first")).await;
    client.completes("1").await;
    first.closed().await;

    // Its id is free, the other goes on, and of the first there is nothing more.
    let second = stand_in.stream("stream");
    client.subscribes("1", "stream").await;
    second.send(event(&json!("second"))).await.unwrap();
    client.gets("1", &json!("second")).await;
    other.send(event(&json!("other"))).await.unwrap();
    client.gets("2", &json!("other")).await;
    // Of what never was, or is over, nothing is said.
    client.completes("nothing").await;
    client.says(&json!({ "type": "ping", "payload": { "at": 1 } })).await;
    client.hears(&json!({ "type": "pong" })).await;
}

#[tokio::test(start_paused = true)]
async fn a_socket_runs_a_hundred_operations() {
    let stand_in = StandIn::default();
    let mut client = Client::admitted(&stand_in).await;
    let mut streams = Vec::new();
    for number in 0..MAX_OPERATIONS {
        streams.push(stand_in.stream(&number.to_string()));
        client.subscribes(&number.to_string(), &number.to_string()).await;
    }
    client.subscribes("more", "once").await;
    assert_eq!(client.sees_end_of("more").await.as_deref(), Some("RATE_LIMITED"));
    client.completes("7").await;
    client.subscribes("more", "once").await;
    client.gets("more", &json!(null)).await;
    assert_eq!(client.sees_end_of("more").await, None);
    assert_eq!(streams.iter().filter(|stream| stream.is_closed()).count(), 1);
}

// N6
#[tokio::test(start_paused = true)]
async fn a_slow_reader_is_felt_by_the_stream_and_their_commands_are_still_heard() {
    let stand_in = StandIn::default();
    let (flood, quiet) = (stand_in.stream("flood"), stand_in.stream("quiet"));
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "flood").await;
    client.subscribes("2", "quiet").await;

    // Nobody reads. What is taken from the stream is what the line, the lane and the two hands between them hold.
    let large = json!("x".repeat(1000));
    let mut taken = 0;
    while tokio::time::timeout(Duration::from_secs(1), flood.send(event(&large))).await.is_ok() {
        taken += 1;
    }
    assert!((16..=30).contains(&taken), "{taken}");
    client.completes("2").await;
    quiet.closed().await;

    // Reading makes room again, and nothing was lost.
    for _ in 0..taken {
        client.gets("1", &large).await;
    }
    flood.send(event(&json!("last"))).await.unwrap();
    client.gets("1", &json!("last")).await;
}

// N6
#[tokio::test(start_paused = true)]
async fn who_reads_nothing_for_half_a_minute_is_given_up() {
    let stand_in = StandIn::default();
    let flood = stand_in.stream("flood");
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "flood").await;
    let large = json!("x".repeat(1000));
    let flooding = async { while flood.send(event(&large)).await.is_ok() {} };
    let ((), waited) = time_of(flooding).await;
    client.server.await.unwrap();
    assert_eq!(waited.as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn what_is_completed_while_it_waits_for_room_is_not_sent() {
    let stand_in = StandIn::default();
    let flood = stand_in.stream("flood");
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "flood").await;
    let large = json!("x".repeat(4000));
    while tokio::time::timeout(Duration::from_secs(1), flood.send(event(&large))).await.is_ok() {}
    client.completes("1").await;
    flood.closed().await;
    client.subscribes("1", "once").await;
    // What lay in the line already arrives, what lay in the lane does not.
    let mut arrived = 0;
    loop {
        let next = client.next().await;
        if next["payload"]["data"] != large {
            assert_eq!(next["payload"], json!({ "data": null }));
            break;
        }
        arrived += 1;
    }
    assert!(arrived <= 3, "{arrived}");
    assert_eq!(client.sees_end_of("1").await, None);
}

#[tokio::test(start_paused = true)]
async fn what_is_long_arrives_whole() {
    let stand_in = StandIn::default();
    let stream = stand_in.stream("stream");
    let mut client = Client::admitted(&stand_in).await;
    client.subscribes("1", "stream").await;
    for size in [16 * 1024 - 60, 16 * 1024, 100_000, 1_000_000] {
        // Two bytes a letter, so that frames are cut through letters.
        let long = json!("ä".repeat(size / 2));
        stream.send(event(&long)).await.unwrap();
        client.gets("1", &long).await;
    }
}
