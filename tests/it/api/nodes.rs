//! Whatever has a global id is read again by it (G1).

use policy::Permission::{ChangeOwners, ManageSettings};
use rstest::rstest;
use serde_json::{Value, json};

use super::questions::Belongings;
use crate::align::{DOWN, aligns_at_once};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, Setting, World};

const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

// G1
#[rstest]
#[tokio::test]
async fn every_type_is_a_node(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().named("Bea").create().await;
    let deal = world.opportunity(&contact).named("Deal").create().await;
    let seen = ada.looks_at(&deal, "activity { nodes { id } }").await;
    let activity = seen["activity"]["nodes"][0]["id"].clone();
    let node = |kind: &str, id: Value| json!({ "__typename": kind, "id": id });
    let (belongings, ..) = Belongings::of(&world, &ada).await;
    let job = own_job(&world, &ada).await;
    let all = [
        node("Opportunity", json!(deal)),
        node("Account", json!(world.account.to_string())),
        node("Stage", json!(world.stages[1].to_string())),
        node("User", json!(ada)),
        node("Activity", activity),
        node("Contact", json!(contact)),
        node("Pipeline", json!(world.pipeline.to_string())),
        node("LostReason", json!(belongings.lost_reason)),
        node("SavedView", json!(belongings.saved_view)),
        node("Job", json!(job.to_string())),
        node("Appointment", json!(belongings.appointment)),
        node("Note", json!(belongings.note)),
        node("Task", json!(belongings.task)),
        node("Calendar", json!(belongings.calendar)),
        node("CalendarGroup", json!(belongings.calendar_group)),
        node("BlockedSlot", json!(belongings.blocked_slot)),
        node("Notification", json!(belongings.notification)),
    ];
    let ids: Vec<&Value> = all.iter().map(|node| &node["id"]).collect();
    // In the order of the question.
    ada.asks(NODES, json!({ "ids": ids })).sees(json!({ "nodes": all })).await;
    for node in &all {
        let one = "query($id: ID!) { node(id: $id) { __typename id } }";
        ada.asks(one, json!({ "id": node["id"] })).sees(json!({ "node": node })).await;
    }
    let names = "query($ids: [ID!]!) { nodes(ids: $ids) {
        ... on Contact { displayName } ... on Opportunity { name status } ... on User { who: name }
        ... on Stage { stage: name } ... on Record { version owner { name } } } }";
    ada.asks(names, json!({ "ids": [contact, deal, ada, world.stages[0].to_string()] }))
        .sees(json!({ "nodes": [
            { "displayName": "Bea", "version": 1, "owner": null },
            { "name": "Deal", "status": "OPEN", "version": 1, "owner": null },
            { "who": "Ada" },
            { "stage": "New" },
        ] }))
        .await;
}

// G1, A7
#[rstest]
#[tokio::test]
async fn null_stands_in_the_place_of_what_is_not_there(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let saga = world.user("Saga").restricted().create().await;
    let own = world.contact().owned_by(&saga).create().await;
    let hidden = world.contact().create().await;
    let node = json!({ "__typename": "Contact", "id": own });
    let ids = json!([hidden, own, "contact_no", "", own, "nothing at all", hidden]);
    saga.asks(NODES, json!({ "ids": ids }))
        .sees(json!({ "nodes": [null, node, null, null, node, null, null] }))
        .await;
    saga.asks(NODES, json!({ "ids": [] })).sees(json!({ "nodes": [] })).await;
}

// G1
#[tokio::test]
async fn no_more_nodes_are_asked_for_than_a_page_has() {
    let Some(world) = World::separate_on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let ids = vec![json!(ada); 200];
    let answer = ada.asks(NODES, json!({ "ids": ids })).await;
    assert_eq!(answer.data()["nodes"].as_array().map(Vec::len), Some(200));
    let answer = ada.asks(NODES, json!({ "ids": vec![json!(ada); 201] })).await;
    answer.has_errors(["BAD_USER_INPUT nodes"]);
    assert_eq!(answer.partial(), &json!({ "nodes": null }));
}

/// A job that somebody started.
async fn own_job(world: &World, person: &Person) -> entity::JobId {
    for permission in [ManageSettings, ChangeOwners] {
        person.is_granted(permission).await;
    }
    world.turn_off([Setting::SeparateOwners]).await;
    aligns_at_once(person, DOWN, 0).await.expect("a job").job
}
