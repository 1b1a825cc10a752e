//! What a follow says of itself, how it ends, and what a mute does (F7, F8).

use retinue::domain::ownership::sweep::sweep;
use retinue::domain::validate::rfc3339;
use rstest::rstest;
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, Person, World};

const FOLLOWERS: &str = "followers { user { name } cause addedBy { name } addedAt until inheritsEdit causedBy { kind at actor { name } } }";

// F7
#[rstest]
#[tokio::test]
async fn a_follow_keeps_its_cause_and_who_added_it_and_when(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, ada, bob] = world.users(["Oda", "Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    let at = rfc3339(world.now());
    let until = rfc3339(world.in_seconds(3_600));
    oda.does("AddFollowers", &contact, json!({ "userIds": [ada], "until": until })).is_done().await;
    world.clock.advance_seconds(5);
    let changed_at = rfc3339(world.now());
    oda.does("ChangeOwner", &contact, json!({ "ownerId": bob, "previousOwnerFollows": true }))
        .is_done()
        .await;

    let caused = |kind: &str, at: &str| json!({ "kind": kind, "at": at, "actor": { "name": "Oda" } });
    let by_oda = json!({ "name": "Oda" });
    assert_eq!(
        bob.looks_at(&contact, FOLLOWERS).await["followers"],
        json!([
            {
                "user": { "name": "Ada" }, "cause": "MANUAL", "addedBy": by_oda, "addedAt": at, "until": until,
                "inheritsEdit": true, "causedBy": caused("contact.follower_added", &at)
            },
            {
                "user": { "name": "Oda" }, "cause": "PREVIOUS_OWNER", "addedBy": by_oda, "addedAt": changed_at,
                "until": null, "inheritsEdit": true, "causedBy": caused("contact.owner_changed", &changed_at)
            },
        ])
    );
}

// F7
async fn ends_by_itself(world: &World, oda: &Person, record: &impl Named) {
    let finn = world.user("Finn").restricted().create().await;
    let crowd = world.crowd(10).await;
    let until = rfc3339(world.in_seconds(60));
    oda.does("AddFollowers", record, json!({ "userIds": [finn], "until": until })).is_done().await;
    oda.lets_follow(&crowd[..9], record).is_done().await;

    world.clock.advance_seconds(59);
    assert!(finn.finds(record).await);
    oda.lets_follow([&crowd[9]], record).is_refused("FOLLOWER_LIMIT_REACHED").await;

    // At that instant it is no follow: not listed, not counted, no access, and its place is free.
    world.clock.advance_seconds(1);
    assert!(!finn.finds(record).await);
    assert_eq!(oda.sees_followers_of(record).await.len(), 9);
    let kind = record.kind();
    let list = if kind == "contact" { "contacts" } else { "opportunities" };
    let filter = if kind == "contact" { "ContactFilter" } else { "OpportunityFilter" };
    let document =
        format!("query($filter: {filter}) {{ {list}(filter: $filter) {{ totalCount {{ value }} }} }}");
    oda.asks(document, json!({ "filter": { "followers": { "is": finn } } }))
        .sees(json!({ list: { "totalCount": { "value": 0 } } }))
        .await;
    let before = record.activity().await.len();
    oda.lets_follow([&crowd[9]], record).is_done().await;
    assert_eq!(
        record.activity_after(before).await,
        [format!("{kind}.follow_ended"), format!("{kind}.follower_added")]
    );
    let ended = oda
        .looks_at(
            record,
            "activity(first: 2) { nodes { kind cause actor { name } changes { field before after } } }",
        )
        .await;
    assert_eq!(
        ended["activity"]["nodes"][1],
        json!({
            "kind": format!("{kind}.follow_ended"), "cause": "CLOCK", "actor": null,
            "changes": [{ "field": "followers", "before": finn, "after": null }]
        })
    );
}

// F7
#[rstest]
#[tokio::test]
async fn a_follow_that_has_ended_is_none(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).create().await;
    ends_by_itself(&world, &oda, &contact).await;
    ends_by_itself(&world, &oda, &deal).await;
}

// F7
#[rstest]
#[tokio::test]
async fn the_sweep_writes_down_what_has_ended(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&oda).followed_by(&bob).create().await;
    let until = rfc3339(world.in_seconds(60));
    oda.does("AddFollowers", &contact, json!({ "userIds": [ada], "until": until })).is_done().await;
    let before = contact.activity().await.len();
    sweep(&world.base).await.expect("swept");
    assert_eq!(contact.activity_after(before).await, Vec::<String>::new());
    world.clock.advance_seconds(60);
    sweep(&world.base).await.expect("swept");
    sweep(&world.base).await.expect("swept");
    assert_eq!(contact.activity_after(before).await, ["contact.follow_ended"]);
    assert_eq!(contact.seats().await.len(), 2);
}

// F7
#[rstest]
#[tokio::test]
async fn the_end_of_a_follow_lies_in_the_future(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, ada] = world.users(["Oda", "Ada"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    for seconds in [0, -1] {
        let input = json!({ "userIds": [ada], "until": rfc3339(world.in_seconds(seconds)) });
        let error = oda.does("AddFollowers", &contact, input).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "until"]));
    }
    // Any offset will do, and comes back in UTC.
    let input = json!({ "userIds": [ada], "until": "2030-06-01T12:00:00.5+02:00" });
    oda.does("AddFollowers", &contact, input).is_done().await;
    let seen = oda.looks_at(&contact, "followers { until }").await;
    assert_eq!(seen["followers"], json!([{ "until": "2030-06-01T10:00:00.5Z" }]));
    let answer = oda.does("AddFollowers", &contact, json!({ "userIds": [ada], "until": "tomorrow" })).await;
    answer.has_errors(["BAD_USER_INPUT"]);
}

// F8
async fn is_muted_by_one_person(world: &World, record: &impl Named) {
    let [oda, ada, una] = world.users(["Oda", "Ada", "Una"]).await;
    let eve = world.user("Eve").admin().create().await;
    eve.hands(record, &oda).is_done().await;
    eve.lets_follow([&ada], record).is_done().await;
    let muted = async |person: &Person| person.looks_at(record, "isMuted").await["isMuted"].clone();
    let before = record.activity().await.len();
    let version = record.version().await;

    for person in [&oda, &ada] {
        assert_eq!(muted(person).await, json!(false));
        let payload = person.does("SetMuted", record, json!({ "muted": true })).is_done().await;
        assert_eq!(payload, json!({ "id": record, record.kind(): { "id": record } }));
        person.does("SetMuted", record, json!({ "muted": true })).is_nothing_to_do().await;
        assert_eq!(muted(person).await, json!(true));
    }
    // A change of mute is nobody else's business, and none of the record.
    assert_eq!(muted(&eve).await, json!(false));
    assert_eq!(record.activity_after(before).await, Vec::<String>::new());
    assert_eq!(record.version().await, version);
    // Same access.
    ada.does("Update", record, json!({ "source": format!("seen by {}", ada.name) })).is_done().await;

    // It belongs to person and record, whichever of the two they are.
    eve.does("ChangeOwner", record, json!({ "ownerId": ada, "previousOwnerFollows": true })).is_done().await;
    assert_eq!((muted(&oda).await, muted(&ada).await), (json!(true), json!(true)));
    ada.does("SetMuted", record, json!({ "muted": false })).is_done().await;
    assert_eq!((muted(&oda).await, muted(&ada).await), (json!(true), json!(false)));

    // Who neither owns nor follows it has nothing to mute.
    let error = una.does("SetMuted", record, json!({ "muted": true })).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "id"]));
    let saga = world.user("Saga").restricted().create().await;
    saga.does("SetMuted", record, json!({ "muted": true })).is_refused("NOT_FOUND").await;
    assert_eq!(muted(&una).await, Value::Bool(false));
}

// F8
#[rstest]
#[tokio::test]
async fn a_mute_belongs_to_person_and_record(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    is_muted_by_one_person(&world, &contact).await;
    is_muted_by_one_person(&world, &deal).await;
}
