//! A key lives 24 hours.

use std::sync::Arc;

use futures_util::future::join_all;
use retinue::domain::database::Database;
use retinue::domain::idempotency::forget_old;
use rstest::rstest;
use serde_json::json;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

const DAY: i64 = 24 * 60 * 60;

// R6
#[rstest]
#[tokio::test]
async fn after_24_hours_the_key_is_free_again(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let create = |name: &str| ada.calls("contactCreate", "k", json!({ "firstName": name }));
    let first = create("Grace").is_done().await;

    world.clock.advance_seconds(DAY - 1);
    assert_eq!(create("Grace").is_nothing_to_do().await["id"], first["id"]);
    create("Hopper").is_refused("IDEMPOTENCY_KEY_REUSED").await;
    world.clock.advance_seconds(1);
    let second = create("Hopper").is_done().await;
    assert_ne!(second["id"], first["id"]);

    // From now on the key is the second call's, for 24 hours more: no replay has made it live longer.
    create("Grace").is_refused("IDEMPOTENCY_KEY_REUSED").await;
    world.clock.advance_seconds(DAY - 1);
    assert_eq!(create("Hopper").is_nothing_to_do().await["id"], second["id"]);
    world.clock.advance_seconds(1);
    assert_ne!(create("Hopper").is_done().await["id"], second["id"]);
    assert_eq!(world.keys().await.len(), 1);
}

// R6
#[rstest]
#[tokio::test]
async fn a_refused_call_does_not_take_over_an_old_key(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    ada.calls("contactCreate", "k", json!({ "firstName": "Grace" })).is_done().await;
    world.clock.advance_seconds(DAY);
    ada.calls("contactCreate", "k", json!({ "firstName": "" })).is_refused("INVALID_INPUT").await;
    ada.calls("contactCreate", "k", json!({ "firstName": "Grace" })).is_done().await;
}

// R6
#[rstest]
#[tokio::test]
async fn an_old_key_is_taken_over_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let create = || ada.calls("contactCreate", "k", json!({ "firstName": "Grace" }));
    let old = create().is_done().await;
    world.clock.advance_seconds(DAY);
    let answers = join_all((0..20).map(|_| create().into_future())).await;
    assert!(answers.iter().all(|answer| answer.text == answers[0].text));
    assert_ne!(answers[0].done()["id"], old["id"]);
}

// R6: the worker makes room.
#[rstest]
#[tokio::test]
async fn keys_are_deleted_when_their_24_hours_are_over(#[values(Sqlite, Postgres)] on: Kind) {
    // All keys of the database are swept, so no other test may have its own there.
    let Some(place) = on.empty_place() else { return };
    let database = Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("migrated");
    database.close().await.expect("closed");
    let world = World::at(Arc::new(place)).await;
    let ada = world.user("Ada").create().await;
    let create = |key: &str| ada.calls("contactCreate", key, json!({ "firstName": "Grace" }));
    create("old").is_done().await;
    world.clock.advance_seconds(1);
    let kept = create("new").is_done().await;
    world.clock.advance_seconds(DAY - 2);
    assert_eq!(forget_old(&world.base).await.expect("swept"), 0);
    world.clock.advance_seconds(1);
    assert_eq!(forget_old(&world.base).await.expect("swept"), 1);
    let keys: Vec<String> = world.keys().await.into_iter().map(|row| row.key).collect();
    assert_eq!(keys, ["new"]);
    assert_eq!(create("new").is_nothing_to_do().await["id"], kept["id"]);
}
