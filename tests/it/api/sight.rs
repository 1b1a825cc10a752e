//! Payloads are read through the caller's eyes after the change (G2).

use rstest::rstest;
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, Setting, World};

/// The payload has the id, a null record and no error.
fn is_out_of_sight(payload: &Value, record: &impl Named) {
    assert_eq!(payload["id"], json!(record));
    assert_eq!(payload[record.kind()], Value::Null);
}

// G2
async fn ends_sight(world: &World, saga: &Person, record: &impl Named) {
    let other = world.user("Other").create().await;
    // Giving it away, clearing it, leaving it.
    let payload = saga.hands(record, &other).is_done().await;
    is_out_of_sight(&payload, record);
    assert_eq!(payload["previousOwner"], json!({ "name": "Saga" }));
    assert!(!saga.finds(record).await);

    other.hands(record, saga).is_done().await;
    let payload = saga.clears(record).is_done().await;
    is_out_of_sight(&payload, record);

    other.hands(record, &other).is_done().await;
    other.lets_follow([saga], record).is_done().await;
    let payload = saga.takes([saga], record).is_done().await;
    is_out_of_sight(&payload, record);
    assert_eq!((&payload["removed"], &payload["followers"]), (&json!([{ "name": "Saga" }]), &Value::Null));

    // Staying on as a follower, one still sees it.
    other.hands(record, saga).is_done().await;
    let payload = saga
        .does("ChangeOwner", record, json!({ "ownerId": other, "previousOwnerFollows": true }))
        .is_done()
        .await;
    assert_eq!(payload[record.kind()], json!({ "id": record }));
    assert_eq!(record.owner().await, Some(other.id));
}

// G2
#[rstest]
#[tokio::test]
async fn who_ends_their_own_sight_gets_the_id_and_no_error(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().owned_by(&saga).create().await;
    let deal = world.opportunity(&contact).owned_by(&saga).create().await;
    ends_sight(&world, &saga, &contact).await;
    ends_sight(&world, &saga, &deal).await;
}

// G2, O3
#[rstest]
#[tokio::test]
async fn in_linked_mode_the_named_record_counts(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let saga = world.user("Saga").restricted().create().await;
    let other = world.user("Other").create().await;
    let contact = world.contact().owned_by(&saga).create().await;
    let deal = world.opportunity(&contact).owned_by(&saga).create().await;
    let payload = saga.hands(&deal, &other).is_done().await;
    is_out_of_sight(&payload, &deal);
    assert!(!saga.finds(&contact).await);

    // What follows from it on records that are out of sight is not told.
    other.hands(&contact, &saga).is_done().await;
    world.turn_on([Setting::PreviousOwnerFollows]).await;
    let payload = saga.hands(&contact, &other).is_done().await;
    let records: Vec<&Value> = payload["followChanges"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|change| &change["record"]["id"])
        .collect();
    assert_eq!(records, [&json!(contact), &json!(deal)]);
    let payload = saga.takes([&saga], &deal).is_done().await;
    is_out_of_sight(&payload, &deal);
}

// G2
#[rstest]
#[tokio::test]
async fn the_payload_shows_the_state_after_the_change(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let document = super::document::mutation(
        "contactChangeOwner",
        "version owner { name } followers { user { name } } viewerAccess { changeOwner { scope reason } }",
    );
    let input = json!({ "id": contact, "ownerId": bob, "previousOwnerFollows": true });
    let answer = ada.asks(document, json!({ "input": input })).await;
    assert_eq!(
        answer.done()["contact"],
        json!({
            "id": contact, "version": 2, "owner": { "name": "Bob" }, "followers": [{ "user": { "name": "Ada" } }],
            "viewerAccess": { "changeOwner": { "scope": "NO", "reason": "FOLLOWER" } }
        })
    );
    // Several mutations of one request run one after the other.
    let two = "mutation($a: ContactUpdateInput!, $b: ContactUpdateInput!) {
        first: contactUpdate(input: $a) { contact { version address { city } } userErrors { code } }
        second: contactUpdate(input: $b) { contact { version address { city } } userErrors { code } }
    }";
    let (a, b) =
        (json!({ "id": contact, "city": "A" }), json!({ "id": contact, "city": "B", "expectedVersion": 3 }));
    let updated = |version: i64, city: &str| json!({ "contact": { "version": version, "address": { "city": city } }, "userErrors": [] });
    bob.asks(two, json!({ "a": a, "b": b }))
        .sees(json!({ "first": updated(3, "A"), "second": updated(4, "B") }))
        .await;
}
