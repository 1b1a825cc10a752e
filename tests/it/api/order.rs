//! In which order answers come, and what is nothing to do (O7, O8).

use policy::Permission::{EditContacts, EditOpportunities};
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Setting, World};

// O7
#[rstest]
#[tokio::test]
async fn answers_come_in_one_order(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let pia = world.user("Pia").lacking([EditContacts, EditOpportunities]).create().await;
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let crowd = world.crowd(11).await;
    let change = |owner: Value, version: i64| json!({ "ownerId": owner, "expectedVersion": version });

    // Not found: the record first, then the owner, before anything else.
    let error = saga.does("ChangeOwner", &contact, change(json!("user_no"), 9)).is_refused("NOT_FOUND").await;
    assert_eq!(error["field"], json!(["input", "id"]));
    let error = pia.does("ChangeOwner", &contact, change(json!("user_no"), 9)).is_refused("NOT_FOUND").await;
    assert_eq!(error["field"], json!(["input", "ownerId"]));
    // Denied before stale, stale before no-op.
    pia.does("ChangeOwner", &contact, change(json!(oda), 9)).is_refused("OWNER_CHANGE_DENIED").await;
    oda.does("ChangeOwner", &contact, change(json!(oda), 9)).is_refused("STALE_VERSION").await;
    let nothing = oda.does("ChangeOwner", &contact, change(json!(oda), 1)).is_nothing_to_do().await;
    assert_eq!(nothing["previousOwner"], json!({ "name": "Oda" }));

    // An update: denied before invalid, invalid before stale, stale before no-op.
    pia.does("Update", &contact, json!({ "city": "", "expectedVersion": 9 }))
        .is_refused("PERMISSION_DENIED")
        .await;
    oda.does("Update", &contact, json!({ "city": "", "expectedVersion": 9 }))
        .is_refused("INVALID_INPUT")
        .await;
    oda.does("Update", &contact, json!({ "expectedVersion": 9 })).is_refused("STALE_VERSION").await;
    oda.does("Update", &contact, json!({ "city": null, "expectedVersion": 1 })).is_nothing_to_do().await;

    // Followers: not found, denied, invalid, limit, no-op.
    let add = |people: Vec<Value>, until: Value| json!({ "userIds": people, "until": until });
    let eleven: Vec<Value> = crowd.iter().map(|person| json!(person)).collect();
    let past = json!("2000-01-01T00:00:00Z");
    let with_a_stranger = [eleven.clone(), vec![json!("user_no")]].concat();
    pia.does("AddFollowers", &contact, add(with_a_stranger, past.clone())).is_refused("NOT_FOUND").await;
    pia.does("AddFollowers", &contact, add(eleven.clone(), past.clone()))
        .is_refused("PERMISSION_DENIED")
        .await;
    oda.does("AddFollowers", &contact, add(eleven.clone(), past)).is_refused("INVALID_INPUT").await;
    oda.does("AddFollowers", &contact, add(eleven, Value::Null)).is_refused("FOLLOWER_LIMIT_REACHED").await;
    oda.lets_follow([&oda], &contact).is_nothing_to_do().await;
}

// O7
#[rstest]
#[tokio::test]
async fn an_owner_who_is_set_already_is_nothing_to_do(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world
        .turn_on([
            Setting::OpportunityOwnerFollowsContact,
            Setting::ContactOwnerFollowsOpportunities,
            Setting::PreviousOwnerFollows,
        ])
        .await;
    let eve = world.user("Eve").admin().create().await;
    let [oda, bob] = world.users(["Oda", "Bob"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    eve.takes([&oda], &deal).is_done().await;
    eve.takes([&bob], &contact).is_done().await;
    let payload = eve.hands(&contact, &oda).is_nothing_to_do().await;
    assert_eq!(payload["followChanges"], json!([]));
    eve.hands(&deal, &bob).is_nothing_to_do().await;
    let unassigned = world.contact().create().await;
    let payload = eve.clears(&unassigned).is_nothing_to_do().await;
    assert_eq!(payload["previousOwner"], Value::Null);
}

// O8
#[rstest]
#[tokio::test]
async fn an_owner_is_an_active_user_of_the_account(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let gone = world.user("Gone").create().await;
    gone.leaves().await;
    let elsewhere = world.beside().await;
    let foreign = elsewhere.user("Foreign").create().await;
    let mut messages = Vec::new();
    for owner in [json!(gone), json!(foreign), json!("user_no"), json!(contact)] {
        for ask in [
            eve.does("ChangeOwner", &contact, json!({ "ownerId": owner })),
            eve.does("ChangeOwner", &deal, json!({ "ownerId": owner })),
        ] {
            let error = ask.clone().is_refused("NOT_FOUND").await;
            assert_eq!(error, json!({ "code": "NOT_FOUND", "field": ["input", "ownerId"] }));
            messages.push(ask.await.payload()["userErrors"][0]["message"].clone());
        }
    }
    assert!(messages.iter().all(|message| *message == messages[0]), "{messages:?}");
    // Whoever was the owner when they left stays so until somebody hands it over.
    let owned = world.contact().owned_by(&eve).create().await;
    let successor = world.user("Ina").admin().create().await;
    eve.leaves().await;
    assert_eq!(successor.sees_owner_of(&owned).await.as_deref(), Some("Eve"));
}
