//! What is changed, what is refused, and what the caller sees of it afterwards.

use serde_json::{Value as Json, json};

use super::world::World;

const UPDATE: &str = "mutation($input: ContactUpdateInput!) { contactUpdate(input: $input) {
    id contact { firstName company emails version }
    userErrors { __typename code message field ... on StaleVersion { currentVersion current { id version } } } } }";

// R6
#[tokio::test]
async fn an_update_tells_omitted_null_and_empty_apart() {
    let world = World::new().await;
    let contact = world.contact("Grace", None).await.to_string();
    let update = async |fields: Json| {
        let mut input = json!({ "id": contact });
        input.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        world.data(world.ada, UPDATE, json!({ "input": input })).await["contactUpdate"].take()
    };

    let given = update(json!({ "company": "Navy" })).await;
    assert_eq!(
        given,
        json!({ "id": contact, "contact": { "firstName": "Grace", "company": "Navy",
            "emails": ["Grace@example.org"], "version": 2 }, "userErrors": [] })
    );
    let cleared = update(json!({ "company": null, "emails": [] })).await;
    assert_eq!(
        cleared["contact"],
        json!({ "firstName": "Grace", "company": null, "emails": [], "version": 3 })
    );
    let empty = update(json!({ "company": "", "emails": ["x", "y@example.org"] })).await;
    assert_eq!(empty["contact"], Json::Null);
    assert_eq!(empty["id"], Json::Null);
    assert_eq!(empty["userErrors"][0]["field"], json!(["input", "company"]));
    assert_eq!(empty["userErrors"][1]["field"], json!(["input", "emails", "0"]));
    assert_eq!(empty["userErrors"][1]["__typename"], "InvalidInput");
    assert_eq!(update(json!({})).await["contact"]["version"], 3);
    let stale = update(json!({ "company": "Army", "expectedVersion": 1 })).await;
    assert_eq!(stale["userErrors"][0]["code"], "STALE_VERSION");
    assert_eq!(stale["userErrors"][0]["currentVersion"], 3);
    assert_eq!(stale["userErrors"][0]["current"], json!({ "id": contact, "version": 3 }));
}

// R6
#[tokio::test]
async fn a_variable_that_is_left_out_wipes_no_field() {
    let world = World::new().await;
    let contact = world.contact("Grace", None).await.to_string();
    let document = "mutation($id: ID!, $first: String, $company: String = \"Navy\") {
        contactUpdate(input: { id: $id, firstName: $first, company: $company }) {
            contact { firstName company } userErrors { message } } }";
    let update = async |variables: Json| {
        world.data(world.ada, document, variables).await["contactUpdate"]["contact"].take()
    };
    assert_eq!(update(json!({ "id": contact })).await, json!({ "firstName": "Grace", "company": "Navy" }));
    let emptied = update(json!({ "id": contact, "first": null, "company": null })).await;
    assert_eq!(emptied, json!({ "firstName": null, "company": null }));
}

const CHANGE_OWNER: &str = "mutation($input: ContactChangeOwnerInput!) { contactChangeOwner(input: $input) {
    id contact { owner { name } } previousOwner { name }
    followChanges { user { name } outcome cause record { id } }
    userErrors { __typename code field ... on OwnerChangeDenied { reason permission } } } }";

// A6, F4, G2
#[tokio::test]
async fn who_gives_away_what_only_owners_see_gets_null_and_no_error() {
    let world = World::new().await;
    let contact = world.contact("Grace", Some(world.restricted)).await.to_string();
    let input = json!({ "input": { "id": contact, "ownerId": world.ada.to_string() } });
    let answer = world.ask(world.restricted, CHANGE_OWNER, input).await;
    assert_eq!(
        answer,
        json!({ "data": { "contactChangeOwner": { "id": contact, "contact": null,
            "previousOwner": { "name": "Restricted" }, "followChanges": [], "userErrors": [] } } })
    );

    let input = json!({ "input":
        { "id": contact, "ownerId": world.bob.to_string(), "previousOwnerFollows": true } });
    let data = world.data(world.ada, CHANGE_OWNER, input).await;
    assert_eq!(
        data["contactChangeOwner"],
        json!({ "id": contact, "contact": { "owner": { "name": "Bob" } }, "previousOwner": { "name": "Ada" },
            "followChanges": [{ "user": { "name": "Ada" }, "outcome": "ADDED", "cause": "PREVIOUS_OWNER",
                "record": { "id": contact } }],
            "userErrors": [] })
    );
}

// A5, O7
#[tokio::test]
async fn a_follower_is_refused_the_owner_and_told_why() {
    let world = World::new().await;
    let contact = world.contact("Grace", Some(world.ada)).await;
    world.follow(contact, world.bob).await;
    let ask = async |owner: Json| {
        let input = json!({ "input": { "id": contact.to_string(), "ownerId": owner } });
        world.data(world.bob, CHANGE_OWNER, input).await["contactChangeOwner"]["userErrors"][0].take()
    };
    assert_eq!(
        ask(json!(world.bob.to_string())).await,
        json!({ "__typename": "OwnerChangeDenied", "code": "OWNER_CHANGE_DENIED", "field": ["input", "ownerId"],
            "reason": "FOLLOWER", "permission": null })
    );
    assert_eq!(ask(json!("nobody")).await["code"], "NOT_FOUND");
    let omitted = json!({ "input": { "id": contact.to_string() } });
    let data = world.data(world.ada, CHANGE_OWNER, omitted).await;
    assert_eq!(data["contactChangeOwner"]["userErrors"][0]["code"], "INVALID_INPUT");
}

// A7, F3, F5
#[tokio::test]
async fn followers_come_and_go() {
    let world = World::new().await;
    let contact = world.contact("Grace", Some(world.ada)).await.to_string();
    let add = "mutation($input: ContactAddFollowersInput!) { contactAddFollowers(input: $input) {
        followers { user { name } until } added { name } changed { name } skipped { user { name } reason }
        userErrors { code field } } }";
    let ask = async |users: &[&dyn std::fmt::Display]| {
        let users: Vec<String> = users.iter().map(ToString::to_string).collect();
        let input = json!({ "input": { "id": contact, "userIds": users } });
        world.data(world.ada, add, input).await["contactAddFollowers"].take()
    };
    assert_eq!(
        ask(&[&world.bob, &world.ada]).await,
        json!({ "followers": [{ "user": { "name": "Bob" }, "until": null }], "added": [{ "name": "Bob" }],
            "changed": [], "skipped": [{ "user": { "name": "Ada" }, "reason": "IS_OWNER" }], "userErrors": [] })
    );
    assert_eq!(
        ask(&[&world.admin, &"nobody"]).await,
        json!({ "followers": null, "added": [], "changed": [], "skipped": [],
            "userErrors": [{ "code": "NOT_FOUND", "field": ["input", "userIds", "1"] }] })
    );

    let remove = "mutation($input: ContactRemoveFollowersInput!) { contactRemoveFollowers(input: $input) {
        followers { user { name } } removed { name } userErrors { code field } } }";
    let ask = async |how: Json| {
        let mut input = json!({ "id": contact });
        input.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
        world.data(world.ada, remove, json!({ "input": input })).await["contactRemoveFollowers"].take()
    };
    let both = ask(json!({ "all": true, "causes": ["MANUAL"] })).await;
    assert_eq!(both["userErrors"], json!([{ "code": "INVALID_INPUT", "field": ["input"] }]));
    let by_cause = ask(json!({ "causes": ["MANUAL"] })).await;
    assert_eq!(by_cause, json!({ "followers": [], "removed": [{ "name": "Bob" }], "userErrors": [] }));
}

// A9, R1
#[tokio::test]
async fn opportunities_are_made_and_moved() {
    let world = World::new().await;
    let contact = world.contact("Grace", Some(world.ada)).await.to_string();
    let create = "mutation($input: OpportunityCreateInput!) { opportunityCreate(input: $input) {
        opportunity { id name monetaryValue { amount } owner { name } stage { name } } userErrors { __typename field
            ... on PermissionDenied { permission } } } }";
    let input = json!({ "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "Deal",
        "monetaryValue": "12.5" });
    let made = world.data(world.ada, create, json!({ "input": input })).await["opportunityCreate"].take();
    let id = made["opportunity"]["id"].clone();
    assert_eq!(
        made,
        json!({ "opportunity": { "id": id, "name": "Deal", "monetaryValue": { "amount": "12.50" },
            "owner": { "name": "Ada" }, "stage": { "name": "New" } }, "userErrors": [] })
    );
    let denied = world.data(world.blind, create, json!({ "input": input })).await["opportunityCreate"].take();
    assert_eq!(
        denied,
        json!({ "opportunity": null, "userErrors": [{ "__typename": "PermissionDenied",
            "field": ["input", "monetaryValue"], "permission": "VIEW_LEAD_VALUE" }] })
    );

    let act = "mutation($id: ID!, $stage: ID!) {
        opportunityMoveStage(input: { id: $id, stageId: $stage }) { opportunity { stage { name } version } }
        opportunitySetStatus(input: { id: $id, status: LOST, lostReason: \"price\" }) {
            opportunity { status lostReason version } }
        opportunitySetMuted(input: { id: $id, muted: true }) { opportunity { isMuted } userErrors { code } }
        opportunityUpdate(input: { id: $id, name: null }) { userErrors { code field } } }";
    let variables = json!({ "id": id, "stage": world.stages[1].to_string() });
    let data = world.data(world.ada, act, variables).await;
    assert_eq!(
        data,
        json!({
            "opportunityMoveStage": { "opportunity": { "stage": { "name": "Done" }, "version": 2 } },
            "opportunitySetStatus":
                { "opportunity": { "status": "LOST", "lostReason": "price", "version": 3 } },
            "opportunitySetMuted": { "opportunity": { "isMuted": true }, "userErrors": [] },
            "opportunityUpdate":
                { "userErrors": [{ "code": "INVALID_INPUT", "field": ["input", "name"] }] },
        })
    );
}

// O1
#[tokio::test]
async fn settings_are_saved_by_whoever_may() {
    let world = World::new().await;
    let save = "mutation($version: Int!) { ownershipSettingsSave(input: {
            opportunityOwnerFollowsContact: true, expectedVersion: $version }) {
        account { ownershipSettings { separateOwners opportunityOwnerFollowsContact version } }
        userErrors { code ... on StaleVersion { currentVersion current { id } } } } }";
    let denied = world.data(world.ada, save, json!({ "version": 2 })).await;
    assert_eq!(denied["ownershipSettingsSave"]["userErrors"][0]["code"], "PERMISSION_DENIED");
    let stale = world.data(world.admin, save, json!({ "version": 1 })).await;
    assert_eq!(
        stale["ownershipSettingsSave"]["userErrors"][0],
        json!({ "code": "STALE_VERSION", "currentVersion": 2, "current": null })
    );
    let saved = world.data(world.admin, save, json!({ "version": 2 })).await;
    assert_eq!(
        saved["ownershipSettingsSave"]["account"]["ownershipSettings"],
        json!({ "separateOwners": true, "opportunityOwnerFollowsContact": true, "version": 3 })
    );
}
