//! What goes wrong, and how it is told.

use serde_json::{Value as Json, json};

use super::world::{World, id};

// A9
#[tokio::test]
async fn a_denied_field_is_null_with_one_error_for_the_list() {
    let world = World::new().await;
    let contact = world.contact("Grace", None).await;
    for name in ["One", "Two", "Three"] {
        world.opportunity(contact, name, None).await;
    }
    let document = "{ opportunities { nodes { name monetaryValue { amount } } } }";
    let answer = world.ask(world.blind, document, Json::Null).await;
    let nodes = answer["data"]["opportunities"]["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|node| node["monetaryValue"] == Json::Null && node["name"] != Json::Null));
    assert_eq!(
        answer["errors"],
        json!([{
            "message": "`opportunity.monetary_value` needs the permission `VIEW_LEAD_VALUE`",
            "locations": [{ "line": 1, "column": 32 }],
            "path": ["opportunities", "nodes", 0, "monetaryValue"],
            "extensions": {
                "code": "FORBIDDEN", "field": "opportunity.monetary_value", "permission": "VIEW_LEAD_VALUE"
            },
        }])
    );
}

// A9
#[tokio::test]
async fn the_history_of_a_value_is_left_out_with_an_error() {
    let world = World::new().await;
    let contact = world.contact("Grace", None).await;
    let opportunity = world.opportunity(contact, "Deal", None).await;
    let document =
        "query($id: ID!) { opportunity(id: $id) { activity { nodes { kind changes { field } } } } }";
    let answer = world.ask(world.blind, document, id(opportunity)).await;
    let fields = answer["data"]["opportunity"]["activity"]["nodes"][0]["changes"].to_string();
    assert!(fields.contains("name") && !fields.contains("monetaryValue"), "{answer:#}");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["path"], json!(["opportunity", "activity", "nodes", 0, "changes"]));
    assert_eq!(answer["errors"][0]["extensions"]["permission"], "VIEW_LEAD_VALUE");

    let answer = world.ask(world.ada, document, id(opportunity)).await;
    assert_eq!(answer["errors"], Json::Null);
    assert!(answer.to_string().contains("monetaryValue"));
}

#[tokio::test]
async fn a_document_that_does_not_fit_is_refused_without_suggestions() {
    let world = World::new().await;
    let answer = world.ask(world.ada, "{ contacts { nodes { displayNam } } }", Json::Null).await;
    assert_eq!(answer.get("data"), None);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert!(!answer.to_string().contains("displayName"), "{answer:#}");
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_told_before_its_variables_and_without_its_values() {
    let world = World::new().await;
    for (document, message) in [
        ("query A { viewer { id } } query B { viewer { id } }", "Operation name required in request."),
        ("query($a: Nope!) { contact(id: $a) { id } }", "Unknown type \"Nope\""),
        (
            "query($id: ID!) { contact(id: $id) { nothing } }",
            "Unknown field \"nothing\" on type \"Contact\".",
        ),
        ("subscription { anything }", "Unknown field \"anything\" on type \"Subscription\"."),
        (
            "{ contacts(sort: { by: HUNTER2 }) { nodes { id } } }",
            "Invalid value for argument \"sort.by\", \
            enumeration type \"ContactSortKey\" does not contain the value given",
        ),
    ] {
        let answer = world.ask(world.ada, document, Json::Null).await;
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer:#}");
        assert_eq!(answer["errors"][0]["message"], message);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn a_root_field_that_cannot_be_answered_leaves_the_others() {
    let world = World::new().await;
    let document = "{ viewer { name } contacts(filter: { owner: { is: \"nobody\" } }) { nodes { id } } }";
    let answer = world.ask(world.ada, document, Json::Null).await;
    assert_eq!(answer["data"], json!({ "viewer": { "name": "Ada" }, "contacts": null }));
    assert_eq!(answer["errors"][0]["path"], json!(["contacts"]));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_server_that_fails_says_no_more_than_that() {
    let world = World::new().await;
    world.contact("Grace", None).await;
    let access = world.access(world.ada).await;
    world.base.database.clone().close().await.unwrap();
    let document = guard::check("{ viewer { name } contacts { nodes { id } } }", &guard::Limits::default());
    let request = crate::graphql::Request {
        document: document.unwrap().document,
        operation_name: None,
        variables: Json::Null,
        request_id: "r-7".into(),
    };
    let reply = world.engine.execute(access, request).await;
    let answer: Json = serde_json::from_str(&reply.json).unwrap();
    assert_eq!(answer["data"], json!({ "viewer": { "name": "Ada" }, "contacts": null }));
    assert_eq!(answer["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": "r-7" }));
    assert_eq!(answer["errors"][0]["message"], crate::graphql::error::OPAQUE);
}
