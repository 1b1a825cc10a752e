//! The two settings that make owners follow what they do not own (AF1 to AF5).

use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::Setting::{
    ContactOwnerFollowsOpportunities, OpportunityOwnerFollowsContact, SeparateOwners,
};
use crate::world::{AnyRecord as _, Contact, Person, World};

const TO_CONTACT: &str = "OPPORTUNITY_OWNER_FOLLOWS_CONTACT";
const TO_DEAL: &str = "CONTACT_OWNER_FOLLOWS_OPPORTUNITIES";

fn change(record: impl serde::Serialize, user: &str, outcome: &str, cause: &str) -> Value {
    json!({ "record": { "id": record }, "user": { "name": user }, "outcome": outcome, "cause": cause })
}

fn deal(world: &World, contact: &Contact, more: Value) -> Value {
    let mut input = json!({ "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "Deal" });
    input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
    input
}

/// The newest entries of a record's history.
async fn newest(person: &Person, record: &impl super::sentences::Named, count: usize) -> Value {
    let selection = format!(
        "activity(first: {count}) {{ nodes {{ kind cause actor {{ name }} causedBy {{ kind }} changes {{ field before after }} }} }}"
    );
    person.looks_at(record, &selection).await["activity"]["nodes"].clone()
}

// AF1
#[rstest]
#[tokio::test]
async fn the_owner_of_an_opportunity_follows_its_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([OpportunityOwnerFollowsContact]).await;
    let eve = world.user("Eve").admin().create().await;
    let [oda, erik, lea] = world.users(["Oda", "Erik", "Lea"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    let first = world.opportunity(&contact).create().await;

    // By a change of owner.
    let payload = eve.hands(&first, &erik).is_done().await;
    assert_eq!(payload["followChanges"], json!([change(&contact, "Erik", "ADDED", TO_CONTACT)]));
    assert_eq!(eve.sees_followers_of(&contact).await, ["Erik"]);
    // N1: the history says through what, and what it follows from.
    assert_eq!(
        newest(&eve, &contact, 1).await,
        json!([{
            "kind": "contact.follower_added", "cause": "AUTO_FOLLOW", "actor": { "name": "Eve" },
            "causedBy": { "kind": "opportunity.owner_changed" },
            "changes": [{ "field": "followers", "before": null, "after": erik }]
        }])
    );
    // On creation too. The owner of the contact is never a follower of it (F3).
    let payload =
        eve.mutates("opportunityCreate", deal(&world, &contact, json!({ "ownerId": lea }))).is_done().await;
    assert_eq!(payload["followChanges"], json!([change(&contact, "Lea", "ADDED", TO_CONTACT)]));
    let payload = eve.mutates("opportunityCreate", deal(&world, &contact, json!({}))).is_done().await;
    assert_eq!(payload["followChanges"], json!([]));

    // AF3: it removes nobody and adds nobody twice.
    let payload = eve.hands(&first, &lea).is_done().await;
    assert_eq!(payload["followChanges"], json!([]));
    eve.clears(&first).is_done().await;
    assert_eq!(eve.sees_followers_of(&contact).await, ["Erik", "Lea"]);
    // The other setting is off.
    eve.hands(&contact, &erik).is_done().await;
    assert_eq!(first.followers().await, []);
}

// AF2
#[rstest]
#[tokio::test]
async fn the_owner_of_a_contact_follows_its_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    let [oda, erik] = world.users(["Oda", "Erik"]).await;
    let contact = world.contact().create().await;
    let [of_nobody, of_oda] = [
        world.opportunity(&contact).create().await,
        world.opportunity(&contact).owned_by(&oda).create().await,
    ];
    world.turn_on([ContactOwnerFollowsOpportunities]).await;

    // Whoever becomes the owner of the contact follows all its opportunities, but for those that they own.
    let payload = eve.hands(&contact, &oda).is_done().await;
    assert_eq!(payload["followChanges"], json!([change(&of_nobody, "Oda", "ADDED", TO_DEAL)]));
    assert_eq!(eve.sees_followers_of(&of_oda).await, Vec::<String>::new());

    // An opportunity that gets an owner other than the contact's is followed by the contact's.
    let payload = eve.hands(&of_oda, &erik).is_done().await;
    assert_eq!(payload["followChanges"], json!([change(&of_oda, "Oda", "ADDED", TO_DEAL)]));
    assert_eq!(
        newest(&eve, &of_oda, 2).await,
        json!([
            {
                "kind": "opportunity.follower_added", "cause": "AUTO_FOLLOW", "actor": { "name": "Eve" },
                "causedBy": { "kind": "opportunity.owner_changed" },
                "changes": [{ "field": "followers", "before": null, "after": oda }]
            },
            {
                "kind": "opportunity.owner_changed", "cause": "USER", "actor": { "name": "Eve" }, "causedBy": null,
                "changes": [{ "field": "owner", "before": oda, "after": erik }]
            },
        ])
    );
    let payload =
        eve.mutates("opportunityCreate", deal(&world, &contact, json!({ "ownerId": erik }))).is_done().await;
    assert_eq!(payload["followChanges"], json!([change(&payload["id"], "Oda", "ADDED", TO_DEAL)]));
    for none in [json!({}), json!({ "ownerId": null })] {
        let payload = eve.mutates("opportunityCreate", deal(&world, &contact, none)).is_done().await;
        assert_eq!(payload["followChanges"], json!([]));
    }
    // Clearing makes nobody an owner.
    let payload = eve.clears(&of_nobody).is_nothing_to_do().await;
    assert_eq!(payload["followChanges"], json!([]));
}

// AF1, AF2
#[rstest]
#[tokio::test]
async fn both_settings_answer_one_change(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([OpportunityOwnerFollowsContact, ContactOwnerFollowsOpportunities]).await;
    let eve = world.user("Eve").admin().create().await;
    let [oda, erik] = world.users(["Oda", "Erik"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    let payload =
        eve.mutates("opportunityCreate", deal(&world, &contact, json!({ "ownerId": erik }))).is_done().await;
    assert_eq!(
        payload["followChanges"],
        json!([
            change(&contact, "Erik", "ADDED", TO_CONTACT),
            change(&payload["id"], "Oda", "ADDED", TO_DEAL)
        ])
    );
    // AF3: judged on the owners as they stand at the end. Erik follows the contact until he owns it.
    let payload = eve.hands(&contact, &erik).is_done().await;
    let left = json!({ "record": { "id": contact }, "user": { "name": "Erik" }, "outcome": "REMOVED", "cause": null });
    assert_eq!(payload["followChanges"], json!([left]));
    assert_eq!(contact.followers().await, []);
}

// AF3
#[rstest]
#[tokio::test]
async fn who_has_left_is_not_made_to_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([ContactOwnerFollowsOpportunities]).await;
    let eve = world.user("Eve").admin().create().await;
    let [oda, erik] = world.users(["Oda", "Erik"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    oda.leaves().await;
    let payload =
        eve.mutates("opportunityCreate", deal(&world, &contact, json!({ "ownerId": erik }))).is_done().await;
    assert_eq!(payload["followChanges"], json!([]));
}

// AF4
#[rstest]
#[tokio::test]
async fn at_the_limit_the_change_succeeds_and_the_skip_is_told(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    let [oda, erik] = world.users(["Oda", "Erik"]).await;
    let crowd = world.crowd(10).await;
    let contact = world.contact().owned_by(&oda).create().await;
    let [full, free] =
        [world.opportunity(&contact).create().await, world.opportunity(&contact).create().await];
    eve.lets_follow(&crowd, &contact).is_done().await;
    eve.lets_follow(&crowd, &full).is_done().await;
    world.turn_on([OpportunityOwnerFollowsContact, ContactOwnerFollowsOpportunities]).await;

    let payload = eve.hands(&full, &erik).is_done().await;
    assert_eq!(
        payload["followChanges"],
        json!([
            change(&contact, "Erik", "SKIPPED_NO_ROOM", TO_CONTACT),
            change(&full, "Oda", "SKIPPED_NO_ROOM", TO_DEAL)
        ])
    );
    assert_eq!(eve.sees_owner_of(&full).await.as_deref(), Some("Erik"));
    assert_eq!((contact.followers().await.len(), full.followers().await.len()), (10, 10));
    let skipped = |kind: &str| {
        json!([{
            "kind": kind, "cause": "AUTO_FOLLOW", "actor": { "name": "Eve" },
            "causedBy": { "kind": "opportunity.owner_changed" }, "changes": []
        }])
    };
    assert_eq!(newest(&eve, &contact, 1).await, skipped("contact.follower_skipped"));
    assert_eq!(newest(&eve, &full, 1).await, skipped("opportunity.follower_skipped"));

    // The one that has room is not held up by the one that has none.
    let payload = eve.hands(&contact, &crowd[0]).is_done().await;
    assert_eq!(
        payload["followChanges"],
        json!([
            { "record": { "id": contact }, "user": { "name": crowd[0].name }, "outcome": "REMOVED", "cause": null },
            change(&free, &crowd[0].name, "ADDED", TO_DEAL)
        ])
    );
}

// AF4, A7
#[rstest]
#[tokio::test]
async fn the_payload_does_not_tell_on_records_that_are_hidden(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([OpportunityOwnerFollowsContact]).await;
    let erik = world.user("Erik").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).owned_by(&saga).create().await;
    let eve = world.user("Eve").admin().create().await;
    eve.takes([&saga], &contact).is_done().await;
    let input = json!({ "ownerId": erik, "previousOwnerFollows": true });
    let payload = saga.does("ChangeOwner", &deal, input).is_done().await;
    // Erik follows a contact that Saga does not see.
    assert_eq!(payload["followChanges"], json!([change(&deal, "Saga", "ADDED", "PREVIOUS_OWNER")]));
    assert_eq!(eve.sees_followers_of(&contact).await, ["Erik"]);
}

// AF5
#[rstest]
#[tokio::test]
async fn both_off_or_linked_nobody_is_added(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] linked: bool,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    let [oda, erik, lea] = world.users(["Oda", "Erik", "Lea"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    let existing = world.opportunity(&contact).owned_by(&oda).create().await;
    // Made while owners were separate: it stays Erik's when the contact changes hands.
    let differing = world.opportunity(&contact).owned_by(&erik).create().await;
    if linked {
        world.turn_on([OpportunityOwnerFollowsContact, ContactOwnerFollowsOpportunities]).await;
        world.turn_off([SeparateOwners]).await;
    }
    for ask in [
        oda.hands(&contact, &lea),
        eve.hands(&existing, &erik),
        eve.hands(&contact, &eve),
        eve.mutates("opportunityCreate", deal(&world, &contact, json!({ "ownerId": oda }))),
        eve.mutates("contactCreate", json!({ "ownerId": oda })),
    ] {
        assert_eq!(ask.is_done().await["followChanges"], json!([]));
    }
    for record in [contact.followers().await, existing.followers().await, differing.followers().await] {
        assert_eq!(record, []);
    }
}
