//! Chaos: sockets are cut and servers are killed while people write. Whoever comes back ends with exactly the inbox that
//! the query gives: nothing lost, nothing doubled, nothing out of order, nothing to somebody who may not see it (N4, N5).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use entity::{ContactId, UserId, notification};
use futures_util::future::join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};

use super::fleet::{Fleet, answer, now, world_apart};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Contact, Person, World};

const SUBSCRIBERS: usize = 20;
const CUTS_EACH: usize = 5;
const WRITERS: usize = 8;
const ACTS_EACH: usize = 20;
const KILLS: usize = 3;

/// How long one waits for what must come.
const DEADLINE: Duration = Duration::from_secs(180);

/// What a removal may take to reach a socket on its way (the issue: "within a second"), in microseconds.
const ON_ITS_WAY: i64 = 1_000_000;

/// One notice as it came over the wire.
#[derive(Clone, Debug)]
struct Received {
    number: i64,
    record: Option<String>,
    at: i64,
}

const LISTEN: &str =
    "subscription($after: Int) { notificationAdded(after: $after) { number record { id } } }";

/// One connection of a subscriber: goes on until it fails, is cut after `patience` notices, or all is there.
async fn listen(
    address: &str,
    token: &str,
    heard: &mut Vec<Received>,
    patience: Option<usize>,
    until: &mut watch::Receiver<Option<HashMap<UserId, i64>>>,
    user: UserId,
) -> Option<()> {
    let mut request = format!("ws://{address}/graphql").into_client_request().ok()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.ok()?;
    let after = heard.last().map_or(0, |last| last.number);
    let init =
        json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } });
    says(&mut socket, &init).await?;
    let payload = json!({ "query": LISTEN, "variables": { "after": after } });
    let mut left = patience;
    loop {
        let all = until.borrow().as_ref().and_then(|last| last.get(&user).copied());
        if all.is_some_and(|all| heard.last().map_or(0, |last| last.number) >= all) {
            return None;
        }
        let message = tokio::select! {
            message = socket.next() => message?.ok()?,
            _ = until.changed() => continue,
        };
        let Message::Text(text) = message else { continue };
        let message: Value = serde_json::from_str(text.as_str()).expect("JSON");
        match message["type"].as_str() {
            Some("connection_ack") => {
                says(&mut socket, &json!({ "type": "subscribe", "id": "1", "payload": payload })).await?;
            }
            Some("next") => {
                let notice = &message["payload"]["data"]["notificationAdded"];
                heard.push(Received {
                    number: notice["number"].as_i64().unwrap_or_else(|| panic!("a number: {message}")),
                    record: notice["record"]["id"].as_str().map(str::to_owned),
                    at: now(),
                });
                left = left.map(|left| left - 1);
                if left == Some(0) {
                    // Cut: the socket is dropped without a word.
                    return Some(());
                }
            }
            other => panic!("the server said {other:?}: {message}"),
        }
    }
}

async fn says(socket: &mut WebSocketStream<TcpStream>, message: &Value) -> Option<()> {
    socket.send(Message::Text(message.to_string().into())).await.ok()
}

/// Everything that a subscriber received until all is there, over however many connections.
async fn subscriber(
    fleet: Arc<Fleet>,
    user: UserId,
    token: String,
    mut chance: Chance,
    mut until: watch::Receiver<Option<HashMap<UserId, i64>>>,
) -> Vec<Received> {
    let mut heard = Vec::new();
    let mut cuts = CUTS_EACH;
    loop {
        let patience = (cuts > 0).then(|| 1 + chance.below(6));
        let address = fleet.address(&mut chance);
        let cut = listen(&address, &token, &mut heard, patience, &mut until, user).await.is_some();
        cuts -= usize::from(cut);
        let all = until.borrow().as_ref().and_then(|last| last.get(&user).copied());
        if all.is_some_and(|all| heard.last().map_or(0, |last| last.number) >= all) {
            return heard;
        }
        if !cut {
            // A server that was just killed refuses at once: others want to run meanwhile.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// When somebody was let in or thrown out: from when the call was sent to when it was answered.
#[derive(Clone, Copy, Debug)]
struct Grant {
    granted: bool,
    started: i64,
    finished: i64,
}

type Grants = Mutex<BTreeMap<(ContactId, UserId), Vec<Grant>>>;

/// Somebody who changes contacts, lets followers in and throws them out, and tries again where a server was killed.
async fn writer(
    fleet: Arc<Fleet>,
    token: String,
    mut chance: Chance,
    (contacts, people): (Arc<Vec<Contact>>, Arc<Vec<Person>>),
    turns: Arc<Vec<tokio::sync::Mutex<()>>>,
    grants: Arc<Grants>,
    done: Arc<watch::Sender<usize>>,
) {
    for act in 0..ACTS_EACH {
        let place = chance.below(contacts.len());
        let (contact, person) = (&contacts[place], &people[chance.below(people.len())]);
        let kind = chance.below(4);
        // Who is let in and who is thrown out takes turns, so that the test knows who was in when.
        let _turn = turns[place].lock().await;
        let (mutation, mut input) = match kind {
            0 => ("contactAddFollowers", json!({ "id": contact, "userIds": [person] })),
            1 => ("contactRemoveFollowers", json!({ "id": contact, "userIds": [person] })),
            _ => (
                "contactUpdate",
                json!({ "id": contact, "city": format!("City {}", chance.below(1_000_000)) }),
            ),
        };
        input["idempotencyKey"] = json!(format!("{}-{act}", chance.below(1 << 40)));
        let started = now();
        let answer = insist(&fleet, &token, &mut chance, mutation, &input).await;
        let errors = &answer[mutation]["userErrors"];
        let full = errors[0]["code"] == "FOLLOWER_LIMIT_REACHED";
        assert!(full || errors.as_array().is_some_and(Vec::is_empty), "{answer}");
        if kind < 2 && !full {
            let grant = Grant { granted: kind == 0, started, finished: now() };
            let mut grants = grants.lock().unwrap_or_else(PoisonError::into_inner);
            grants.entry((contact.id, person.id)).or_default().push(grant);
        }
        done.send_modify(|done| *done += 1);
    }
}

/// Kills a server now and then while there is writing.
async fn killer(fleet: Arc<Fleet>, mut progress: watch::Receiver<usize>) {
    for kill in 0..KILLS {
        let after = (kill + 1) * WRITERS * ACTS_EACH / (KILLS + 1);
        progress.wait_for(|done| *done >= after).await.expect("there is writing");
        let fleet = Arc::clone(&fleet);
        let killed = tokio::task::spawn_blocking(move || fleet.kill(kill % fleet.size()));
        killed.await.expect("it is killed and started again");
    }
}

async fn insist(
    fleet: &Arc<Fleet>,
    token: &str,
    chance: &mut Chance,
    mutation: &str,
    input: &Value,
) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document =
        format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}");
    loop {
        let address = fleet.address(chance);
        if let Some(answer) = answer(&address, token, &document, &json!({ "input": input })).await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

// N4, N5
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_comes_back_has_the_inbox_that_the_query_gives(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = world_apart(on).await else { return };
    let mut chance = Chance::new();
    let boss = world.user("Boss").admin().create().await;
    let mut people = Vec::new();
    for number in 0..SUBSCRIBERS {
        let user = world.user(&format!("Person {number}"));
        // Most see only what they follow; the others see all, and hear of what they follow.
        people.push(if number % 4 == 0 { user } else { user.restricted() }.create().await);
    }
    let mut contacts = Vec::new();
    for _ in 0..6 {
        contacts.push(world.contact().owned_by(&boss).create().await);
    }
    let (people, contacts) = (Arc::new(people), Arc::new(contacts));
    let size = if on == Postgres { 3 } else { 1 };
    let fleet = Fleet::of(&world, size).await;

    let grants: Arc<Grants> = Arc::default();
    let turns: Arc<Vec<_>> = Arc::new(contacts.iter().map(|_| tokio::sync::Mutex::new(())).collect());
    let (all_is_written, until) = watch::channel(None);
    let subscribers: Vec<_> = people
        .iter()
        .map(|person| {
            let chance = chance.split();
            let token = fleet.token_of(person);
            tokio::spawn(subscriber(Arc::clone(&fleet), person.id, token, chance, until.clone()))
        })
        .collect();
    let (done, progress) = watch::channel(0);
    let done = Arc::new(done);
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let chance = chance.split();
            let token = fleet.token_of(&boss);
            let about = (Arc::clone(&contacts), Arc::clone(&people));
            tokio::spawn(writer(
                Arc::clone(&fleet),
                token,
                chance,
                about,
                Arc::clone(&turns),
                Arc::clone(&grants),
                Arc::clone(&done),
            ))
        })
        .collect();
    let killer = tokio::spawn(killer(Arc::clone(&fleet), progress));
    let writers = join_all(writers);
    for written in timeout(DEADLINE, writers).await.expect("all is written in time") {
        written.expect("a writer ends well");
    }
    killer.await.expect("the killer ends well");

    let mut last = HashMap::new();
    for person in people.iter() {
        last.insert(person.id, inbox(&world, person).await.last().map_or(0, |row| row.number));
    }
    assert!(last.values().sum::<i64>() > 100, "there was something to hear: {last:?}");
    all_is_written.send_replace(Some(last));
    for (person, subscriber) in people.iter().zip(subscribers) {
        let heard = timeout(DEADLINE, subscriber).await.expect("all is heard in time").expect("it ends well");
        let numbers: Vec<i64> = heard.iter().map(|notice| notice.number).collect();
        let kept: Vec<i64> = inbox(&world, person).await.iter().map(|row| row.number).collect();
        assert_eq!(kept, (1..=kept.len() as i64).collect::<Vec<_>>(), "{}: no gap", person.name);
        assert_eq!(numbers, kept, "{}: nothing lost, doubled or out of order", person.name);
        if person.row().await.only_assigned_data {
            let grants = grants.lock().unwrap_or_else(PoisonError::into_inner);
            heard.iter().for_each(|notice| may_have_seen(notice, person, &grants));
        }
    }
}

/// A record that was shown was one that the person followed, up to what was on its way.
fn may_have_seen(notice: &Received, person: &Person, grants: &BTreeMap<(ContactId, UserId), Vec<Grant>>) {
    let Some(record) = &notice.record else { return };
    let contact: ContactId = record.parse().expect("a contact");
    let grants = grants.get(&(contact, person.id)).map_or(&[][..], Vec::as_slice);
    let let_in = grants.iter().enumerate().any(|(place, grant)| {
        let thrown_out = grants[place..].iter().find(|later| !later.granted);
        grant.granted
            && grant.started <= notice.at
            && thrown_out.is_none_or(|gone| notice.at <= gone.finished + ON_ITS_WAY)
    });
    assert!(let_in, "{} was shown {record} by {notice:?}: {grants:?}", person.name);
}

async fn inbox(world: &World, person: &Person) -> Vec<notification::Model> {
    notification::Entity::find()
        .filter(notification::Column::UserId.eq(person.id))
        .order_by_asc(notification::Column::Number)
        .all(&world.sql)
        .await
        .expect("the inbox")
}
