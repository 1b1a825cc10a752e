//! Who sees, edits and lets others follow (A1, A2, A4).

use policy::Permission::{EditContacts, EditOpportunities, ViewContacts, ViewLeadValue, ViewOpportunities};
use rstest::rstest;
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, Person, World};

// A1
#[rstest]
#[tokio::test]
async fn the_restricted_see_what_they_own_or_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Eve").admin().restricted().create().await;
    let unrestricted = world.user("Una").create().await;
    let [owner, follower, stranger] = restricted(&world, ["Oda", "Finn", "Saga"]).await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;
    let opportunity = world.opportunity(&contact).owned_by(&owner).followed_by(&follower).create().await;
    for (person, sees) in
        [(&admin, true), (&unrestricted, true), (&owner, true), (&follower, true), (&stranger, false)]
    {
        assert_eq!(person.finds(&contact).await, sees, "{}", person.name);
        assert_eq!(person.finds(&opportunity).await, sees, "{}", person.name);
    }
}

// A2
#[rstest]
#[tokio::test]
async fn a_follower_edits_as_the_active_owner_may(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Oda").create().await;
    let finn = world.user("Finn").restricted().lacking([EditContacts, EditOpportunities]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&finn).create().await;
    let opportunity = world.opportunity(&contact).owned_by(&owner).followed_by(&finn).create().await;

    edits(&finn, &contact, "A").await;
    edits(&finn, &opportunity, "A").await;
    finn.does("MoveStage", &opportunity, json!({ "stageId": world.stages[1].to_string() })).is_done().await;
    finn.does("SetStatus", &opportunity, json!({ "status": "WON" })).is_done().await;

    // What the owner loses, the follower loses; what the owner gets back, too.
    owner.loses(EditContacts).await;
    owner.loses(EditOpportunities).await;
    is_denied(&finn, &contact, "EDIT_CONTACTS").await;
    is_denied(&finn, &opportunity, "EDIT_OPPORTUNITIES").await;
    owner.is_granted(EditContacts).await;
    owner.is_granted(EditOpportunities).await;
    edits(&finn, &contact, "B").await;
    edits(&finn, &opportunity, "B").await;

    // An owner who has left passes nothing on.
    owner.leaves().await;
    is_denied(&finn, &contact, "EDIT_CONTACTS").await;
    is_denied(&finn, &opportunity, "EDIT_OPPORTUNITIES").await;
}

// A2
#[rstest]
#[tokio::test]
async fn without_an_owner_nothing_is_inherited(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let finn = world.user("Finn").lacking([EditContacts, EditOpportunities]).create().await;
    let contact = world.contact().followed_by(&finn).create().await;
    let opportunity = world.opportunity(&contact).followed_by(&finn).create().await;
    is_denied(&finn, &contact, "EDIT_CONTACTS").await;
    is_denied(&finn, &opportunity, "EDIT_OPPORTUNITIES").await;
}

// A2
#[rstest]
#[tokio::test]
async fn one_gives_only_what_one_has(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, adder] = world.users(["Oda", "Abel"]).await;
    let [finn, kim] = [
        world.user("Finn").lacking([EditContacts]).create().await,
        world.user("Kim").lacking([EditContacts]).create().await,
    ];
    // Finn's follow was caused by somebody who could not edit.
    let contact = world.contact().owned_by(&owner).followed_without_inheriting_by(&finn).create().await;
    is_denied(&finn, &contact, "EDIT_CONTACTS").await;
    let seen = owner.looks_at(&contact, "followers { user { name } inheritsEdit }").await;
    assert_eq!(seen, json!({ "followers": [{ "user": { "name": "Finn" }, "inheritsEdit": false }] }));

    // The follow keeps it as a fact, whatever becomes of whoever caused it.
    adder.lets_follow([&kim], &contact).is_done().await;
    adder.loses(EditContacts).await;
    edits(&kim, &contact, "A").await;
}

// A2
#[rstest]
#[tokio::test]
async fn view_and_lead_value_stay_ones_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Oda").create().await;
    let blind = world.user("Finn").lacking([ViewContacts, ViewOpportunities]).create().await;
    let poor = world.user("Nils").restricted().lacking([ViewLeadValue]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&blind).create().await;
    let opportunity = world
        .opportunity(&contact)
        .worth(10)
        .owned_by(&owner)
        .followed_by(&blind)
        .followed_by(&poor)
        .create()
        .await;
    assert!(!blind.finds(&contact).await);
    assert!(!blind.finds(&opportunity).await);
    blind.does("Update", &contact, json!({ "city": "Bonn" })).is_refused("NOT_FOUND").await;

    let error = poor
        .does("Update", &opportunity, json!({ "monetaryValue": "1" }))
        .is_refused("PERMISSION_DENIED")
        .await;
    assert_eq!(error["permission"], "VIEW_LEAD_VALUE");
}

// A4
#[rstest]
#[tokio::test]
async fn whoever_may_edit_lets_others_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Oda").create().await;
    let [kim, lea] = world.users(["Kim", "Lea"]).await;
    let finn = world.user("Finn").restricted().lacking([EditContacts]).create().await;
    let reader = world.user("Rita").lacking([EditContacts]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&finn).create().await;

    // Inheriting is enough to add; following oneself is an add like another.
    finn.lets_follow([&kim], &contact).is_done().await;
    for whom in [&lea, &reader] {
        let error = reader.lets_follow([whom], &contact).is_refused("PERMISSION_DENIED").await;
        assert_eq!(
            error,
            json!({ "code": "PERMISSION_DENIED", "field": ["input", "id"], "permission": "EDIT_CONTACTS" })
        );
    }
    assert_eq!(owner.sees_followers_of(&contact).await, ["Finn", "Kim"]);
}

// A4
#[rstest]
#[tokio::test]
async fn taking_others_off_needs_ones_own_edit(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Oda").create().await;
    let kim = world.user("Kim").create().await;
    let finn = world.user("Finn").restricted().lacking([EditContacts]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&finn).followed_by(&kim).create().await;

    let kims = json!({ "userIds": [kim] });
    for whom in
        [kims, json!({ "userIds": [finn, kim] }), json!({ "causes": ["MANUAL"] }), json!({ "all": true })]
    {
        let error = finn.does("RemoveFollowers", &contact, whom).is_refused("PERMISSION_DENIED").await;
        assert_eq!(error["permission"], "EDIT_CONTACTS");
    }
    // Whoever sees a record may leave it.
    let left = finn.takes([&finn], &contact).is_done().await;
    assert_eq!(left["removed"], json!([{ "name": "Finn" }]));
    assert_eq!(owner.sees_followers_of(&contact).await, ["Kim"]);

    // Own EDIT is enough, whoever owns it.
    let una = world.user("Una").create().await;
    una.takes([&kim], &contact).is_done().await;
    assert_eq!(contact.followers().await, []);
}

// A4
#[rstest]
#[tokio::test]
async fn who_does_not_follow_leaves_without_an_error(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let rita = world.user("Rita").lacking([EditContacts]).create().await;
    let contact = world.contact().create().await;
    let left = rita.takes([&rita], &contact).is_nothing_to_do().await;
    assert_eq!(left["skipped"], json!([{ "user": { "name": "Rita" }, "reason": "DOES_NOT_FOLLOW" }]));
}

async fn restricted<const N: usize>(world: &World, names: [&str; N]) -> [Person; N] {
    let mut people = Vec::new();
    for name in names {
        people.push(world.user(name).restricted().create().await);
    }
    people.try_into().unwrap_or_else(|_| unreachable!("one person per name"))
}

/// An edit that changes something when `to` is new.
fn edit(record: &impl Named, to: &str) -> Value {
    if record.kind() == "contact" { json!({ "city": to }) } else { json!({ "source": to }) }
}

async fn edits(person: &Person, record: &impl Named, to: &str) {
    person.does("Update", record, edit(record, to)).is_done().await;
}

async fn is_denied(person: &Person, record: &impl Named, permission: &str) {
    let error = person.does("Update", record, edit(record, "Z")).is_refused("PERMISSION_DENIED").await;
    let expected = json!({ "code": "PERMISSION_DENIED", "field": ["input", "id"], "permission": permission });
    assert_eq!(error, expected);
}
