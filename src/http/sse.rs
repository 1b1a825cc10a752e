//! GraphQL over SSE, in the mode of distinct connections: one operation a request, its results as events, then `complete`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, header};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::App;
use super::authenticate::refused;
use super::lasting::Stay;
use super::staying::{Server, until_unwelcome};
use crate::auth::Bearer;
use crate::graphql::{Events, Live, Sent};

/// How often something is sent when there is nothing to say, so that nobody on the way takes the line for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long one event may wait for a reader before the reader is given up.
const WRITE_LIMIT: Duration = Duration::from_secs(30);

/// A comment: no event to anybody.
const BEAT: Bytes = Bytes::from_static(b":\n\n");

/// The end of the operation.
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata: \n\n");

/// The cursor after which a client wants to go on.
pub fn last_event_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("last-event-id")?.to_str().ok()?.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

/// The answer to an operation that has begun.
pub fn respond(app: &Arc<App>, bearer: Bearer, live: Live) -> Response<Body> {
    let mut response = Response::new(stream(Arc::clone(app), bearer, live, app.lasting.stays()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// The events as they are written, by a task of their own: it notices the end of a token even when nobody reads.
fn stream<S: Server>(server: S, bearer: Bearer, live: Live, mut stay: Stay) -> Body {
    let (out, written) = mpsc::channel(1);
    tokio::spawn(async move {
        tokio::select! {
            _ = tell_all(live, &out) => {}
            () = until_unwelcome(&server, bearer) => {
                if tell(&out, next(&refused().json(), None)).await {
                    tell(&out, COMPLETE).await;
                }
            }
            // Without `complete`, so that clients come back.
            () = stay.until_stopped() => {}
            () = out.closed() => {}
        }
    });
    Body::from_stream(futures_util::stream::unfold(written, async |mut written| {
        let bytes: Bytes = written.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(bytes), written))
    }))
}

/// Tells everything that comes of an operation. None when nobody listens any more.
async fn tell_all(live: Live, out: &mpsc::Sender<Bytes>) -> Option<()> {
    let told = match live {
        Live::Once(reply) => tell(out, next(&reply.json, None)).await,
        Live::Events(events) => tell_events(events, out).await,
    };
    (told && tell(out, COMPLETE).await).then_some(())
}

async fn tell_events(mut events: Events, out: &mpsc::Sender<Bytes>) -> bool {
    let mut beats = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stuck_since = None;
    loop {
        let sent = tokio::select! {
            sent = events.next() => sent,
            now = beats.tick() => {
                // It never waits for the reader here: the next event may be half read, for others too (N6).
                match out.try_send(BEAT) {
                    Ok(()) => stuck_since = None,
                    Err(TrySendError::Full(_)) if now - *stuck_since.get_or_insert(now) < WRITE_LIMIT => {}
                    Err(_) => return false,
                }
                continue;
            }
        };
        stuck_since = None;
        match sent {
            Some(Sent::Next { json, cursor }) => {
                if !tell(out, next(&json, cursor.as_deref())).await {
                    return false;
                }
            }
            Some(Sent::Failed { json }) => return tell(out, next(&json, None)).await,
            None => return true,
        }
    }
}

/// False when nobody listens, or has not for too long.
async fn tell(out: &mpsc::Sender<Bytes>, bytes: Bytes) -> bool {
    matches!(timeout(WRITE_LIMIT, out.send(bytes)).await, Ok(Ok(())))
}

/// A result as an event. JSON has no line ends but those between its tokens, which mean nothing.
fn next(json: &str, cursor: Option<&str>) -> Bytes {
    let json = json.replace(['\r', '\n'], " ");
    match cursor {
        Some(cursor) => format!("event: next\nid: {cursor}\ndata: {json}\n\n").into(),
        None => format!("event: next\ndata: {json}\n\n").into(),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use serde_json::json;

    use super::*;
    use crate::graphql::Reply;
    use crate::http::lasting::Lasting;
    use crate::http::operation::RequestBody;
    use crate::http::stand_in::{EXPIRY, StandIn, event};

    /// What is written of an operation; ends when the stream does.
    struct Reader(axum::body::BodyDataStream, Lasting);

    impl Reader {
        async fn of(stand_in: &StandIn, document: &str) -> Self {
            let bearer = stand_in.admit(Some("good")).await.unwrap();
            let body = RequestBody::parse(json!({ "query": document }).to_string().as_bytes()).unwrap();
            let live = stand_in.open(bearer, body, None).await.unwrap();
            let lasting = Lasting::default();
            Self(stream(stand_in.clone(), bearer, live, lasting.stays()).into_data_stream(), lasting)
        }

        async fn next(&mut self) -> Option<String> {
            let bytes = self.0.next().await?.unwrap();
            Some(String::from_utf8(bytes.to_vec()).unwrap())
        }

        async fn rest(mut self) -> String {
            let mut text = String::new();
            while let Some(more) = self.next().await {
                text.push_str(&more);
            }
            text
        }
    }

    const END: &str = "event: complete\ndata: \n\n";

    fn unauthenticated() -> String {
        format!("event: next\ndata: {}\n\n{END}", refused().json())
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_that_answers_once_is_one_event_and_an_end() {
        let text = Reader::of(&StandIn::default(), "once").await.rest().await;
        assert_eq!(text, format!("event: next\ndata: {{\"data\":null}}\n\n{END}"));
    }

    #[tokio::test(start_paused = true)]
    async fn events_carry_the_cursor_to_resume_from() {
        let stand_in = StandIn::default();
        let stream = stand_in.stream("stream");
        let mut reader = Reader::of(&stand_in, "stream").await;
        let json = "{\"data\":\n1}".into();
        stream.send(Sent::Next { json, cursor: Some("abc".into()) }).await.unwrap();
        assert_eq!(reader.next().await.unwrap(), "event: next\nid: abc\ndata: {\"data\": 1}\n\n");
        stream.send(event(&json!(2))).await.unwrap();
        assert_eq!(reader.next().await.unwrap(), "event: next\ndata: {\"data\":2}\n\n");
        let json = Reply::refused("RESUME", "too slow", None).json;
        stream.send(Sent::Failed { json: json.as_str().into() }).await.unwrap();
        assert_eq!(reader.rest().await, format!("event: next\ndata: {json}\n\n{END}"));
        stream.closed().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_beats() {
        let stand_in = StandIn::default();
        let stream = stand_in.stream("stream");
        let mut reader = Reader::of(&stand_in, "stream").await;
        for _ in 0..3 {
            let begun = Instant::now();
            assert_eq!(reader.next().await.unwrap(), ":\n\n");
            assert_eq!(begun.elapsed().as_secs(), 15);
        }
        drop(stream);
        assert_eq!(reader.rest().await, END);
    }

    // N5
    #[tokio::test(start_paused = true)]
    async fn a_token_that_expires_and_a_user_who_leaves_end_the_stream() {
        let stand_in = StandIn::default();
        let stream = stand_in.stream("stream");
        let reader = Reader::of(&stand_in, "stream").await;
        stand_in.is_at(EXPIRY);
        let begun = Instant::now();
        assert_eq!(reader.rest().await, unauthenticated());
        assert!(begun.elapsed() <= Duration::from_millis(501));
        stream.closed().await;

        let stand_in = StandIn::default();
        let stream = stand_in.stream("stream");
        let reader = Reader::of(&stand_in, "stream").await;
        stand_in.loses_its_user();
        let begun = Instant::now();
        assert_eq!(reader.rest().await, unauthenticated());
        assert!(begun.elapsed() <= Duration::from_millis(1001));
        stream.closed().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_stops_ends_the_stream_without_completing_it() {
        let stand_in = StandIn::default();
        let stream = stand_in.stream("stream");
        let reader = Reader::of(&stand_in, "stream").await;
        let lasting = reader.1.clone();
        lasting.stop();
        assert_eq!(reader.rest().await, "");
        lasting.all_gone().await;
        stream.closed().await;
    }

    // N6: what an event is made of is read for others too.
    #[tokio::test(start_paused = true)]
    async fn who_reads_nothing_holds_up_no_reading() {
        let stand_in = StandIn::default();
        let bearer = stand_in.admit(Some("good")).await.unwrap();
        let read = Arc::new(tokio::sync::Notify::new());
        let done = Arc::clone(&read);
        let reading = futures_util::stream::once(async move {
            tokio::time::sleep(Duration::from_secs(40)).await;
            done.notify_one();
            event(&json!(1))
        });
        let lasting = Lasting::default();
        let begun = Instant::now();
        let body = stream(stand_in, bearer, Live::Events(Events::new(reading)), lasting.stays());
        timeout(Duration::from_secs(50), read.notified()).await.expect("the reading goes on");
        assert_eq!(begun.elapsed().as_secs(), 40);
        drop(body);
    }

    // N6
    #[tokio::test(start_paused = true)]
    async fn who_reads_nothing_is_felt_by_the_stream_and_given_up() {
        let stand_in = StandIn::default();
        let stream = stand_in.stream("stream");
        let reader = Reader::of(&stand_in, "stream").await;
        let begun = Instant::now();
        let mut taken = 0;
        while stream.send(event(&json!(taken))).await.is_ok() {
            taken += 1;
        }
        assert_eq!((taken, begun.elapsed().as_secs()), (3, 30));
        drop(reader);

        // Nor does a silent stream beat for ever.
        let stream = stand_in.stream("stream");
        let reader = Reader::of(&stand_in, "stream").await;
        let begun = Instant::now();
        stream.closed().await;
        assert_eq!(begun.elapsed().as_secs(), 60);
        drop(reader);

        let stream = stand_in.stream("stream");
        drop(Reader::of(&stand_in, "stream").await);
        stream.closed().await;
    }
}
