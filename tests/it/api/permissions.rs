//! What people hold, and from when on it counts (P1 to P4).

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use policy::Permission::{
    EditContacts, ManagePipelines, ManageUsers, ViewContacts, ViewLeadValue, ViewOpportunities,
};
use retinue::domain::user::SetUser;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

const MYSELF: &str = "{ viewer { name role permissions onlyAssignedData isActive } }";

// P1
#[tokio::test]
async fn the_permissions_are_those_of_the_specification() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let names = [
        "VIEW_CONTACTS",
        "EDIT_CONTACTS",
        "DELETE_CONTACTS",
        "VIEW_OPPORTUNITIES",
        "EDIT_OPPORTUNITIES",
        "DELETE_OPPORTUNITIES",
        "VIEW_LEAD_VALUE",
        "CHANGE_OWNERS",
        "BULK_ACTIONS",
        "IMPORT_EXPORT",
        "VIEW_CALENDARS",
        "MANAGE_APPOINTMENTS",
        "MANAGE_CALENDARS",
        "MANAGE_PIPELINES",
        "MANAGE_AUTOMATION",
        "MANAGE_SETTINGS",
        "MANAGE_USERS",
        "VIEW_AUDIT_LOG",
    ];
    let values: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    ada.reads(r#"{ __type(name: "Permission") { enumValues { name } } }"#)
        .sees(json!({ "__type": { "enumValues": values } }))
        .await;

    // P2
    let admin = world.user("Eve").admin().create().await;
    admin
        .reads(MYSELF)
        .sees(json!({ "viewer": {
            "name": "Eve", "role": "ADMIN", "permissions": names, "onlyAssignedData": false, "isActive": true
        } }))
        .await;
}

// P2
#[rstest]
#[tokio::test]
async fn a_new_user_starts_with_these(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let permissions = [
        "VIEW_CONTACTS",
        "EDIT_CONTACTS",
        "VIEW_OPPORTUNITIES",
        "EDIT_OPPORTUNITIES",
        "VIEW_LEAD_VALUE",
        "BULK_ACTIONS",
        "VIEW_CALENDARS",
        "MANAGE_APPOINTMENTS",
    ];
    ada.reads(MYSELF)
        .sees(json!({ "viewer": {
            "name": "Ada", "role": "USER", "permissions": permissions, "onlyAssignedData": false, "isActive": true
        } }))
        .await;
}

// P3
#[rstest]
#[tokio::test]
async fn without_its_view_a_whole_module_is_off(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let blind = world.user("Ada").lacking([ViewContacts]).create().await;
    let owned = world.contact().owned_by(&blind).create().await;
    let followed = world.contact().followed_by(&blind).create().await;
    for contact in [&owned, &followed] {
        assert!(!blind.finds(contact).await);
        let error = blind.does("Update", contact, json!({ "city": "Bonn" })).is_refused("NOT_FOUND").await;
        assert_eq!(error["field"], json!(["input", "id"]));
    }
    blind
        .reads("{ contacts { totalCount { value isExact } nodes { id } } }")
        .sees(json!({ "contacts": { "totalCount": { "value": 0, "isExact": true }, "nodes": [] } }))
        .await;

    // The other module stays on, and shows the contact's name alone (A8).
    let opportunity = world.opportunity(&owned).owned_by(&blind).create().await;
    let seen = blind.looks_at(&opportunity, "contact { id } owner { name }").await;
    assert_eq!(seen, json!({ "contact": null, "owner": { "name": "Ada" } }));

    // P3
    let blind = world.user("Bob").lacking([ViewOpportunities]).create().await;
    let owned = world.opportunity(&followed).owned_by(&blind).create().await;
    let followed = world.opportunity(&followed).followed_by(&blind).create().await;
    for opportunity in [&owned, &followed] {
        assert!(!blind.finds(opportunity).await);
        blind.does("Update", opportunity, json!({ "name": "Mine" })).is_refused("NOT_FOUND").await;
    }
    blind
        .reads("{ opportunities { totalCount { value } nodes { id } } pipelines { id } }")
        .sees(json!({ "opportunities": { "totalCount": { "value": 0 }, "nodes": [] }, "pipelines": [] }))
        .await;
    let nested = "{ contacts { nodes { opportunities { totalCount { value } nodes { id } } } } }";
    let none = json!({ "opportunities": { "totalCount": { "value": 0 }, "nodes": [] } });
    blind.reads(nested).sees(json!({ "contacts": { "nodes": [none, none] } })).await;
}

#[rstest]
#[tokio::test]
async fn who_manages_pipelines_sees_them_without_their_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").lacking([ViewOpportunities]).also_holding([ManagePipelines]).create().await;
    ada.reads("{ pipelines { name stages { name } } opportunities { nodes { id } } }")
        .sees(json!({
            "pipelines": [{ "name": "Sales", "stages": [{ "name": "New" }, { "name": "Working" }, { "name": "Agreed" }] }],
            "opportunities": { "nodes": [] }
        }))
        .await;
}

// P4
#[rstest]
#[tokio::test]
async fn a_change_of_rights_counts_for_the_next_request(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let opportunity = world.opportunity(&contact).worth(12).create().await;
    assert!(ada.finds(&contact).await);

    ada.loses(EditContacts).await;
    let error = ada.does("Update", &contact, json!({ "city": "Bonn" })).is_refused("PERMISSION_DENIED").await;
    assert_eq!(error["permission"], "EDIT_CONTACTS");
    ada.is_granted(EditContacts).await;
    ada.does("Update", &contact, json!({ "city": "Bonn" })).is_done().await;

    ada.loses(ViewLeadValue).await;
    let value = "{ opportunities { nodes { monetaryValue { amount } } } }";
    ada.reads(value).await.has_errors(["FORBIDDEN opportunities.nodes.0.monetaryValue"]);
    ada.is_granted(ViewLeadValue).await;
    ada.reads(value)
        .sees(json!({ "opportunities": { "nodes": [{ "monetaryValue": { "amount": "12.00" } }] } }))
        .await;

    ada.becomes(SetUser { only_assigned_data: Some(true), ..SetUser::default() }).await;
    assert!(!ada.finds(&contact).await);
    assert!(!ada.finds(&opportunity).await);
    ada.becomes(SetUser { role: Some(entity::user::Role::Admin), ..SetUser::default() }).await;
    assert!(ada.finds(&contact).await);
}

// P4
#[rstest]
#[tokio::test]
async fn who_is_deactivated_is_nobody_from_the_next_request_on(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let ask = |token: &str| {
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(r#"{"query":"{ viewer { name } }"}"#));
        world.answers(request.expect("a request"))
    };
    let token = world.token_of(&ada);
    ask(&token).await.sees(&json!({ "viewer": { "name": "Ada" } }));

    ada.leaves().await;
    let gone = ask(&token).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
    assert_eq!(gone.errors(), ["UNAUTHENTICATED"]);
    assert_eq!(gone.text, ask("garbage").await.text, "a user who has left is told apart");

    ada.returns().await;
    ask(&token).await.sees(&json!({ "viewer": { "name": "Ada" } }));
}

// P4
#[tokio::test]
async fn a_token_carries_no_rights() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").also_holding([ManageUsers]).create().await;
    let token = world.token_of(&ada);
    let claims = token.split('.').nth(1).expect("claims");
    let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).expect("base64");
    let claims: serde_json::Map<String, Value> = serde_json::from_slice(&claims).expect("JSON");
    let names: Vec<&str> = claims.keys().map(String::as_str).collect();
    assert_eq!(names, ["acc", "exp", "iat", "iss", "sub"]);
}
