//! Versions: who was faster is not overwritten (R6).

use rstest::rstest;
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, Person, World};

fn stale(record: &impl Named, version: i64) -> Value {
    json!({
        "code": "STALE_VERSION", "field": ["input", "expectedVersion"],
        "current": { "id": record, "version": version }, "currentVersion": version
    })
}

/// Each call with the version that it expects: one too old, one that never was, and the right one.
async fn is_held_to_its_version(ada: &Person, record: &impl Named, calls: &[(&str, Value)]) {
    for (verb, input) in calls {
        let version = record.version().await;
        for expected in [version - 1, version + 1, 0, -1] {
            let mut input = input.clone();
            input["expectedVersion"] = json!(expected);
            let error = ada.does(verb, record, input).is_refused("STALE_VERSION").await;
            assert_eq!(error, stale(record, version), "{verb}");
        }
        let mut input = input.clone();
        input["expectedVersion"] = json!(version);
        ada.does(verb, record, input).is_done().await;
        assert_eq!(record.version().await, version + 1, "{verb}");
    }
}

// R6
#[rstest]
#[tokio::test]
async fn every_change_of_the_record_raises_its_version_and_may_expect_one(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let owner = json!({ "ownerId": ada });
    is_held_to_its_version(
        &ada,
        &contact,
        &[("Update", json!({ "city": "Bonn" })), ("ChangeOwner", owner.clone())],
    )
    .await;
    let calls = [
        ("Update", json!({ "source": "fair" })),
        ("ChangeOwner", owner),
        ("MoveStage", json!({ "stageId": world.stages[2].to_string() })),
        ("SetStatus", json!({ "status": "WON" })),
    ];
    is_held_to_its_version(&ada, &deal, &calls).await;
    // The other record has not changed.
    assert_eq!((contact.version().await, deal.version().await), (3, 5));
}

// R6
#[rstest]
#[tokio::test]
async fn followers_and_mutes_are_no_change_of_the_record(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let times = (contact.updated_at().await, deal.updated_at().await);
    world.clock.advance_seconds(10);
    for verb in ["AddFollowers", "RemoveFollowers"] {
        ada.does(verb, &contact, json!({ "userIds": [bob] })).is_done().await;
        ada.does(verb, &deal, json!({ "userIds": [bob] })).is_done().await;
    }
    ada.does("SetMuted", &contact, json!({ "muted": true })).is_done().await;
    ada.does("SetMuted", &deal, json!({ "muted": true })).is_done().await;
    // A7: nor is what happens to the other record.
    ada.does("Update", &deal, json!({ "source": "fair" })).is_done().await;
    assert_eq!((contact.version().await, contact.updated_at().await), (1, times.0));
    assert_eq!((deal.version().await, deal.updated_at().await), (2, world.now()));
    assert!(times.1 < world.now());
}

// R6
#[rstest]
#[tokio::test]
async fn a_stale_version_shows_the_current_record(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().named("Ada").create().await;
    bob.does("Update", &contact, json!({ "city": "Bonn" })).is_done().await;
    let document = "mutation($input: ContactUpdateInput!) { contactUpdate(input: $input) { contact { id } userErrors {
        ... on StaleVersion { currentVersion current { ... on Contact { address { city } displayName version } } } } } }";
    ada.asks(document, json!({ "input": { "id": contact, "city": "Berlin", "expectedVersion": 1 } }))
        .sees(json!({ "contactUpdate": { "contact": null, "userErrors": [{
            "currentVersion": 2,
            "current": { "address": { "city": "Bonn" }, "displayName": "Ada", "version": 2 }
        }] } }))
        .await;
}
