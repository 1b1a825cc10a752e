//! How a stream ends for whoever may not hear it any more: with one last event that says so (N5, P4).

use policy::Permission;
use retinue::domain::user::SetUser;
use retinue::graphql::Sent;
use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::{Ear, document};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, Person, World};

fn contact() -> String {
    document("contactChanged", "id", "contactId contact { lastName } activity { kind changes { after } }")
}

/// Oda's contact, which Finn, who sees only what is his, follows and listens to.
async fn followed(world: &World) -> (Person, Person, Contact, Ear) {
    let [oda] = world.users(["Oda"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let record = world.contact().named("Secret").owned_by(&oda).followed_by(&finn).create().await;
    let mut ear = finn.listens(&contact(), json!({ "id": record })).await;
    ear.hears().await;
    (oda, finn, record, ear)
}

/// The last event has the id and nothing else, and nothing follows.
async fn hears_that_it_is_over(ear: &mut Ear, record: &Contact) {
    let over = json!({ "kind": "ACCESS_ENDED", "contactId": record, "contact": null, "activity": null });
    ear.hears_this(over).await;
    ear.hears_no_more().await;
}

// N5, F9
#[rstest]
#[tokio::test]
async fn with_the_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let (oda, finn, record, mut ear) = followed(&world).await;
    oda.removes([&finn], &record).await.expect("removed");
    oda.renames(&record, "Not for him").await.expect("renamed");
    hears_that_it_is_over(&mut ear, &record).await;
}

// N5
#[rstest]
#[tokio::test]
async fn with_the_ownership(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let rita = world.user("Rita").restricted().create().await;
    let record = world.contact().owned_by(&rita).create().await;
    let mut ear = rita.listens(&contact(), json!({ "id": record })).await;
    ear.hears().await;
    rita.gives(&record, &ada).await.expect("given");
    hears_that_it_is_over(&mut ear, &record).await;
}

// N5, P4: what the command line of another process changes is heard of by asking the database.
#[rstest]
#[tokio::test]
async fn with_the_flag_the_permission_or_the_person(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values("flag", "permission", "person")] what: &str,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, uma] = world.users(["Oda", "Uma"]).await;
    let record = world.contact().owned_by(&oda).create().await;
    let mut ear = uma.listens(&contact(), json!({ "id": record })).await;
    ear.hears().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let hub = world.hub.clone();
    let polls = tokio::spawn(async move { hub.poll(retinue::realtime::Pace::default(), stopped).await });

    let apart = world.replica().await;
    let uma = uma.on(&apart);
    match what {
        "flag" => {
            uma.becomes(SetUser { only_assigned_data: Some(true), ..Default::default() }).await;
        }
        "permission" => uma.loses(Permission::ViewContacts).await,
        _ => uma.leaves().await,
    }
    // No event is needed for it.
    hears_that_it_is_over(&mut ear, &record).await;
    stop.send_replace(true);
    polls.await.expect("the polling ends");
}

// P4: rights that are gone count for the next event, whether or not a poll has come round.
#[rstest]
#[tokio::test]
async fn before_the_next_event(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, uma] = world.users(["Oda", "Uma"]).await;
    let record = world.contact().owned_by(&oda).create().await;
    let mut ear = uma.listens(&contact(), json!({ "id": record })).await;
    ear.hears().await;
    // Nobody polls here, and the change of rights wakes another hub than this one.
    let apart = world.replica().await;
    uma.on(&apart).loses(Permission::ViewContacts).await;
    oda.renames(&record, "Not for her").await.expect("renamed");
    hears_that_it_is_over(&mut ear, &record).await;
}

// F7, N5
#[rstest]
#[tokio::test]
async fn at_the_instant_that_the_follow_was_given_to(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let record = world.contact().owned_by(&oda).followed_until(&finn, world.in_seconds(60)).create().await;
    let mut ear = finn.listens(&contact(), json!({ "id": record })).await;
    ear.hears().await;
    // He hears what happens, and has nothing to do but to wait.
    oda.renames(&record, "Renamed").await.expect("renamed");
    assert_eq!(ear.hears().await["kind"], "CHANGED");
    tokio::join!(hears_that_it_is_over(&mut ear, &record), async { world.clock.advance_seconds(60) });
}

// N5, R4
#[rstest]
#[tokio::test]
async fn with_the_record(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").admin().create().await;
    let record = world.contact().owned_by(&oda).create().await;
    let mut ear = oda.listens(&contact(), json!({ "id": record })).await;
    ear.hears().await;
    oda.deletes(&record).await.expect("deleted");
    hears_that_it_is_over(&mut ear, &record).await;
}

// N5: an event that waits is judged when it is taken, not when it happened.
#[rstest]
#[tokio::test]
async fn for_events_that_were_waiting(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let (oda, finn, record, mut ear) = followed(&world).await;
    for name in ["One", "Two", "Three"] {
        oda.renames(&record, name).await.expect("renamed");
    }
    oda.removes([&finn], &record).await.expect("removed");
    let mut heard = Vec::new();
    while let Some(Sent::Next { json, .. }) = ear.next().await {
        let event: Value = serde_json::from_str(&json).expect("JSON");
        heard.push(event["data"]["heard"]["kind"].clone());
    }
    assert_eq!(heard, [json!("ACCESS_ENDED")]);
}
