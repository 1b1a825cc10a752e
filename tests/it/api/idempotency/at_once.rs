//! The same call many times at once, on two servers: one effect, and the same answer for everybody (F2).

use entity::contact;
use futures_util::future::join_all;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::keyed;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, Person, World};

const AT_ONCE: usize = 50;

/// The answers of a call that is made fifty times at once: half of them to a second server.
async fn fifty(person: &Person, elsewhere: &World, name: &str, input: &Value) -> Vec<String> {
    let there = person.on(elsewhere);
    let asks = (0..AT_ONCE).map(|number| {
        let person = if number % 2 == 0 { person } else { &there };
        person.calls(name, "k", input.clone()).into_future()
    });
    join_all(asks).await.into_iter().map(|answer| answer.done().to_string()).collect()
}

// R6
#[rstest]
#[tokio::test]
async fn fifty_creations_make_one_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let input = json!({ "firstName": "Grace", "ownerId": ada, "followerIds": [bob] });
    let answers = fifty(&ada, &world.replica().await, "contactCreate", &input).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    let contacts = contact::Entity::find().filter(contact::Column::AccountId.eq(world.account));
    assert_eq!(contacts.count(&world.sql).await.expect("counted"), 1);
}

// R6
#[rstest]
#[tokio::test]
async fn fifty_changes_of_owner_are_one(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let before = contact.history().await.len();
    let input = json!({ "id": contact, "ownerId": bob, "previousOwnerFollows": true, "expectedVersion": 1 });
    let answers = fifty(&ada, &world.replica().await, "contactChangeOwner", &input).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert_eq!(contact.owner().await, Some(bob.id));
    assert_eq!(contact.version().await, 2);
    assert_eq!(contact.activity_after(before).await, ["contact.owner_changed", "contact.follower_added"]);
}

// R6
#[rstest]
#[tokio::test]
async fn fifty_adds_are_one_and_nobody_is_told_that_they_followed_already(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let before = deal.history().await.len();
    let input = json!({ "id": deal, "userIds": [bob, cleo] });
    let answers = fifty(&ada, &world.replica().await, "opportunityAddFollowers", &input).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    let answer: Value = serde_json::from_str(&answers[0]).expect("JSON");
    assert_eq!(answer["added"], json!([{ "name": "Bob" }, { "name": "Cleo" }]));
    assert_eq!(answer["skipped"], json!([]));
    let added = ["opportunity.follower_added"; 2];
    assert_eq!(deal.activity_after(before).await, added);
}

// R6: of two inputs that race for one key, one is done and the other refused, each for all who come with it.
#[rstest]
#[tokio::test]
async fn two_inputs_that_race_for_a_key_do_not_mix(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let there = ada.on(&world.replica().await);
    let asks = (0..20).map(|number| {
        let person = if number % 3 == 0 { &ada } else { &there };
        let name = if number % 2 == 0 { "Grace" } else { "Hopper" };
        person.mutates("contactCreate", keyed("k", json!({ "firstName": name }))).into_future()
    });
    let answers = join_all(asks).await;
    let codes = |place: usize| answers[place].payload()["userErrors"][0]["code"].clone();
    let (done, refused) = if codes(0).is_null() { (0, 1) } else { (1, 0) };
    for place in 0..10 {
        assert_eq!(answers[2 * place + done].text, answers[done].text);
        assert_eq!(codes(2 * place + refused), "IDEMPOTENCY_KEY_REUSED");
    }
    let contacts = contact::Entity::find().filter(contact::Column::AccountId.eq(world.account));
    assert_eq!(contacts.count(&world.sql).await.expect("counted"), 1);
}

// R6: fifty keys at once stand in nobody's way, not even where each change is alone in its account.
#[rstest]
#[tokio::test]
async fn fifty_keys_at_once_are_fifty_calls(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    let there = eve.on(&world.replica().await);
    let version = world.settings().await.version;
    let asks = (0..AT_ONCE).map(|number| {
        let person = if number % 2 == 0 { &eve } else { &there };
        let input = json!({ "previousOwnerFollows": true, "expectedVersion": version });
        person.calls("ownershipSettingsSave", &format!("k{number}"), input).into_future()
    });
    let answers = join_all(asks).await;
    let done = answers.iter().filter(|answer| answer.payload()["userErrors"] == json!([])).count();
    assert_eq!(done, 1);
    assert!(answers.iter().all(|answer| answer.json.get("errors").is_none()));
    assert_eq!((world.settings().await.version, world.keys().await.len()), (version + 1, 1));
}
