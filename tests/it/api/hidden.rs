//! What one may not see answers as what is not there (A7): the same JSON, by the same statements.

use entity::{ContactId, OpportunityId, TypedId as _};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::document::mutation;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, Setting, World};

/// Everything that takes the id of a contact, as a document and its variables.
fn about_a_contact(id: &str, world: &World, person: &Person) -> Vec<(String, Value)> {
    let mut asked = reads(id, "contact");
    asked.push((
        "query($id: ID!) { opportunities(filter: { contactId: $id }) { totalCount { value } nodes { id } } }"
            .into(),
        json!({ "id": id }),
    ));
    asked.extend(calls(id, "contact", person));
    let made = json!({ "contactId": id, "pipelineId": world.pipeline.to_string(), "name": "Deal" });
    for owner in
        [json!({}), json!({ "ownerId": person }), json!({ "ownerId": null, "followerIds": [person] })]
    {
        let mut input = made.as_object().cloned().unwrap_or_default();
        input.extend(owner.as_object().cloned().unwrap_or_default());
        asked.push((mutation("opportunityCreate", ""), json!({ "input": input })));
    }
    asked
}

/// Everything that takes the id of an opportunity.
fn about_an_opportunity(id: &str, world: &World, person: &Person) -> Vec<(String, Value)> {
    let mut asked = reads(id, "opportunity");
    asked.extend(calls(id, "opportunity", person));
    let stage = world.stages[1].to_string();
    asked.push((mutation("opportunityMoveStage", ""), json!({ "input": { "id": id, "stageId": stage } })));
    asked.push((
        mutation("opportunityMoveStage", ""),
        json!({ "input": { "id": id, "stageId": stage, "pipelineId": world.pipeline.to_string(), "expectedVersion": 9 } }),
    ));
    let lost = json!({ "id": id, "status": "WON", "lostReason": "not lost", "expectedVersion": 9 });
    asked.push((mutation("opportunitySetStatus", ""), json!({ "input": lost })));
    asked
}

fn reads(id: &str, kind: &str) -> Vec<(String, Value)> {
    vec![
        (
            format!("query($id: ID!) {{ {kind}(id: $id) {{ id version owner {{ name }} }} }}"),
            json!({ "id": id }),
        ),
        ("query($id: ID!) { node(id: $id) { id __typename } }".into(), json!({ "id": id })),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }".into(), json!({ "ids": [id, id, "contact_no"] })),
    ]
}

/// The mutations that both records have, some with more that would be refused for another reason.
fn calls(id: &str, kind: &str, person: &Person) -> Vec<(String, Value)> {
    let nobody = entity::UserId(Uuid::from_u128(7)).to_string();
    let past = "2000-01-01T00:00:00Z";
    [
        ("Update", json!({ "id": id, "source": "x" })),
        ("Update", json!({ "id": id, "source": "", "expectedVersion": 99 })),
        ("ChangeOwner", json!({ "id": id, "ownerId": person })),
        ("ChangeOwner", json!({ "id": id, "ownerId": null, "expectedVersion": 99 })),
        ("ChangeOwner", json!({ "id": id, "ownerId": nobody, "previousOwnerFollows": true })),
        ("AddFollowers", json!({ "id": id, "userIds": [person] })),
        ("AddFollowers", json!({ "id": id, "userIds": [nobody], "until": past })),
        ("RemoveFollowers", json!({ "id": id, "userIds": [person] })),
        ("RemoveFollowers", json!({ "id": id, "userIds": [nobody] })),
        ("RemoveFollowers", json!({ "id": id, "causes": ["MANUAL"] })),
        ("RemoveFollowers", json!({ "id": id, "all": true })),
        ("SetMuted", json!({ "id": id, "muted": true })),
        ("Delete", json!({ "id": id })),
        ("Delete", json!({ "id": id, "expectedVersion": 99 })),
        ("Restore", json!({ "id": id })),
    ]
    .into_iter()
    .map(|(verb, input)| (mutation(&format!("{kind}{verb}"), ""), json!({ "input": input })))
    .collect()
}

/// The two are answered with the same text, apart from the ids, after the same statements; nothing has changed.
async fn answers_alike(
    world: &World,
    person: &Person,
    hidden: &str,
    unknown: &str,
    asked: [Vec<(String, Value)>; 2],
) {
    let [about_hidden, about_unknown] = asked;
    let before = world.tables().await;
    for ((document, variables), (same, others)) in about_hidden.into_iter().zip(about_unknown) {
        assert_eq!(document, same);
        let (one, statements) = person.asks(&document, variables).counted().await;
        let (other, others) = person.asks(&document, others).counted().await;
        assert_eq!(one.text.replace(hidden, unknown), other.text, "{document}");
        assert_eq!(one.status, other.status);
        assert_eq!(statements, others, "{document}");
        assert!(!statements.is_empty());
        one.data();
    }
    before.assert_same(&world.tables().await);
}

// A7
#[rstest]
#[tokio::test]
async fn a_hidden_record_is_as_one_that_never_was(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] separate: bool,
) {
    let Some(world) = World::on(on).await else { return };
    if separate {
        world.turn_on([Setting::SeparateOwners, Setting::ContactOwnerFollowsOpportunities]).await;
    }
    let owner = world.user("Oda").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let hidden = world.contact().owned_by(&owner).tagged(["vip"]).create().await;
    let deal = world.opportunity(&hidden).worth(5).owned_by(&owner).create().await;
    // Something that is not hidden, so that the lists are not empty.
    let own = world.contact().owned_by(&saga).create().await;
    world.opportunity(&own).owned_by(&saga).create().await;

    let unknown: ContactId = world.base.ids.next();
    let ids = [hidden.id.to_string(), unknown.to_string()];
    let asked = ids.each_ref().map(|id| about_a_contact(id, &world, &saga));
    answers_alike(&world, &saga, &ids[0], &ids[1], asked).await;

    let unknown: OpportunityId = world.base.ids.next();
    let ids = [deal.id.to_string(), unknown.to_string()];
    let asked = ids.each_ref().map(|id| about_an_opportunity(id, &world, &saga));
    answers_alike(&world, &saga, &ids[0], &ids[1], asked).await;
}

// A7, F7
#[rstest]
#[tokio::test]
async fn a_record_whose_follow_has_ended_is_hidden_all_the_same(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let saga = world.user("Saga").restricted().create().await;
    let until = world.in_seconds(60);
    let followed = world.contact().followed_until(&saga, until).create().await;
    assert!(saga.finds(&followed).await);
    world.clock.advance_seconds(60);
    assert!(!saga.finds(&followed).await);

    let unknown: ContactId = world.base.ids.next();
    let ids = [followed.id.to_string(), unknown.to_string()];
    let asked = ids.each_ref().map(|id| about_a_contact(id, &world, &saga));
    answers_alike(&world, &saga, &ids[0], &ids[1], asked).await;
}

// A7
#[rstest]
#[tokio::test]
async fn what_is_no_id_is_as_what_is_unknown(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let unknown = ContactId(Uuid::from_u128(7)).to_string();
    let of_another_type = OpportunityId::from_uuid(Uuid::from_u128(7)).to_string();
    for text in ["", "7", "contact_", of_another_type.as_str(), "contact_01h455vb4pex5vsknk084sn02Q"] {
        for (document, variables) in [
            ("query($id: ID!) { contact(id: $id) { id } }", json!({ "id": text })),
            ("query($id: ID!) { node(id: $id) { ... on Contact { id } } }", json!({ "id": text })),
        ] {
            let one = ada.asks(document, variables).await;
            let other = ada.asks(document, json!({ "id": unknown })).await;
            assert_eq!(one.text, other.text, "{text}");
        }
        let call = mutation("contactUpdate", "");
        let (one, statements) =
            ada.asks(&call, json!({ "input": { "id": text, "city": "Bonn" } })).counted().await;
        let (other, others) =
            ada.asks(&call, json!({ "input": { "id": unknown, "city": "Bonn" } })).counted().await;
        assert_eq!(one.text, other.text, "{text}");
        assert_eq!(statements, others, "{text}");
    }
}

// A7
#[rstest]
#[tokio::test]
async fn a_cause_that_is_hidden_is_null_and_its_kind_stays(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    let una = world.user("Una").create().await;
    let erik = world.user("Erik").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().owned_by(&saga).create().await;
    // The opportunity, which Saga does not see, makes its owner a follower of her contact.
    let deal = world.opportunity(&contact).create().await;
    erik.hands(&deal, &erik).is_done().await;

    let selection = "followers { user { name } cause addedBy { name } causedBy { kind record { id } } }
        activity(first: 1) { nodes { kind cause causedBy { kind } record { id } } }";
    let seen = |caused_by: Value, cause: Value| {
        json!({
            "followers": [{
                "user": { "name": "Erik" }, "cause": "OPPORTUNITY_OWNER_FOLLOWS_CONTACT",
                "addedBy": { "name": "Erik" }, "causedBy": caused_by
            }],
            "activity": { "nodes": [{
                "kind": "contact.follower_added", "cause": "AUTO_FOLLOW", "causedBy": cause, "record": { "id": contact }
            }] }
        })
    };
    let change = json!({ "kind": "opportunity.owner_changed", "record": { "id": deal } });
    let kind = json!({ "kind": "opportunity.owner_changed" });
    assert_eq!(una.looks_at(&contact, selection).await, seen(change, kind));
    assert_eq!(saga.looks_at(&contact, selection).await, seen(Value::Null, Value::Null));
    assert!(!saga.sees(&deal).await);
}

// A7
#[rstest]
#[tokio::test]
async fn hidden_entries_are_no_nodes(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let contact = world.contact().owned_by(&una).create().await;
    let entries = una.looks_at(&contact, "activity { nodes { id } }").await;
    let entry = entries["activity"]["nodes"][0]["id"].clone();
    let unknown: entity::ActivityId = world.base.ids.next();

    let node = "query($id: ID!) { node(id: $id) { id } }";
    una.asks(node, json!({ "id": entry })).sees(json!({ "node": { "id": entry } })).await;
    let (hidden, statements) = saga.asks(node, json!({ "id": entry })).counted().await;
    let (missing, others) = saga.asks(node, json!({ "id": unknown.to_string() })).counted().await;
    hidden.sees(&json!({ "node": null }));
    assert_eq!(hidden.text, missing.text);
    assert_eq!(statements.len(), others.len());
}
