//! Duplicates on the graph (R3).

use rstest::rstest;
use serde_json::json;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

const FLAGS: &str = "{ duplicateFlags { totalCount { value } nodes { id kind flaggedAt
    record { __typename id } duplicate { __typename id } } } }";

const DISMISS: &str = "mutation($input: DuplicateFlagDismissInput!) { duplicateFlagDismiss(input: $input) {
    id userErrors { code } } }";

// R3, O1
#[rstest]
#[tokio::test]
async fn the_duplicate_is_named_and_flags_are_for_admins(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let ada = world.user("Ada").create().await;
    let settings = json!({ "contactDuplicates": "BY_EMAIL_THEN_PHONE", "allowDuplicateOpportunities": false,
        "expectedVersion": 1 });
    ada.mutates("ownershipSettingsSave", settings.clone()).is_refused("PERMISSION_DENIED").await;
    admin.mutates("ownershipSettingsSave", settings).is_done().await;
    ada.reads("{ account { ownershipSettings { contactDuplicates allowDuplicateOpportunities version } } }")
        .sees(json!({ "account": { "ownershipSettings": { "contactDuplicates": "BY_EMAIL_THEN_PHONE",
            "allowDuplicateOpportunities": false, "version": 2 } } }))
        .await;
    let bea = json!({ "firstName": "Bea", "emails": ["bea@example.com"] });
    let made = ada.mutates("contactCreate", bea.clone()).is_done().await;
    let refused = ada.mutates("contactCreate", bea).is_refused("DUPLICATE_FOUND").await;
    assert_eq!(refused["record"]["id"], made["id"]);
    let deal = json!({ "contactId": made["id"], "pipelineId": world.pipeline.to_string(), "name": "Roof" });
    let first = ada.mutates("opportunityCreate", deal.clone()).is_done().await;
    let refused = ada.mutates("opportunityCreate", deal).is_refused("DUPLICATE_FOUND").await;
    assert_eq!(refused["record"]["id"], first["id"]);

    let flag = world.flags_twins().await.to_string();
    ada.reads(FLAGS).sees(json!({ "duplicateFlags": { "totalCount": { "value": 0 }, "nodes": [] } })).await;
    let found = admin.reads(FLAGS).await.data()["duplicateFlags"].clone();
    assert_eq!((&found["totalCount"]["value"], &found["nodes"][0]["kind"]), (&json!(1), &json!("EMAIL")));
    assert_eq!(found["nodes"][0]["record"]["__typename"], "Contact");
    assert_ne!(found["nodes"][0]["record"]["id"], found["nodes"][0]["duplicate"]["id"]);
    let dismiss =
        |person: &crate::world::Person, id: &str| person.asks(DISMISS, json!({ "input": { "id": id } }));
    let refused =
        |code: &str| json!({ "duplicateFlagDismiss": { "id": null, "userErrors": [{ "code": code }] } });
    dismiss(&ada, &flag).changes_nothing().await.sees(&refused("PERMISSION_DENIED"));
    dismiss(&admin, "duplicate_no").changes_nothing().await.sees(&refused("NOT_FOUND"));
    dismiss(&admin, &flag).sees(json!({ "duplicateFlagDismiss": { "id": flag, "userErrors": [] } })).await;
    admin.reads(FLAGS).sees(json!({ "duplicateFlags": { "totalCount": { "value": 0 }, "nodes": [] } })).await;
}
