//! Followers come and go (F1, F3 to F6, F9, F11).

use rstest::rstest;
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Person, Setting, World};

fn names<'a>(people: impl IntoIterator<Item = &'a Person>) -> Value {
    people.into_iter().map(|person| json!({ "name": person.name })).collect()
}

fn followers<'a>(people: impl IntoIterator<Item = &'a Person>) -> Value {
    people.into_iter().map(|person| json!({ "user": { "name": person.name } })).collect()
}

// F1
async fn holds_ten(world: &World, oda: &Person, record: &impl Named) {
    let crowd = world.crowd(12).await;
    oda.lets_follow(&crowd[..8], record).is_done().await;

    // A batch that would exceed it is refused whole.
    let error = oda.lets_follow(&crowd[7..11], record).is_refused("FOLLOWER_LIMIT_REACHED").await;
    let limit = |present: usize| json!({ "code": "FOLLOWER_LIMIT_REACHED", "field": ["input", "userIds"], "limit": 10, "present": present });
    assert_eq!(error, limit(8));
    // Those who follow already, the owner and whoever is named twice do not count.
    let batch = [&crowd[0], &crowd[8], oda, &crowd[9], &crowd[8]];
    let payload = oda.lets_follow(batch, record).is_done().await;
    assert_eq!(
        (&payload["added"], &payload["skipped"]),
        (
            &names([&crowd[8], &crowd[9]]),
            &json!([
                { "user": { "name": crowd[0].name }, "reason": "ALREADY_FOLLOWS" },
                { "user": { "name": "Oda" }, "reason": "IS_OWNER" },
            ])
        )
    );
    assert_eq!(payload["followers"], followers(&crowd[..10]));
    // The eleventh is refused; the full list takes those that it has.
    assert_eq!(oda.lets_follow([&crowd[10]], record).is_refused("FOLLOWER_LIMIT_REACHED").await, limit(10));
    oda.lets_follow(&crowd[..10], record).is_nothing_to_do().await;
    oda.takes([&crowd[3]], record).is_done().await;
    oda.lets_follow([&crowd[10]], record).is_done().await;
    assert_eq!(record.followers().await.len(), 10);
}

// F1, F6
#[rstest]
#[tokio::test]
async fn a_record_has_at_most_ten_followers_beside_its_owner(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).create().await;
    holds_ten(&world, &oda, &contact).await;
    // F6: the lists have nothing to do with each other.
    assert_eq!(deal.followers().await, []);
    holds_ten(&world, &oda, &deal).await;
}

// F3
async fn adds_and_removes(world: &World, oda: &Person, record: &impl Named) {
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let payload = oda.lets_follow([&ada], record).is_done().await;
    let expected = json!({
        "id": record, record.kind(): { "id": record }, "followers": followers([&ada]), "added": names([&ada]),
        "changed": [], "skipped": []
    });
    assert_eq!(payload, expected);

    // Skipped, and no error: the owner, whoever follows, whoever does not.
    let payload = oda.lets_follow([oda, &ada], record).is_nothing_to_do().await;
    let skipped = json!([
        { "user": { "name": "Oda" }, "reason": "IS_OWNER" },
        { "user": { "name": "Ada" }, "reason": "ALREADY_FOLLOWS" },
    ]);
    assert_eq!((&payload["added"], &payload["skipped"]), (&json!([]), &skipped));
    let payload = oda.takes([oda, &bob], record).is_nothing_to_do().await;
    let skipped = json!([
        { "user": { "name": "Oda" }, "reason": "IS_OWNER" },
        { "user": { "name": "Bob" }, "reason": "DOES_NOT_FOLLOW" },
    ]);
    assert_eq!((&payload["removed"], &payload["skipped"]), (&json!([]), &skipped));
    assert_eq!(payload["followers"], followers([&ada]));

    // Another end changes it, no end leaves it.
    let until = retinue::domain::validate::rfc3339(world.in_seconds(60));
    let later = json!({ "userIds": [ada, bob], "until": until });
    let payload = oda.does("AddFollowers", record, later.clone()).is_done().await;
    assert_eq!((&payload["added"], &payload["changed"]), (&names([&bob]), &names([&ada])));
    oda.does("AddFollowers", record, later).is_nothing_to_do().await;
    oda.lets_follow([&ada, &bob], record).is_nothing_to_do().await;
    let seen = oda.looks_at(record, "followers { until }").await;
    assert_eq!(seen["followers"], json!([{ "until": until }, { "until": until }]));

    let payload = oda.takes([&ada, &ada, &bob], record).is_done().await;
    let expected = json!({
        "id": record, record.kind(): { "id": record }, "followers": [], "removed": names([&ada, &bob]), "skipped": []
    });
    assert_eq!(payload, expected);
    // R6: followers are no change of the record itself.
    assert_eq!(record.version().await, 1);
}

// F3
#[rstest]
#[tokio::test]
async fn adding_and_removing_answer_with_what_they_did(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).create().await;
    adds_and_removes(&world, &oda, &contact).await;
    adds_and_removes(&world, &oda, &deal).await;
}

// F4
async fn becomes_the_owner(world: &World, record: &impl Named) {
    let [oda, ada, bob] = world.users(["Oda", "Ada", "Bob"]).await;
    world.command_line().gives(record, &oda).await.expect("it is given");
    let eve = world.user("Eve").admin().create().await;
    let list = async || eve.sees_followers_of(record).await;
    let change = |user: &str, outcome: &str, cause: Value| json!({ "record": { "id": record }, "user": { "name": user }, "outcome": outcome, "cause": cause });
    eve.lets_follow([&ada], record).is_done().await;

    // A follower who becomes owner leaves the list; the previous owner joins it if the call asks for it.
    let input = json!({ "ownerId": ada, "previousOwnerFollows": true });
    let payload = eve.does("ChangeOwner", record, input).is_done().await;
    assert_eq!(
        payload["followChanges"],
        json!([change("Ada", "REMOVED", Value::Null), change("Oda", "ADDED", json!("PREVIOUS_OWNER"))])
    );
    assert_eq!(list().await, ["Oda"]);
    // Not asked for, and the setting off.
    eve.hands(record, &oda).is_done().await;
    assert_eq!(list().await, Vec::<String>::new());

    // The setting, unless the call says no.
    world.turn_on([Setting::PreviousOwnerFollows]).await;
    eve.does("ChangeOwner", record, json!({ "ownerId": ada, "previousOwnerFollows": false })).is_done().await;
    assert_eq!(list().await, Vec::<String>::new());
    eve.hands(record, &oda).is_done().await;
    assert_eq!(list().await, ["Ada"]);
    eve.clears(record).is_done().await;
    assert_eq!(list().await, ["Ada", "Oda"]);

    // Whoever has left does not join.
    eve.hands(record, &bob).is_done().await;
    bob.leaves().await;
    eve.hands(record, &oda).is_done().await;
    assert_eq!(list().await, ["Ada"]);
    world.turn_off([Setting::PreviousOwnerFollows]).await;
}

// F4
#[rstest]
#[tokio::test]
async fn a_follower_who_becomes_owner_leaves_the_list(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    becomes_the_owner(&world, &contact).await;
    becomes_the_owner(&world, &deal).await;
}

// F4, F1
#[rstest]
#[tokio::test]
async fn a_previous_owner_for_whom_there_is_no_room_is_skipped_and_told(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, ada] = world.users(["Oda", "Ada"]).await;
    let crowd = world.crowd(10).await;
    let contact = world.contact().owned_by(&oda).create().await;
    oda.lets_follow(&crowd, &contact).is_done().await;
    let before = contact.activity().await.len();
    let input = json!({ "ownerId": ada, "previousOwnerFollows": true });
    let payload = oda.does("ChangeOwner", &contact, input).is_done().await;
    assert_eq!(
        payload["followChanges"],
        json!([{
            "record": { "id": contact }, "user": { "name": "Oda" }, "outcome": "SKIPPED_NO_ROOM", "cause": "PREVIOUS_OWNER"
        }])
    );
    assert_eq!(contact.activity_after(before).await, ["contact.owner_changed", "contact.follower_skipped"]);

    // A follower who becomes owner makes room.
    let payload = ada
        .does("ChangeOwner", &contact, json!({ "ownerId": crowd[0], "previousOwnerFollows": true }))
        .is_done()
        .await;
    let outcomes: Vec<&Value> = payload["followChanges"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|change| &change["outcome"])
        .collect();
    assert_eq!(outcomes, ["REMOVED", "ADDED"]);
    assert_eq!(contact.followers().await.len(), 10);
}

// F5
#[rstest]
#[tokio::test]
async fn followers_are_active_users_of_the_account(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, ada, gone] = world.users(["Oda", "Ada", "Gone"]).await;
    gone.leaves().await;
    let foreign = world.beside().await.user("Foreign").create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let strangers = [json!(ada), json!(gone), json!(foreign), json!("user_no"), json!(contact), json!("")];
    let errors = oda.does("AddFollowers", &contact, json!({ "userIds": strangers })).are_refused().await;
    let unknown = |place: &str| json!({ "code": "NOT_FOUND", "field": ["input", "userIds", place] });
    assert_eq!(errors, ["1", "2", "3", "4", "5"].map(unknown));

    // To take somebody off who has left is no mistake; nobody of another account is known.
    oda.takes([&gone], &contact).is_nothing_to_do().await;
    for stranger in [json!(foreign), json!("user_no")] {
        let error = oda
            .does("RemoveFollowers", &contact, json!({ "userIds": [ada, stranger] }))
            .is_refused("NOT_FOUND")
            .await;
        assert_eq!(error["field"], json!(["input", "userIds", "1"]));
    }
    // Whoever leaves the account follows nothing any more.
    oda.lets_follow([&ada], &contact).is_done().await;
    ada.leaves().await;
    assert_eq!(oda.sees_followers_of(&contact).await, Vec::<String>::new());
    ada.returns().await;
    assert_eq!(oda.sees_followers_of(&contact).await, Vec::<String>::new());
}

// F9
#[rstest]
#[tokio::test]
async fn who_is_taken_off_sees_it_no_more_unless_something_else_lets_them(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, una] = world.users(["Oda", "Una"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let contact = world.contact().owned_by(&oda).followed_by(&finn).followed_by(&una).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).followed_by(&finn).create().await;
    assert!(finn.finds(&contact).await);
    oda.takes([&finn, &una], &contact).is_done().await;
    assert!(!finn.finds(&contact).await);
    finn.does("Update", &contact, json!({ "city": "Bonn" })).is_refused("NOT_FOUND").await;
    // Another grant: not being restricted; and another record is another follow.
    assert!(una.finds(&contact).await);
    assert!(finn.finds(&deal).await);
}

// F11
#[rstest]
#[tokio::test]
async fn followers_are_taken_off_by_cause_or_all_at_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact, Setting::PreviousOwnerFollows]).await;
    let [oda, ada, bob, cleo] = world.users(["Oda", "Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&oda).followed_by(&ada).create().await;
    world.opportunity(&contact).owned_by(&bob).create().await;
    world.opportunity(&contact).owned_by(&cleo).create().await;
    oda.hands(&contact, &cleo).is_done().await;
    assert_eq!(cleo.sees_followers_of(&contact).await, ["Ada", "Bob", "Oda"]);

    let by_cause = |causes: Value| cleo.does("RemoveFollowers", &contact, json!({ "causes": causes }));
    by_cause(json!([])).is_nothing_to_do().await;
    by_cause(json!(["IMPORT", "CONTACT_OWNER_FOLLOWS_OPPORTUNITIES"])).is_nothing_to_do().await;
    let payload = by_cause(json!(["OPPORTUNITY_OWNER_FOLLOWS_CONTACT", "CREATED"])).is_done().await;
    assert_eq!((&payload["removed"], &payload["skipped"]), (&names([&bob]), &json!([])));
    assert_eq!(cleo.sees_followers_of(&contact).await, ["Ada", "Oda"]);
    let payload = cleo.does("RemoveFollowers", &contact, json!({ "all": true })).is_done().await;
    assert_eq!((&payload["removed"], &payload["followers"]), (&names([&ada, &oda]), &json!([])));
    cleo.does("RemoveFollowers", &contact, json!({ "all": true })).is_nothing_to_do().await;

    // Exactly one of the three.
    for (input, field) in [
        (json!({}), json!(["input"])),
        (json!({ "all": false }), json!(["input", "all"])),
        (json!({ "all": true, "causes": ["MANUAL"] }), json!(["input"])),
        (json!({ "all": true, "userIds": [ada] }), json!(["input"])),
        (json!({ "causes": ["MANUAL"], "userIds": [ada] }), json!(["input"])),
        (json!({ "causes": null, "userIds": null, "all": null }), json!(["input"])),
    ] {
        let error = cleo.does("RemoveFollowers", &contact, input).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], field);
    }
}

#[rstest]
#[tokio::test]
async fn a_list_of_absurd_length_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let many = vec![json!(oda); 201];
    for (verb, field) in [("AddFollowers", "userIds"), ("RemoveFollowers", "userIds")] {
        let error = oda.does(verb, &contact, json!({ field: many })).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", field]));
    }
    let error =
        oda.mutates("contactCreate", json!({ "followerIds": many })).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "followerIds"]));
}
