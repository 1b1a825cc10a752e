//! A replay is read through the caller's eyes of now.

use axum::http::StatusCode;
use policy::Permission::{ViewContacts, ViewLeadValue};
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Setting, World};

// R6, A7
#[rstest]
#[tokio::test]
async fn a_record_out_of_sight_is_null_and_no_error(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    let eve = world.user("Eve").admin().create().await;
    let bob = world.user("Bob").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let create = || {
        let input = json!({ "firstName": "Grace", "followerIds": [bob] });
        rita.calls("contactCreate", "k", input)
    };
    let made = create().is_done().await;
    assert_eq!(made["contact"]["id"], made["id"]);
    assert_eq!(made["followChanges"][0]["user"]["name"], "Bob");

    let input = json!({ "id": made["id"], "ownerId": eve });
    eve.mutates("contactChangeOwner", input).is_done().await;
    let replayed = create().is_nothing_to_do().await;
    assert_eq!(replayed, json!({ "id": made["id"], "contact": null, "followChanges": [] }));

    // Sight that comes back brings the answer back.
    let input = json!({ "id": made["id"], "ownerId": rita });
    eve.mutates("contactChangeOwner", input).is_done().await;
    assert_eq!(create().is_nothing_to_do().await, made);
    rita.loses(ViewContacts).await;
    assert_eq!(create().is_nothing_to_do().await, replayed);
}

// R6: the record is read again, as it is now.
#[rstest]
#[tokio::test]
async fn a_record_is_read_as_it_is_now(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let add = || {
        let input = json!({ "id": contact, "userIds": [bob, ada] });
        ada.calls("contactAddFollowers", "k", input)
    };
    add().is_done().await;
    ada.takes([&bob], &contact).is_done().await;
    ada.lets_follow([&cleo], &contact).is_done().await;
    // What the call came to stays; who follows is of now.
    assert_eq!(
        add().is_nothing_to_do().await,
        json!({ "id": contact, "contact": { "id": contact },
            "followers": [{ "user": { "name": "Cleo" } }], "added": [{ "name": "Bob" }], "changed": [],
            "skipped": [{ "user": { "name": "Ada" }, "reason": "IS_OWNER" }] })
    );
}

// R6, A9
#[rstest]
#[tokio::test]
async fn a_gated_field_is_gated_in_a_replay_too(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let input = json!({ "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "Deal",
        "monetaryValue": "12.50", "idempotencyKey": "k" });
    let document = "mutation($input: OpportunityCreateInput!) { opportunityCreate(input: $input) {
        opportunity { name monetaryValue { amount } } userErrors { code } } }";
    let create = || ada.asks(document, json!({ "input": input }));
    let made = create().await;
    assert_eq!(made.payload()["opportunity"]["monetaryValue"], json!({ "amount": "12.50" }));
    ada.loses(ViewLeadValue).await;
    let replayed = create().changes_nothing().await;
    assert_eq!(
        replayed.partial()["opportunityCreate"]["opportunity"],
        json!({ "name": "Deal", "monetaryValue": null })
    );
    replayed.has_errors(["FORBIDDEN opportunityCreate.opportunity.monetaryValue"]);
}

// R6, P4
#[rstest]
#[tokio::test]
async fn who_has_left_is_answered_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let create = || ada.calls("contactCreate", "k", json!({ "firstName": "Grace" }));
    let made = create().is_done().await;
    ada.leaves().await;
    let refused = create().changes_nothing().await;
    assert_eq!((refused.status, &refused.json["data"]), (StatusCode::UNAUTHORIZED, &Value::Null));
    ada.returns().await;
    assert_eq!(create().is_nothing_to_do().await, made);
}
