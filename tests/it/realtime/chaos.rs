//! Chaos: sockets are cut and servers are killed while people write. Whoever comes back ends with exactly the inbox that
//! the query gives: nothing lost, nothing doubled, nothing out of order, nothing to somebody who may not see it (N4, N5).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use entity::{ContactId, TypedId as _, UserId, notification, stream_event};
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

/// What was on its way to the test when somebody was thrown out, in microseconds: a second of the server's, and one of a
/// busy machine's.
const ON_ITS_WAY: i64 = 2_000_000;

/// What somebody listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Topic {
    /// Their inbox.
    Inbox(UserId),
    /// A contact.
    Contact(ContactId),
}

/// What came over the wire.
#[derive(Clone, Debug)]
struct Received {
    /// The number of a notice, or the activity of an event.
    what: String,
    record: Option<String>,
    at: i64,
}

/// The last of each topic, once all is written.
type Last = HashMap<Topic, String>;

const NOTICES: &str =
    "subscription($after: Int) { heard: notificationAdded(after: $after) { number record { id } } }";
const EVENTS: &str = "subscription($id: ID!, $after: String) {
    heard: contactChanged(id: $id, after: $after) { kind cursor contact { id } activity { id } } }";

/// Somebody who listens, over however many connections it takes.
struct Subscriber {
    fleet: Arc<Fleet>,
    topic: Topic,
    token: String,
    until: watch::Receiver<Option<Last>>,
    /// From where to go on: the number of the last notice, or the cursor of the last event.
    after: Value,
    heard: Vec<Received>,
}

impl Subscriber {
    fn of(fleet: &Arc<Fleet>, topic: Topic, token: String, until: watch::Receiver<Option<Last>>) -> Self {
        let after = if matches!(topic, Topic::Inbox(_)) { json!(0) } else { Value::Null };
        Self { fleet: Arc::clone(fleet), topic, token, until, after, heard: Vec::new() }
    }

    /// Whether all is written, and the last of it was heard.
    fn has_all(&self) -> bool {
        let last = self.until.borrow().as_ref().map(|last| last.get(&self.topic).cloned());
        last.is_some_and(|last| last.is_none() || last.as_ref() == self.heard.last().map(|it| &it.what))
    }

    /// Everything that was received until all is there.
    async fn hears_all(mut self, mut chance: Chance) -> Vec<Received> {
        let mut cuts = CUTS_EACH;
        while !self.has_all() {
            let patience = (cuts > 0).then(|| 1 + chance.below(6));
            let address = self.fleet.address(&mut chance);
            if self.hears(&address, patience).await.is_some() {
                cuts -= 1;
            } else {
                // A server that was just killed refuses at once: others want to run meanwhile.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        self.heard
    }

    /// One connection: goes on until it fails, is cut after so many events, or all is there.
    async fn hears(&mut self, address: &str, mut patience: Option<usize>) -> Option<()> {
        let mut request = format!("ws://{address}/graphql").into_client_request().ok()?;
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let stream = TcpStream::connect(address).await.ok()?;
        let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.ok()?;
        let authorization = json!({ "Authorization": format!("Bearer {}", self.token) });
        says(&mut socket, &json!({ "type": "connection_init", "payload": authorization })).await?;
        while !self.has_all() {
            let message = tokio::select! {
                message = socket.next() => message?.ok()?,
                _ = self.until.changed() => continue,
            };
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(text.as_str()).expect("JSON");
            match message["type"].as_str() {
                Some("connection_ack") => {
                    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": self.wish() });
                    says(&mut socket, &subscribe).await?;
                }
                Some("next") => self.take(&message["payload"]["data"]["heard"]),
                other => panic!("the server said {other:?}: {message}"),
            }
            if message["type"] == "next" {
                patience = patience.map(|left| left - 1);
            }
            if patience == Some(0) {
                // Cut: the socket is dropped without a word.
                return Some(());
            }
        }
        None
    }

    fn wish(&self) -> Value {
        match self.topic {
            Topic::Inbox(_) => json!({ "query": NOTICES, "variables": { "after": self.after } }),
            Topic::Contact(id) => {
                json!({ "query": EVENTS, "variables": { "id": id.to_string(), "after": self.after } })
            }
        }
    }

    fn take(&mut self, heard: &Value) {
        let (what, record) = match self.topic {
            Topic::Inbox(_) => {
                self.after = heard["number"].clone();
                (heard["number"].to_string(), &heard["record"]["id"])
            }
            Topic::Contact(_) => {
                self.after = heard["cursor"].clone();
                if heard["kind"] == "STARTED" {
                    return;
                }
                assert_eq!(heard["kind"], "CHANGED", "{heard}");
                (heard["activity"]["id"].as_str().expect("an activity").to_owned(), &heard["contact"]["id"])
            }
        };
        self.heard.push(Received { what, record: record.as_str().map(str::to_owned), at: now() });
    }
}

async fn says(socket: &mut WebSocketStream<TcpStream>, message: &Value) -> Option<()> {
    socket.send(Message::Text(message.to_string().into())).await.ok()
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
    let mut listens = |person: &Person, topic: Topic| {
        let subscriber = Subscriber::of(&fleet, topic, fleet.token_of(person), until.clone());
        tokio::spawn(subscriber.hears_all(chance.split()))
    };
    let subscribers: Vec<_> = people.iter().map(|person| listens(person, Topic::Inbox(person.id))).collect();
    // Who sees all hears of a contact each, too.
    let watchers: Vec<_> =
        contacts.iter().map(|contact| listens(&people[0], Topic::Contact(contact.id))).collect();
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

    let (mut last, mut notices) = (Last::new(), 0);
    for person in people.iter() {
        let inbox = inbox(&world, person).await;
        notices += inbox.len();
        last.extend(inbox.last().map(|notice| (Topic::Inbox(person.id), notice.clone())));
    }
    for contact in contacts.iter() {
        let events = events_of(&world, contact).await;
        last.extend(events.last().map(|event| (Topic::Contact(contact.id), event.clone())));
    }
    assert!(notices > 100, "there was something to hear: {last:?}");
    all_is_written.send_replace(Some(last));
    for (person, subscriber) in people.iter().zip(subscribers) {
        let heard = timeout(DEADLINE, subscriber).await.expect("all is heard in time").expect("it ends well");
        let numbers: Vec<&String> = heard.iter().map(|notice| &notice.what).collect();
        let kept = inbox(&world, person).await;
        let counted: Vec<String> = (1..=kept.len()).map(|number| number.to_string()).collect();
        assert_eq!(kept, counted, "{}: no gap", person.name);
        assert_eq!(
            numbers,
            kept.iter().collect::<Vec<_>>(),
            "{}: lost, doubled or out of order",
            person.name
        );
        if person.row().await.only_assigned_data {
            let grants = grants.lock().unwrap_or_else(PoisonError::into_inner);
            heard.iter().for_each(|notice| may_have_seen(notice, person, &grants));
        }
    }
    for (contact, watcher) in contacts.iter().zip(watchers) {
        let heard = timeout(DEADLINE, watcher).await.expect("all is heard in time").expect("it ends well");
        let heard: Vec<String> = heard.into_iter().map(|event| event.what).collect();
        // From wherever it began: the first of them may have happened before it was there.
        let events = events_of(&world, contact).await;
        assert!(!heard.is_empty(), "{contact:?}");
        assert_eq!(heard, events[events.len() - heard.len()..], "{contact:?}: lost, doubled or out of order");
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

/// The numbers of somebody's inbox, in their order.
async fn inbox(world: &World, person: &Person) -> Vec<String> {
    let rows = notification::Entity::find()
        .filter(notification::Column::UserId.eq(person.id))
        .order_by_asc(notification::Column::Number)
        .all(&world.sql)
        .await
        .expect("the inbox");
    rows.iter().map(|row| row.number.to_string()).collect()
}

/// The activities of a contact's stream, in their order.
async fn events_of(world: &World, contact: &Contact) -> Vec<String> {
    let rows = stream_event::Entity::find()
        .filter(stream_event::Column::Topic.eq(contact.id.uuid()))
        .order_by_asc(stream_event::Column::Number)
        .all(&world.sql)
        .await
        .expect("the events");
    rows.iter().map(|row| row.activity_id.to_string()).collect()
}
