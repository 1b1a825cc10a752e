//! The inbox as a stream: the same that the list gives, in the order of the numbers (N4).

use policy::Permission::ViewContacts;
use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::Ear;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, Person, World};

const WHAT: &str = "number kind reason actor { name } record { id } displayName isHidden";

async fn listens(person: &Person, after: Option<i64>) -> Ear {
    let listen = format!(
        "subscription Listen($after: Int) {{ heard: notificationAdded(after: $after) {{ {WHAT} }} }}"
    );
    person.listens(&listen, json!({ "after": after })).await
}

/// The list, the oldest first.
async fn list(person: &Person) -> Vec<Value> {
    let answer =
        person.reads(format!("{{ viewer {{ notifications(first: 50) {{ nodes {{ {WHAT} }} }} }} }}")).await;
    let nodes = answer.data()["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
    nodes.into_iter().rev().collect()
}

/// The next one, without the cursor of the transport, which is its number.
async fn heard(ear: &mut Ear) -> Value {
    let mut heard = ear.hears().await;
    let cursor = heard.as_object_mut().and_then(|heard| heard.remove("at")).expect("a cursor");
    assert_eq!(cursor, json!(heard["number"].to_string()));
    heard
}

/// Oda's contact, which Finn follows: he has been told three times, and then lost it.
async fn told(world: &World) -> (Person, Person, Contact) {
    let [oda] = world.users(["Oda"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let record = world.contact().named("Secret").owned_by(&oda).create().await;
    oda.adds([&finn], &record).await.expect("added");
    oda.renames(&record, "Still secret").await.expect("renamed");
    (oda, finn, record)
}

// N4
#[rstest]
#[tokio::test]
async fn it_gives_what_the_list_gives_from_wherever_one_was(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let (oda, finn, record) = told(&world).await;
    let mut live = listens(&finn, None).await;
    oda.renames(&record, "Third").await.expect("renamed");
    let known = list(&finn).await;
    assert_eq!(known.len(), 3);
    // Without `after` it begins with what comes now.
    assert_eq!(heard(&mut live).await, known[2]);

    let elsewhere = world.replica().await;
    for after in 0..=3 {
        let mut ear = listens(&finn.on(&elsewhere), Some(after)).await;
        for expected in &known[usize::try_from(after).expect("a place")..] {
            assert_eq!(heard(&mut ear).await, *expected, "after {after}");
        }
    }
    // Beyond the end there is nothing that could be left out.
    let mut beyond = listens(&finn, Some(1_000_000)).await;
    oda.renames(&record, "Fourth").await.expect("renamed");
    let fourth = list(&finn).await[3].clone();
    assert_eq!(heard(&mut beyond).await, fourth);
    assert_eq!(heard(&mut live).await, fourth);
    // What the owner did herself is no news to her: just that she was given the contact.
    let kinds: Vec<Value> = list(&oda).await.iter().map(|notice| notice["kind"].clone()).collect();
    assert_eq!(kinds, ["OWNERSHIP_GAINED"]);
}

// N4, N5
#[rstest]
#[tokio::test]
async fn what_is_out_of_sight_at_delivery_comes_with_its_number_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let (oda, finn, record) = told(&world).await;
    let mut waiting = listens(&finn, Some(0)).await;
    oda.removes([&finn], &record).await.expect("removed");
    let hidden = |number: i64| {
        json!({ "number": number, "kind": null, "reason": null, "actor": null, "record": null,
            "displayName": null, "isHidden": true })
    };
    let lost = json!({ "number": 3, "kind": "FOLLOW_LOST", "reason": "REMOVED", "actor": { "name": "Oda" },
        "record": null, "displayName": "Still secret", "isHidden": false });
    assert_eq!(heard(&mut waiting).await, hidden(1));
    assert_eq!(heard(&mut waiting).await, hidden(2));
    assert_eq!(heard(&mut waiting).await, lost);

    // P3, P4: the module is off; the stream stays, and tells nothing of it.
    finn.loses(ViewContacts).await;
    let mut blind = listens(&finn, Some(2)).await;
    assert_eq!(heard(&mut blind).await, hidden(3));
    finn.is_granted(ViewContacts).await;
    oda.adds([&finn], &record).await.expect("added");
    assert_eq!(heard(&mut blind).await["kind"], "FOLLOW_GAINED");
    assert_eq!(list(&finn).await.len(), 4);
}

// N4, I2
#[rstest]
#[tokio::test]
async fn it_is_ones_own_and_ends_with_ones_leaving(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let (oda, finn, record) = told(&world).await;
    let (mut his, mut hers) = (listens(&finn, None).await, listens(&oda, None).await);
    finn.is_granted(policy::Permission::EditContacts).await;
    finn.renames(&record, "His words").await.expect("renamed");
    oda.renames(&record, "Her words").await.expect("renamed");
    assert_eq!(heard(&mut hers).await["actor"]["name"], "Finn");
    assert_eq!(heard(&mut his).await["actor"]["name"], "Oda");
    finn.leaves().await;
    his.hears_no_more().await;
    let mut ear = listens(&oda, Some(0)).await;
    assert_eq!(heard(&mut ear).await["number"], 1);
}

// N4
#[rstest]
#[tokio::test]
async fn what_is_not_a_number_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let listen = "subscription($after: Int) { notificationAdded(after: $after) { number } }";
    let answer = oda.opens(listen, json!({ "after": -1 })).await.err().expect("it does not open");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
}
