//! Fields that need a permission of their own (A9).

use policy::Permission::{ManageUsers, ViewLeadValue};
use rstest::rstest;
use serde_json::{Value, json};

use super::client::Answer;
use super::document::mutation;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

/// What each error names beside its path.
fn needs(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    errors
        .iter()
        .map(|error| (text(&error["extensions"]["field"]), text(&error["extensions"]["permission"])))
        .collect()
}

// A9
#[rstest]
#[tokio::test]
async fn a_denied_field_is_null_with_one_error_for_the_list(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let contact = world.contact().named("Ada").create().await;
    for name in ["A", "B", "C"] {
        world.opportunity(&contact).named(name).worth(77_123).owned_by(&nils).create().await;
    }
    let answer = nils
        .reads(
            "{
                opportunities(sort: { by: NAME, direction: ASC }) { nodes { name monetaryValue { amount currency } worth: monetaryValue { amount } } }
                mine: opportunities(first: 1) { edges { node { monetaryValue { amount } status } } }
                contacts { nodes { opportunities(first: 2) { nodes { monetaryValue { amount } } } } }
            }",
        )
        .await;
    answer.has_errors([
        "FORBIDDEN contacts.nodes.0.opportunities.nodes.0.monetaryValue",
        "FORBIDDEN mine.edges.0.node.monetaryValue",
        "FORBIDDEN opportunities.nodes.0.monetaryValue",
        "FORBIDDEN opportunities.nodes.0.worth",
    ]);
    for (field, permission) in needs(&answer) {
        assert_eq!((field.as_str(), permission.as_str()), ("opportunity.monetary_value", "VIEW_LEAD_VALUE"));
    }
    let row = |name| json!({ "name": name, "monetaryValue": null, "worth": null });
    assert_eq!(
        answer.partial(),
        &json!({
            "opportunities": { "nodes": [row("A"), row("B"), row("C")] },
            "mine": { "edges": [{ "node": { "monetaryValue": null, "status": "OPEN" } }] },
            "contacts": { "nodes": [{ "opportunities": { "nodes": [{ "monetaryValue": null }, { "monetaryValue": null }] } }] }
        })
    );
    assert!(!answer.text.contains("77"), "{}", answer.text);
    assert_eq!(answer.status, 200);
}

// A9
#[rstest]
#[tokio::test]
async fn a_denied_value_is_refused_and_not_ignored(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).worth(5).owned_by(&nils).create().await;
    let refused = json!({ "code": "PERMISSION_DENIED", "field": ["input", "monetaryValue"], "permission": "VIEW_LEAD_VALUE" });
    let made = json!({ "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "Deal" });
    for value in [json!("5.00"), json!("6.00"), json!(7), Value::Null] {
        let error = nils
            .does("Update", &deal, json!({ "name": "Other", "monetaryValue": value }))
            .is_refused("PERMISSION_DENIED")
            .await;
        assert_eq!(error, refused);
        let mut input = made.clone();
        input["monetaryValue"] = value;
        assert_eq!(nils.mutates("opportunityCreate", input).is_refused("PERMISSION_DENIED").await, refused);
    }
    // Left out, the rest may be written.
    nils.does("Update", &deal, json!({ "name": "Other" })).is_done().await;
    nils.mutates("opportunityCreate", made).is_done().await;
    assert_eq!(deal.row().await.value_minor, Some(500));
}

// A9
#[rstest]
#[tokio::test]
async fn the_payload_is_gated_like_every_other_answer(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).worth(5).create().await;
    let update = mutation("opportunityUpdate", "name monetaryValue { amount }");
    let answer = nils.asks(update, json!({ "input": { "id": deal, "name": "Other" } })).await;
    answer.has_errors(["FORBIDDEN opportunityUpdate.opportunity.monetaryValue"]);
    assert_eq!(
        answer.partial()["opportunityUpdate"],
        json!({ "id": deal, "opportunity": { "id": deal, "name": "Other", "monetaryValue": null }, "userErrors": [] })
    );
}

// A9
#[rstest]
#[tokio::test]
async fn the_history_of_a_value_needs_the_same_permission(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).worth(50_123).create().await;
    ada.does("Update", &deal, json!({ "source": "fair", "monetaryValue": "50999.5" })).is_done().await;

    let history = "query($id: ID!) { opportunity(id: $id) { activity(first: 2) { nodes { kind changes { field before after } } } } }";
    let seen = ada.asks(history, json!({ "id": deal })).await;
    assert_eq!(
        seen.data()["opportunity"]["activity"]["nodes"][0]["changes"],
        json!([
            { "field": "monetaryValue", "before": "50123.00", "after": "50999.50" },
            { "field": "source", "before": null, "after": "fair" },
        ])
    );
    let seen = nils.asks(history, json!({ "id": deal })).await;
    seen.has_errors(["FORBIDDEN opportunity.activity.nodes.0.changes"]);
    assert_eq!(needs(&seen), [("opportunity.monetary_value".into(), "VIEW_LEAD_VALUE".into())]);
    let nodes = seen.partial()["opportunity"]["activity"]["nodes"].as_array().expect("entries").clone();
    assert_eq!(nodes[0]["changes"], json!([{ "field": "source", "before": null, "after": "fair" }]));
    let fields: Vec<&Value> =
        nodes[1]["changes"].as_array().expect("changes").iter().map(|change| &change["field"]).collect();
    assert_eq!(fields, ["name", "contact", "stage", "status"]);
    for value in ["50123", "50999"] {
        assert!(!seen.text.contains(value), "{}", seen.text);
    }
}

// A9
#[rstest]
#[tokio::test]
async fn the_details_of_colleagues_need_manage_users(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let bob = world.user("Bob").restricted().create().await;
    let list = "{ users { nodes { name picture email role permissions onlyAssignedData isActive } } }";
    let answer = ada.reads(list).await;
    answer.has_errors([
        "FORBIDDEN users.nodes.1.email",
        "FORBIDDEN users.nodes.1.isActive",
        "FORBIDDEN users.nodes.1.onlyAssignedData",
        "FORBIDDEN users.nodes.1.permissions",
        "FORBIDDEN users.nodes.1.role",
    ]);
    assert!(
        needs(&answer).iter().all(|needs| *needs == ("user.details".to_owned(), "MANAGE_USERS".to_owned()))
    );
    let nodes = &answer.partial()["users"]["nodes"];
    assert_eq!(
        nodes[1],
        json!({
            "name": "Bob", "picture": null, "email": null, "role": null, "permissions": null,
            "onlyAssignedData": null, "isActive": null
        })
    );
    assert_eq!(nodes[0]["email"], ada.row().await.email);
    assert_eq!(nodes[0]["role"], "USER");

    ada.is_granted(ManageUsers).await;
    let answer = ada.reads(list).await;
    let nodes = &answer.data()["users"]["nodes"];
    assert_eq!(nodes[1]["email"], bob.row().await.email);
    assert_eq!(nodes[1]["onlyAssignedData"], true);
    assert_eq!(nodes[1]["isActive"], true);
    assert_eq!(nodes[1]["permissions"].as_array().map(Vec::len), Some(8));
}

// A9
#[test]
fn the_schema_shows_the_need_as_a_directive() {
    let schema = retinue::graphql::sdl();
    let field = |line: &str| schema.lines().filter(|text| text.trim() == line).count();
    let lead_value = "@needs(permission: VIEW_LEAD_VALUE)";
    assert_eq!(field(&format!("monetaryValue: Money {lead_value}")), 2);
    assert_eq!(field(&format!("monetaryValue: AmountFilter {lead_value}")), 1);
    assert_eq!(field(&format!("MONETARY_VALUE {lead_value}")), 1);
    assert_eq!(field(&format!("monetaryValue: Decimal {lead_value}")), 2);
    assert_eq!(field(&format!("value: Money {lead_value}")), 2);
    let users = "@needs(permission: MANAGE_USERS)";
    for detail in [
        "email: String",
        "role: Role",
        "permissions: [Permission!]",
        "onlyAssignedData: Boolean",
        "isActive: Boolean",
    ] {
        assert_eq!(field(&format!("{detail} {users}")), 1, "{detail}");
    }
    assert_eq!(
        schema.matches("@needs(permission:").count(),
        13 + schema.matches("directive @needs(permission:").count()
    );
}
